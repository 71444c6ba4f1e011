"""Questions answered with a number that is written."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assessments.definition import DecimalItem, IntegerItem, ScaleItem
from assessments.forms.field import QuestionField, declining_box
from assessments.forms.sent import Sent
from assessments.forms.texts import TextSent
from assessments.wording import Words, plain_number

LONGEST = 30
WHOLE = re.compile(r"[+-]?\d{1,15}")
WITH_DECIMALS = re.compile(r"[+-]?(?=.*\d)\d{0,15}(?:[.,\u066b]\d{0,15})?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
"""May be a number with three decimals, or one thousand and more: only the language's own mark tells."""


class NumberField(QuestionField):
    """In any script's digits, with a point or a comma before decimals, with or without blanks between thousands."""

    item: IntegerItem | DecimalItem | ScaleItem
    style = "number"
    is_group = False

    def __init__(self, item: IntegerItem | DecimalItem | ScaleItem, words: Words) -> None:
        super().__init__(item, words, TextSent())
        self.unit = "" if isinstance(item, ScaleItem) else words.of(item.unit)
        self.describes = ("unit",) if self.unit else ()

    @property
    def hint(self) -> str:
        return capfirst(f"{self.range}.") if self.range else ""

    @property
    def range(self) -> str:
        """From where to where, in words; empty where there is no end."""
        if isinstance(self.item, ScaleItem):
            low, high = self.words.ends(self.item)
        else:
            ends = (self.item.minimum, self.item.maximum)
            low, high = ("" if end is None else plain_number(end) for end in ends)
        if low and high:
            return gettext("from %(low)s to %(high)s") % {"low": low, "high": high}
        if low or high:
            return (gettext("%(low)s or more") if low else gettext("%(high)s or less")) % {"low": low, "high": high}
        return ""

    def shown(self, answer: Any) -> tuple[str, ...]:
        return (plain_number(answer),)

    def read(self, values: tuple[str, ...]) -> float:
        written = re.sub(r"\s", "", values[0]).replace("−", "-")
        return self._decimal(written) if isinstance(self.item, DecimalItem) else self._whole(written)

    def inputs(self, name: str, auto_id: str, sent: Sent, describing: SafeString) -> SafeString:
        return format_html(
            '<div class="number"><input type="text" class="box" name="{}" id="{}" inputmode="{}" maxlength="{}" '
            'autocomplete="off" value="{}"{}>{}</div>{}',
            name,
            auto_id,
            self._keyboard(),
            LONGEST,
            "".join(sent.values),
            describing,
            format_html('<span class="number__unit" id="{}_unit">{}</span>', auto_id, self.unit) if self.unit else "",
            declining_box(self, name, auto_id, sent),
        )

    def fault(self, key: str) -> ValidationError:
        if key == "too_precise" and isinstance(self.item, DecimalItem):
            words = ngettext(
                "Write at most %(places)s decimal.", "Write at most %(places)s decimals.", self.item.places
            )
            return ValidationError(words, key, {"places": self.item.places})
        if key in {"out_of_range", "unknown_value"}:
            return ValidationError(_("Write a number: %(range)s."), key, {"range": self.range})
        return ValidationError(self._how(), key)

    def missing(self) -> ValidationError:
        words = _("Write a number, or choose the box below it.") if self.declined else _("Write a number.")
        return ValidationError(words, "required")

    def _whole(self, written: str) -> int:
        if not WHOLE.fullmatch(written):
            raise self.fault("wrong_type")
        return int(written)

    def _decimal(self, written: str) -> float:
        if not WITH_DECIMALS.fullmatch(written):
            raise self.fault("wrong_type")
        thousands = THOUSANDS.fullmatch(written)
        if thousands and thousands[1] != get_format("DECIMAL_SEPARATOR"):
            raise ValidationError(_("Write the number without a mark between thousands."), "ambiguous")
        return float(re.sub(r"[,\u066b]", ".", written)) + 0.0  # no negative zero

    def _how(self) -> str:
        if isinstance(self.item, DecimalItem):
            return gettext("Write a number with digits, such as %(example)s.") % {"example": plain_number(12.5)}
        return gettext("Write a whole number with digits, such as 12.")

    def _keyboard(self) -> str:
        """A phone's keyboard for numbers often has no minus."""
        if self.item.minimum is not None and self.item.minimum < 0:
            return "text"
        return "decimal" if isinstance(self.item, DecimalItem) else "numeric"

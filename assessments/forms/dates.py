"""Questions answered with a day: three inputs, because a browser's own date input drops what it cannot read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.definition import DateItem
from assessments.forms.field import QuestionField, declining_box
from assessments.forms.sent import DECLINED, Sent, declining_name, texts_sent
from assessments.wording import Words, day_in_words

PARTS: dict[str, tuple[Promise, int]] = {"year": (_("Year"), 4), "month": (_("Month"), 2), "day": (_("Day"), 2)}
"""By name: its label, and how many digits it has."""
LETTERS = {"year": "Yyo", "month": "FMNmnbE", "day": "jd"}
"""What each part is written with in Django's formats."""
OLDEST_YEAR = 1000


class DaySent(forms.Widget):
    """The values of ``PARTS``, in their order."""

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Sent:
        names = [f"{name}-{part}" for part in PARTS]
        texts = tuple("".join(texts_sent(data, part)[-1:]) for part in names)
        declined = DECLINED in texts_sent(data, declining_name(name))
        return Sent(texts, declined, declined or any(part in data for part in names))


class DateField(QuestionField):
    item: DateItem
    style = "date"

    def __init__(self, item: DateItem, words: Words) -> None:
        super().__init__(item, words, DaySent())

    @property
    def hint(self) -> str:
        return capfirst(f"{self.range}.") if self.range else ""

    @property
    def range(self) -> str:
        """From when to when, in words; empty where there is no end."""
        early, late = (day and day_in_words(day.isoformat()) for day in (self.item.earliest, self.item.latest))
        if early and late:
            return gettext("from %(early)s to %(late)s") % {"early": early, "late": late}
        if early:
            return gettext("%(early)s or later") % {"early": early}
        return gettext("%(late)s or earlier") % {"late": late} if late else ""

    def shown(self, answer: Any) -> tuple[str, ...]:
        return tuple(part.lstrip("0") for part in str(answer).split("-"))

    def read(self, values: tuple[str, ...]) -> str:
        if not all(re.fullmatch(r"\d{1,4}", value) for value in values):
            raise ValidationError(_("Write the day, the month and the year in digits."), "wrong_type")
        year, month, day = map(int, values)
        if year < OLDEST_YEAR:
            raise ValidationError(_("Write the year with four digits."), "wrong_type")
        try:
            return date(year, month, day).isoformat()
        except ValueError as error:
            raise ValidationError(_("There is no such day. Look at the day and the month."), "wrong_type") from error

    def inputs(self, name: str, auto_id: str, sent: Sent, describing: SafeString) -> SafeString:
        values = dict(zip(PARTS, sent.values, strict=False))
        boxes = format_html_join(
            "\n",
            '<div class="day__part"><label for="{}-{}">{}</label><input type="text" class="box day__{}" name="{}-{}" '
            'id="{}-{}" inputmode="numeric" maxlength="4" autocomplete="off" value="{}"></div>',
            (
                (auto_id, part, PARTS[part][0], part, name, part, auto_id, part, values.get(part, ""))
                for part in parts_in_order()
            ),
        )
        return format_html('<div class="day">{}</div>{}', boxes, declining_box(self, name, auto_id, sent))

    def first_input(self, auto_id: str) -> str:
        return f"{auto_id}-{parts_in_order()[0]}"

    def fault(self, key: str) -> ValidationError:
        return ValidationError(_("Write a date: %(range)s."), key, {"range": self.range})

    def missing(self) -> ValidationError:
        words = _("Write a date, or choose the box below it.") if self.declined else _("Write a date.")
        return ValidationError(words, "required")


def parts_in_order() -> list[str]:
    """The parts of a date as the language writes them."""
    written = re.sub(r"\\.", "", get_format("DATE_FORMAT"))
    return sorted(PARTS, key=lambda part: min((written + LETTERS[part]).index(letter) for letter in LETTERS[part]))

"""Questions answered by choosing: radio buttons, checkboxes, a short scale as a row of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.definition import MultipleChoiceItem, ScaleItem
from assessments.forms.field import QuestionField
from assessments.forms.sent import DECLINED, Sent, texts_sent
from assessments.wording import Words

MOST_IN_A_LINE = 5
LONGEST_IN_A_LINE = 28
"""More answers, or longer ones (in characters), stand below each other at every width."""
MOST_STEPS = 11
"""A scale with more steps than that is answered by writing the number."""


class ChoicesSent(forms.Widget):
    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Sent:
        sent = texts_sent(data, name)
        return Sent(tuple(text for text in sent if text not in {"", DECLINED}), DECLINED in sent, name in data)


class ChoiceField(QuestionField):
    """One of the answers shown."""

    input_type: ClassVar[str] = "radio"
    has_declining_box = False

    def __init__(self, item: Any, words: Words) -> None:
        super().__init__(item, words, ChoicesSent())
        self.choices: list[tuple[str, str]] = [(str(value), label) for value, label in words.choices(item).items()]
        in_a_line = len(self.choices) <= MOST_IN_A_LINE
        self.style = "line" if in_a_line and all(len(label) <= LONGEST_IN_A_LINE for _, label in self.choices) else ""

    def read(self, values: tuple[str, ...]) -> int:
        if len(values) > 1:
            raise ValidationError(_("Choose only one answer."), "several")
        return self._known(values)[0]

    def inputs(self, name: str, auto_id: str, sent: Sent, describing: SafeString) -> SafeString:
        return self._rows(name, auto_id, [*self.choices, *self._declining()], sent)

    def first_input(self, auto_id: str) -> str:
        return f"{auto_id}_0"

    def fault(self, key: str) -> ValidationError:
        return ValidationError(_("Choose one of the answers shown."), key)

    def missing(self) -> ValidationError:
        words = _("Choose an answer. If none fits, choose the last one.") if self.declined else _("Choose an answer.")
        return ValidationError(words, "required")

    def _known(self, values: tuple[str, ...]) -> list[int]:
        """The values of these choices. Raises ValidationError."""
        if not {value for value, _label in self.choices}.issuperset(values):
            raise self.fault("unknown_value")
        return [int(value) for value in values]

    def _declining(self) -> list[tuple[str, str]]:
        return [(DECLINED, self.declined)] if self.declined else []

    def _rows(
        self, name: str, auto_id: str, choices: Sequence[tuple[str, str]], sent: Sent, after: int = 0
    ) -> SafeString:
        chosen = {*sent.values, DECLINED} if sent.declined else set(sent.values)
        rows = (
            f'<div class="choice{" choice--declined" if value == DECLINED else ""}">'
            f'<input class="choice__input" type="{self.input_type}" name="{name}" id="{auto_id}_{number}"'
            f' value="{value}"{" checked" if value in chosen else ""}>'
            f'<label class="choice__label" for="{auto_id}_{number}">{escape(label)}</label></div>\n'
            for number, (value, label) in enumerate(choices, after)
        )
        return SafeString("".join(rows))


class SeveralField(ChoiceField):
    """Any number of the answers shown. An empty hidden input says that the page held the question."""

    input_type = "checkbox"
    item: MultipleChoiceItem

    def __init__(self, item: MultipleChoiceItem, words: Words) -> None:
        super().__init__(item, words)
        self.style = ""

    @property
    def hint(self) -> str:
        if self.item.at_most is None:
            return gettext("Choose all that apply.")
        return gettext("Choose up to %(number)s.") % {"number": self.item.at_most}

    def read(self, values: tuple[str, ...]) -> Any:
        return self._known(values)

    def shown(self, answer: Any) -> tuple[str, ...]:
        return tuple(map(str, answer))

    def inputs(self, name: str, auto_id: str, sent: Sent, describing: SafeString) -> SafeString:
        held = format_html('<input type="hidden" name="{}" value="">', name)
        return held + super().inputs(name, auto_id, sent, describing)

    def fault(self, key: str) -> ValidationError:
        if key != "too_many":
            return super().fault(key)
        alone = [self.words.of(o.text) for o in self.words.definition.options(self.item) if o.exclusive]
        if alone and self.item.at_most is None:
            return ValidationError(_("“%(choice)s” cannot be chosen with others."), key, {"choice": alone[0]})
        return ValidationError(_("Choose fewer answers."), key)


class ScaleField(ChoiceField):
    """A short scale: its numbers in a row, the words of both ends above it."""

    item: ScaleItem
    describes = ("ends",)

    def __init__(self, item: ScaleItem, words: Words) -> None:
        super().__init__(item, words)
        self.style, self.choices = "scale", [(str(value), str(value)) for value in item.values]

    def inputs(self, name: str, auto_id: str, sent: Sent, describing: SafeString) -> SafeString:
        steps = self._rows(name, auto_id, self.choices, sent)
        return format_html(
            '<div class="scale"><p class="scale__ends" id="{}_ends"><span>{}</span> <span>{}</span></p>'
            '<div class="scale__steps">{}</div></div>{}',
            auto_id,
            *self.words.ends(self.item),
            steps,
            self._rows(name, auto_id, self._declining(), sent, after=len(self.choices)),
        )

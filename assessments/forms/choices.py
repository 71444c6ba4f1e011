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

from assessments.answers import LONGEST_OWN_WORDS
from assessments.definition import MultipleChoiceItem, ScaleItem
from assessments.forms.field import QuestionField
from assessments.forms.sent import DECLINED, OWN_WORDS, Sent, Written, own_words_name, texts_sent
from assessments.wording import Words

MOST_IN_A_LINE = 5
LONGEST_IN_A_LINE = 28
"""More answers, or longer ones (in characters), stand below each other at every width."""
MOST_STEPS = 11
"""A scale with more steps than that is answered by writing the number."""


class ChoicesSent(forms.Widget):
    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Sent:
        sent = texts_sent(data, name)
        listed = [text for text in sent if text not in {"", DECLINED, OWN_WORDS}]
        written = [Written(text) for text in texts_sent(data, own_words_name(name)) if text]
        return Sent((*listed, *written), DECLINED in sent, name in data or own_words_name(name) in data)


class ChoiceField(QuestionField):
    """One of the answers shown."""

    input_type: ClassVar[str] = "radio"
    has_declining_box = False

    def __init__(self, item: Any, words: Words) -> None:
        super().__init__(item, words, ChoicesSent())
        self.choices: list[tuple[str, str]] = [(str(value), label) for value, label in words.choices(item).items()]
        self.has_own_words = getattr(item, "own_words", False)
        in_a_line = len(self.choices) <= MOST_IN_A_LINE and not self.has_own_words
        self.style = "line" if in_a_line and all(len(label) <= LONGEST_IN_A_LINE for _, label in self.choices) else ""

    def read(self, values: tuple[str, ...]) -> Any:
        if len(values) > 1:
            raise ValidationError(_("Choose only one answer."), "several")
        return self._known(values)[0]

    def shown(self, answer: Any) -> tuple[str, ...]:
        given = answer if isinstance(answer, list | tuple) else [answer]
        return tuple(Written(value) if isinstance(value, str) else str(value) for value in given)

    def inputs(self, name: str, auto_id: str, sent: Sent, describing: SafeString) -> SafeString:
        listed = [*self.choices, *self._another()]
        rows = self._rows(name, auto_id, listed, sent) + self._own_words(name, auto_id, sent)
        return rows + self._rows(name, auto_id, self._declining(), sent, after=len(listed))

    def first_input(self, auto_id: str) -> str:
        return f"{auto_id}_0"

    def fault(self, key: str) -> ValidationError:
        if key == "too_long":
            return ValidationError(_("Use at most %(limit)s characters."), key, {"limit": LONGEST_OWN_WORDS})
        return ValidationError(_("Choose one of the answers shown."), key)

    def missing(self) -> ValidationError:
        if self.has_own_words:
            return ValidationError(_("Choose an answer, or write your own."), "required")
        words = _("Choose an answer. If none fits, choose the last one.") if self.declined else _("Choose an answer.")
        return ValidationError(words, "required")

    def _known(self, values: tuple[str, ...]) -> list[int | str]:
        """The values of these choices, and what was written as it is. Raises ValidationError."""
        known = {value for value, _label in self.choices}
        if any(value not in known for value in values if not isinstance(value, Written)):
            raise self.fault("unknown_value")
        return [str(value) if isinstance(value, Written) else int(value) for value in values]

    def _another(self) -> list[tuple[str, str]]:
        """A radio button cannot be let go of but by another one."""
        is_radio = self.has_own_words and self.input_type == "radio"
        return [(OWN_WORDS, gettext("Another answer"))] if is_radio else []

    def _own_words(self, name: str, auto_id: str, sent: Sent) -> SafeString:
        """The box for what is not among the answers; nothing where only those can be given."""
        if not self.has_own_words:
            return SafeString("")
        written = next((value for value in sent.values if isinstance(value, Written)), "")
        return format_html(
            '<div class="own-words"><label for="{0}">{1}</label><input type="text" class="box" name="{2}" id="{0}" '
            'maxlength="{3}" autocomplete="off" value="{4}"></div>',
            own_words_name(auto_id),
            gettext("In your own words"),
            own_words_name(name),
            LONGEST_OWN_WORDS,
            str(written),
        )

    def _declining(self) -> list[tuple[str, str]]:
        return [(DECLINED, self.declined)] if self.declined else []

    def _rows(
        self, name: str, auto_id: str, choices: Sequence[tuple[str, str]], sent: Sent, after: int = 0
    ) -> SafeString:
        chosen = {OWN_WORDS if isinstance(value, Written) else value for value in sent.values}
        chosen |= {DECLINED} if sent.declined else set()
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

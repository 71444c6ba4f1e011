"""What every kind of question has in common: its words, whether it may be declined or left open, and its faults."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assessments.answers import clean_page
from assessments.exceptions import InvalidAnswers
from assessments.forms.sent import DECLINED, Sent, declining_name
from assessments.wording import Words

CHECKED = SafeString(" checked")
UNCHECKED = SafeString("")


class Absent:
    """Cleaned value of a question that the page did not hold."""


class QuestionField(forms.Field):
    """One question. Its widget reads what was sent; here it becomes an answer as it is stored.

    The cleaned value is None where the person declined, and "" where the question was left open. What makes a valid
    answer only ``answers.clean_page`` knows; a kind knows how its answer is written (`read`, `shown`) and what to say
    when something is wrong with it (`fault`, by the problem's key).
    """

    style: str = ""
    is_group: ClassVar[bool] = True
    """Several inputs under a legend; else one input with its label."""

    has_declining_box: ClassVar[bool] = True
    """Declining is a box beside the input; else it is the last of the choices."""

    describes: tuple[str, ...] = ()
    """The endings of ids of what stands among the inputs and is read out with the question."""

    def __init__(self, item: Any, words: Words, widget: forms.Widget) -> None:
        label, help_text = words.of(item.text), words.of(item.help)
        super().__init__(required=item.required, label=label, help_text=help_text, widget=widget, initial=Sent())
        self.item, self.words = item, words

    @property
    def declined(self) -> str:
        """The words of declining; empty where it is no option."""
        return self.words.of(self.words.definition.declined) if self.item.declinable else ""

    @property
    def hint(self) -> str:
        """In our own words, what can be answered here."""
        return ""

    def read(self, values: tuple[str, ...]) -> Any:
        """The answer that these texts mean. Raises ValidationError."""
        raise NotImplementedError

    def shown(self, answer: Any) -> tuple[str, ...]:
        """The texts that this stored answer is shown as."""
        return (str(answer),)

    def inputs(self, name: str, auto_id: str, sent: Sent, describing: SafeString) -> SafeString:
        """What the person answers with; ``describing`` is the attribute that ties an input to its help and fault."""
        raise NotImplementedError

    def first_input(self, auto_id: str) -> str:
        """The id of the input that the summary of faults leads to."""
        return auto_id

    def fault(self, key: str) -> ValidationError:
        """What to say about an answer that is none, by the key that ``clean_page`` has for it."""
        raise NotImplementedError

    def stored(self, answer: Any) -> Sent:
        """What the browser would have sent for this answer."""
        return Sent(declined=True) if answer is None else Sent(() if answer == "" else self.shown(answer))

    def clean(self, value: Sent) -> Any:
        if value.is_empty:
            if self.required:
                raise self.missing()
            return "" if value.present else Absent
        if value.declined:
            return self._decline(value)
        answer = self.read(value.values)
        try:
            clean_page(self.words.definition, {self.item.id: answer})
        except InvalidAnswers as error:
            raise self.fault(error.problems[self.item.id]) from error
        return answer

    def missing(self) -> ValidationError:
        words = _("Write an answer, or choose the box below it.") if self.declined else _("Write an answer.")
        return ValidationError(words, "required")

    def _decline(self, sent: Sent) -> None:
        if not self.declined:
            raise ValidationError(_("Choose one of the answers shown."), "not_declinable")
        if any(sent.values):
            both = _("There is an answer, and “%(declined)s” is chosen too. Keep one of them.")
            raise ValidationError(both, "both", {"declined": self.declined})


def declining_box(field: QuestionField, name: str, auto_id: str, sent: Sent) -> SafeString:
    """The checkbox beside an input that declines the question; nothing where that is no option."""
    if not field.declined:
        return SafeString("")
    return format_html(
        '<div class="choice choice--declined"><input class="choice__input" type="checkbox" name="{}" id="{}" '
        'value="{}" aria-describedby="{}_label"{}><label class="choice__label" for="{}">{}</label></div>',
        declining_name(name),
        declining_name(auto_id),
        DECLINED,
        auto_id,
        CHECKED if sent.declined else UNCHECKED,
        declining_name(auto_id),
        field.declined,
    )

"""The form for one page of a questionnaire: works without JavaScript, asks the database nothing.

It renders itself (``{{ form }}``) as the reference period, the page's intro and advice, a summary of what is missing,
and one fieldset with its legend per question. The page's heading is ``form.title``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.answers import visible_in
from assessments.definition import Block, ChoiceItem, Definition, GateItem, Item, TextItem, text_for
from assessments.terms import fill

DECLINED = "declined"
"""What the browser sends for "does not apply / prefer not to say": a choice of its own, never a missing answer."""


class BlockForm(forms.Form):
    """One page. ``answers`` is what ``save_answers`` takes, once the form is valid."""

    template_name = "assessments/block_form.html"
    use_required_attribute = False  # the summary of what is missing serves everybody; the browser's bubbles don't

    title: str
    period: str
    intro: str
    advice: str
    private: bool

    @property
    def answers(self) -> dict[str, Any]:
        """The cleaned answers; None where the person declined, no key where an optional choice was left open."""
        return {name: value for name, value in self.cleaned_data.items() if value != "" or self._is_text(name)}

    def _is_text(self, name: str) -> bool:
        return not isinstance(self.fields[name], forms.ChoiceField)


def block_form(
    definition: Definition,
    block: Block,
    *,
    language: str,
    other_term: str,
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
) -> BlockForm:
    """The form for a page, in these words. ``initial`` is the whole draft: it also decides which items are visible."""
    answers = initial or {}
    words = _Words(definition, language, other_term)
    form = BlockForm(data, initial={item_id: _sent(value) for item_id, value in answers.items()})
    for item in visible_in(definition, block, answers):
        form.fields[item.id] = words.field(item)
    form.title, form.period, form.private = words.of(block.title), words.of(definition.period), block.private
    form.intro, form.advice = words.of(block.intro), words.of(block.advice)
    return form


class _Words:
    """A definition's texts in one language, about one other person."""

    def __init__(self, definition: Definition, language: str, other_term: str) -> None:
        self.definition, self.language, self.other_term = definition, language, other_term

    def of(self, texts: Mapping[str, str] | None) -> str:
        return fill(text_for(texts, self.language), self.other_term) if texts else ""

    def field(self, item: Item) -> forms.Field:
        shared = {"label": self.of(item.text), "help_text": self.of(item.help), "required": item.required}
        return self._text(item, shared) if isinstance(item, TextItem) else self._choice(item, shared)

    def _choice(self, item: ChoiceItem | GateItem, shared: dict[str, Any]) -> forms.Field:
        options = [(str(option.value), self.of(option.text)) for option in self.definition.options(item)]
        declined = [(DECLINED, self.of(self.definition.declined))] if item.declinable else []
        required = _("Choose an answer. If none fits, choose the last one.") if declined else _("Choose an answer.")
        return forms.TypedChoiceField(
            choices=options + declined,
            coerce=_received,
            widget=forms.RadioSelect,
            error_messages={
                "required": required,
                "invalid_choice": _("Choose one of the answers shown."),
            },
            **shared,
        )

    def _text(self, item: TextItem, shared: dict[str, Any]) -> forms.Field:
        return forms.CharField(
            max_length=item.max_length,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"required": _("Write an answer.")},
            **shared,
        )


def _received(value: str) -> int | None:
    return None if value == DECLINED else int(value)


def _sent(value: Any) -> Any:
    return DECLINED if value is None else value

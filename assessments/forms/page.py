"""One page of a questionnaire as a Django form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.safestring import SafeString

from assessments.answers import visible_in
from assessments.definition import (
    Block,
    BooleanItem,
    ChoiceItem,
    DateItem,
    DecimalItem,
    Definition,
    DisplayItem,
    GateItem,
    Group,
    IntegerItem,
    Item,
    MultipleChoiceItem,
    ScaleItem,
    TextItem,
)
from assessments.forms import markup
from assessments.forms.choices import MOST_STEPS, ChoiceField, ScaleField, SeveralField
from assessments.forms.dates import DateField
from assessments.forms.field import Absent, QuestionField
from assessments.forms.numbers import NumberField
from assessments.forms.texts import TextField
from assessments.wording import Words

FIELDS: Mapping[type, Callable[[Any, Words], QuestionField]] = {
    ChoiceItem: ChoiceField,
    GateItem: ChoiceField,
    BooleanItem: ChoiceField,
    MultipleChoiceItem: SeveralField,
    IntegerItem: NumberField,
    DecimalItem: NumberField,
    ScaleItem: lambda item, words: (ScaleField if len(item.values) <= MOST_STEPS else NumberField)(item, words),
    DateItem: DateField,
    TextItem: TextField,
}


class BlockForm(forms.Form):
    """One page. ``answers`` is what ``save_answers`` takes, once the form is valid or at least cleaned."""

    template_name = "assessments/block_form.html"
    use_required_attribute = False  # the summary of what is missing serves everybody; the browser's bubbles don't

    title: str
    period: str
    intro: str
    advice: str
    private: bool
    words: Words
    items: Sequence[Item]
    heading_level: int

    @property
    def answers(self) -> dict[str, Any]:
        """The cleaned answers: None where the person declined, "" where a question was left open again."""
        return {name: value for name, value in self.cleaned_data.items() if value is not Absent}

    @property
    def is_incomplete(self) -> bool:
        """Whether all that is wrong with the page is that something is missing."""
        faults = self.errors.as_data().values()
        return all(fault.code == "required" for found in faults for fault in found)

    @property
    def theirs(self) -> SafeString:
        """The attributes that name the questionnaire's language, where the page around is in another."""
        return markup.foreign(self.words.language)

    @property
    def ours(self) -> SafeString:
        """The attributes that name the page's language again, for our own words within that."""
        return markup.written_in(markup.page_language()) if self.theirs else markup.NOTHING

    @property
    def faults(self) -> Iterator[dict[str, str]]:
        """What the summary lists: each question with its fault, and the input it leads to."""
        for name, found in self.errors.items():
            field, auto_id = cast(QuestionField, self.fields[name]), self[name].auto_id
            label = self.words.question(field.item)
            yield {"input": field.first_input(auto_id), "label": label, "fault": str(found[0])}

    @property
    def parts(self) -> SafeString:
        """Everything on the page, in order: a heading where a group begins, words to read, and the questions."""
        return markup.joined(self._parts())

    def _parts(self) -> Iterator[SafeString]:
        begun, ours = set[str](), self.ours
        for item in self.items:
            groups = self.words.definition.groups_of(item)
            for group in groups:
                if group.id not in begun:
                    begun.add(group.id)
                    yield markup.heading(group, self.words, self._level(group, groups))
            if isinstance(item, DisplayItem):
                yield markup.words_to_read(item, self.words)
            else:
                yield markup.question(self[item.id], ours=ours)

    def _level(self, group: Group, around: Sequence[Group]) -> int | None:
        """The level of a group's heading: one below the page's, one more within each other; None where there is none.

        A group whose title heads the page already is not named again.
        """
        named = [each.id for each in around if self.words.of(each.title) not in {"", self.title}]
        return self.heading_level + named.index(group.id) if group.id in named else None


def block_form(
    definition: Definition,
    block: Block,
    *,
    language: str,
    other_term: str,
    seed: str = "",
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
) -> BlockForm:
    """The form for a page, in these words. ``initial`` is the whole draft: it also decides which items are visible.

    ``seed`` is the person's own: it orders the questions of a page that is shuffled.
    """
    answers = initial or {}
    words = Words(definition, definition.language_for(language), other_term)
    return page_form(words, block, visible_in(definition, block, answers, seed=seed), data=data, initial=answers)


def page_form(
    words: Words,
    block: Block,
    items: Sequence[Item],
    *,
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any],
    heading_level: int = 2,
) -> BlockForm:
    """The form with these of the page's items."""
    form = BlockForm(data)
    for item in items:
        if not isinstance(item, DisplayItem):
            field = form.fields[item.id] = FIELDS[type(item)](item, words)
            if item.id in initial:
                form.initial[item.id] = field.stored(initial[item.id])
    form.words, form.items, form.heading_level = words, items, heading_level
    form.title, form.period = words.of(words.definition.heading(block)), words.of(words.definition.period)
    form.intro, form.advice = words.of(block.intro), words.of(block.advice)
    form.private = words.definition.is_private(block)
    return form

"""A questionnaire's texts and a person's answers in words: the same on the client's pages and on those of staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from assessments.definition import (
    BooleanItem,
    DateItem,
    DecimalItem,
    Definition,
    IntegerItem,
    Item,
    MultipleChoiceItem,
    ScaleItem,
    text_for,
)
from assessments.terms import fill, other_term

NO_WORDS = _("No answer")


class Words(NamedTuple):
    """A definition's texts in one of its languages, about one other person ("my mother")."""

    definition: Definition
    language: str
    other_term: str

    @classmethod
    def about(cls, definition: Definition, language: str, role: str = "partner") -> Words:
        """In the language wanted, or the one that the texts fall back to, about somebody with this role."""
        spoken = definition.language_for(language)
        return cls(definition, spoken, other_term(role, spoken))

    def of(self, texts: Mapping[str, str] | None) -> str:
        if not texts:
            return ""
        text = texts.get(self.language) or text_for(texts, self.language)
        return fill(text, self.other_term) if "{" in text else text

    def question(self, item: Item) -> str:
        """What is asked, after the number or letter it goes by."""
        return f"{item.prefix or ''} {self.of(item.text)}".strip()

    def choices(self, item: Item) -> dict[int, str]:
        """What can be chosen, by its stored value; yes and no in the questionnaire's own language."""
        if isinstance(item, BooleanItem):
            return yes_and_no(self.language)
        return {option.value: self.of(option.text) for option in self.definition.options(item)}

    def answer(self, item: Item, answer: Any) -> str:
        """A stored answer as it read when it was given; empty where the question was left open."""
        if answer is None:
            return self.of(self.definition.declined) or str(NO_WORDS)
        if answer in ("", []):
            return ""
        with override(self.language):
            return self._given(item, answer)

    def _given(self, item: Item, answer: Any) -> str:
        match item:
            case MultipleChoiceItem():
                return "; ".join(self._chosen(item, value) for value in _each(answer))
            case IntegerItem() | DecimalItem():
                return f"{plain_number(answer)} {self.of(item.unit)}".strip()
            case ScaleItem():
                return f"{plain_number(answer)} ({' – '.join(self.ends(item))})"
            case DateItem():
                return day_in_words(answer)
        return self._chosen(item, answer)

    def _chosen(self, item: Item, value: Any) -> str:
        return self.choices(item).get(value, str(value))

    def ends(self, item: ScaleItem) -> tuple[str, str]:
        """Both ends of a scale, each with its words: "0 = Not at all", "10 = Fully"."""
        ends = ((item.minimum, self.of(item.low)), (item.values[-1], self.of(item.high)))
        low, high = (f"{value} = {words}" if words else str(value) for value, words in ends)
        return low, high


def answer_in_words(definition: Definition, item: Item, answer: Any, language: str, role: str = "partner") -> str:
    """One stored answer in words, where it speaks of the other person as somebody with this role."""
    return Words.about(definition, language, role).answer(item, answer)


def yes_and_no(language: str) -> dict[int, str]:
    """By stored value. Django has these words in many more languages than we do."""
    with override(language):
        yes, no, *_rest = gettext("yes,no,maybe").split(",")
    return {1: yes.capitalize(), 0: no.capitalize()}


def plain_number(value: float) -> str:
    """Without zeros that say nothing, with the mark that the language writes before decimals."""
    return number_format(int(value) if value == int(value) else value)


def day_in_words(day: str) -> str:
    """An ISO date, "2026-11-24", as the language writes it."""
    try:
        return date_format(date.fromisoformat(day))
    except (TypeError, ValueError):
        return str(day)


def _each(answer: Any) -> list[Any]:
    """What was chosen; an alert carries the value that raised it alone."""
    return list(answer) if isinstance(answer, list | tuple) else [answer]

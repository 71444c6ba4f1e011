"""Whether one question's answers count what a key says, from the one end or the other. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from assessments.definition import BooleanItem, ChoiceItem, Definition, GateItem, IntegerItem, Option, ScaleItem
from assessments.scoring_keys.keys import AnswerList, KeyItem, ScoringKey

Labels = Mapping[str, Mapping[str, float]]
"""By answer list: what the answers of this wording count, before any reversal."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """A key's item and the question that asks it.

    ``points`` by stored value, where the questionnaire itself gives none. ``reversed``: the score still has to count it
    from the other end. ``mirrored``: its answers are printed from the other end, each with its own points.
    ``problem``: why it does not fit.
    """

    number: int
    item: str
    points: Mapping[int, float] | None = None
    reversed: bool = False
    mirrored: bool = False
    note: str = ""
    problem: str = ""


def are_answers_of(answers: AnswerList, options: Sequence[Option]) -> bool:
    """Whether the codes of these options are the list's, or numbers that are its points."""
    return _coded(options, answers) or sorted(_numbers(options) or ()) == sorted(answers.points)


def pair(definition: Definition, key: ScoringKey, expected: KeyItem, item: Any, labels: Labels) -> Pairing:
    """Hold one question against one item of the key."""
    answers = key.answers_of(expected)
    if isinstance(item, ChoiceItem | GateItem):
        return _pair_choice(definition, answers, expected, item, labels.get(expected.answers, {}))
    if isinstance(item, ScaleItem | IntegerItem | BooleanItem):
        return _pair_number(definition, answers, expected, item)
    return _unfit(expected, item, "is not answered with one of the item's answers")


def known_labels(definition: Definition, key: ScoringKey, asked: Sequence[Any]) -> dict[str, dict[str, float]]:
    """What each wording counts in the questions that are not reversed: so that reversed ones can be told apart."""
    labels: dict[str, dict[str, float]] = {}
    for expected, item in zip(key.items, asked, strict=True):
        if isinstance(item, ChoiceItem) and not expected.reversed:
            for option in definition.options(item):
                labels.setdefault(expected.answers, {})[_label(option)] = option.points
    return labels


def alert_value(definition: Definition, pairing: Pairing, points: float) -> int | None:
    """The stored answer from which on this many points are reached; None where values do not rise with points."""
    item = definition.question(pairing.item)
    if not isinstance(item, ChoiceItem | GateItem):
        return ceil(points)
    counts = pairing.points or {option.value: option.points for option in definition.options(item)}
    least = min((value for value, count in counts.items() if count >= points), default=None)
    if least is None or any((count >= points) != (value >= least) for value, count in counts.items()):
        return None
    return least


def _pair_choice(
    definition: Definition, answers: AnswerList, expected: KeyItem, item: Any, labels: Mapping[str, float]
) -> Pairing:
    options = definition.options(item)
    if len(options) != len(answers.points):
        said = f"has {len(options)} answers where item {expected.number} has {len(answers.points)}"
        return _unfit(expected, item, said)
    raw, certain = _printed(options, answers, labels if expected.reversed else {})
    given = _given(item, options, raw if _coded(options, answers) else None)
    if given is None:
        return _unfit(expected, item, "has answers with neither points nor codes that the key knows")
    if not expected.reversed and not certain and isinstance(item, ChoiceItem) and given == raw[::-1] != raw:
        return Pairing(expected.number, item.id, mirrored=True)
    if given != raw and not (expected.reversed and given == _turned(raw)):
        said = f"counts {_listed(given)} where item {expected.number} counts {_listed(raw)}, in the order of the form"
        return _unfit(expected, item, said)
    points = dict(zip((o.value for o in options), given, strict=True)) if isinstance(item, GateItem) else None
    still = expected.reversed and given == raw
    note = "" if certain or not expected.reversed else _reversal_note(expected, still=still)
    return Pairing(expected.number, item.id, points, still, note=note)


def _pair_number(definition: Definition, answers: AnswerList, expected: KeyItem, item: Any) -> Pairing:
    ends = definition.ends(item)
    if ends != (min(answers.points), max(answers.points)) or getattr(item, "step", 1) != 1:
        said = f"does not run from {min(answers.points):g} to {max(answers.points):g} like item {expected.number}"
        return _unfit(expected, item, said)
    note = _reversal_note(expected, still=True) if expected.reversed else ""
    if answers.points[0] > answers.points[-1]:
        note = f"Item {expected.number} is printed from {answers.points[0]:g} down. Check which end its numbers mean."
    return Pairing(expected.number, item.id, None, expected.reversed, note=note)


def _printed(
    options: Sequence[Option], answers: AnswerList, labels: Mapping[str, float]
) -> tuple[tuple[float, ...], bool]:
    """What these options should count before any reversal, and whether codes or wordings say so, not only the order."""
    if _coded(options, answers):
        counts = answers.points_by_code
        return tuple(counts[option.coding.code] for option in options if option.coding), True
    if {_label(option) for option in options} <= set(labels):
        return tuple(labels[_label(option)] for option in options), True
    return answers.points, False


def _coded(options: Sequence[Option], answers: AnswerList) -> bool:
    """Whether the options have one code of each of the list's answers."""
    codes = {option.coding.code for option in options if option.coding}
    one_each = all(len(codes.intersection(alternatives)) == 1 for alternatives in answers.codes)
    return bool(answers.codes) and len(codes) == len(options) == len(answers.codes) and one_each


def _given(item: Any, options: Sequence[Option], by_code: tuple[float, ...] | None) -> tuple[float, ...] | None:
    """The points in the questionnaire: its own, else those of known codes, else codes that are numbers."""
    if isinstance(item, ChoiceItem):
        return tuple(option.points for option in options)
    if by_code is not None:
        return by_code
    return _numbers(options)


def _numbers(options: Sequence[Option]) -> tuple[float, ...] | None:
    try:
        return tuple(float(option.coding.code if option.coding else "") for option in options)
    except ValueError:
        return None


def _turned(points: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(min(points) + max(points) - one for one in points)


def _label(option: Option) -> str:
    return next(iter(option.text.values()))


def _listed(points: tuple[float, ...]) -> str:
    return ", ".join(f"{one:g}" for one in points)


def _reversal_note(expected: KeyItem, *, still: bool) -> str:
    how = "and is counted from the other end" if still else "and its points are taken as turned round already"
    return f"Item {expected.number} is a reversed one {how}. Check that against the form."


def _unfit(expected: KeyItem, item: Any, said: str) -> Pairing:
    return Pairing(expected.number, item.id, problem=f'question "{item.link_id or item.id}" {said}')

"""Signs that a response was given without reading it, or not in private. Pure.

One sign alone happens to careful people; two make a response one not to draw patterns from. Safety is never judged by
them. The signs and why these: Meade and Craig (2012), Huang et al. (2012), Curran (2016).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any, Literal

from assessments.answers import asked_order, visible_questions
from assessments.definition import Answers, BooleanItem, ChoiceItem, Definition, Question, Scale, ScaleItem

SignalKey = Literal["attention", "speed", "longstring", "contradictions", "missing"]
EXTREMES_FROM = 4
"""Of fewer answers to choose from, the first and the last are no extremes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From where on a sign counts, and how many signs make a response invalid. Judgements, not norms."""

    attention_failed: int = 1
    seconds_per_item: float = 2.0
    longstring: int = 12
    contradictions: int = 3
    missing_share: float = 0.25
    signals: int = 2


DEFAULTS = Thresholds()


@dataclass(frozen=True, slots=True)
class QualitySignal:
    """One sign: the number ``seen``, the ``threshold`` it passed, and the ``items`` it was seen in."""

    key: SignalKey
    seen: float
    threshold: float
    items: tuple[str, ...]


def quality_signals(
    definition: Definition,
    answers: Answers,
    item_seconds: Mapping[str, float],
    *,
    seed: str = "",
    thresholds: Thresholds = DEFAULTS,
) -> tuple[QualitySignal, ...]:
    """The signs in one response, at most one of each kind.

    ``item_seconds``: how long each item took, as far as known. ``seed``: the one that shuffled pages were asked with.
    """
    scored = {item for scale in definition.scales for item in scale.items}
    visible = {question.id: question for question in visible_questions(definition, answers)}
    order = (item.id for block in definition.blocks for item in asked_order(block, seed))
    asked = [visible[item] for item in order if item in scored and item in visible]
    signals = (
        _attention(visible.values(), answers, thresholds.attention_failed),
        _speed(visible, answers, item_seconds, thresholds.seconds_per_item),
        _longstring(definition, asked, answers, thresholds.longstring),
        _contradictions(definition, asked, answers, thresholds.contradictions),
        _missing(asked, answers, thresholds.missing_share),
    )
    return tuple(signal for signal in signals if signal is not None)


def is_invalid(signals: Sequence[QualitySignal], thresholds: Thresholds = DEFAULTS) -> bool:
    """Whether there are enough signs to draw no patterns from the response."""
    return len(signals) >= thresholds.signals


def privacy_compromised(definition: Definition, answers: Answers) -> tuple[str, ...]:
    """The items whose answers say that somebody else was there or could read along; empty when none does."""
    return tuple(sign.item for sign in definition.privacy if answers.get(sign.item) == sign.equals)


def _attention(questions: Iterable[Question], answers: Answers, threshold: int) -> QualitySignal | None:
    """Another answer than the one asked for (an instructed response item). Declining to give one is none."""
    failed = tuple(
        item.id
        for item in questions
        if isinstance(item, ChoiceItem) and item.expected is not None
        if answers.get(item.id) not in (None, item.expected)
    )
    return QualitySignal("attention", len(failed), threshold, failed) if len(failed) >= threshold else None


def _speed(
    visible: Iterable[str], answers: Answers, item_seconds: Mapping[str, float], threshold: float
) -> QualitySignal | None:
    """Half of the answers took less than can be read in (2 seconds: Huang et al. 2012)."""
    timed = tuple(item for item in visible if item in answers and item in item_seconds)
    if not timed:
        return None
    seen = median(item_seconds[item] for item in timed)
    return QualitySignal("speed", seen, threshold, timed) if seen < threshold else None


def _longstring(
    definition: Definition, asked: Sequence[Question], answers: Answers, threshold: int
) -> QualitySignal | None:
    """The same place chosen over and over, in questions of both keys (Johnson 2005).

    Where all are keyed the same way, the same answer to all may well be meant. What was left open does not interrupt;
    declining does, and so does a number or a question with several answers.
    """
    keys = _keys(definition)
    placed = ((_place(definition, item, answers[item.id]), item.id) for item in asked if item.id in answers)
    runs = (tuple(item for _, item in run) for place, run in groupby(placed, lambda pair: pair[0]) if place is not None)
    mixed = [run for run in runs if {key for item in run for key in keys[item]} == {True, False}]
    longest = max(mixed, key=len, default=())
    return QualitySignal("longstring", len(longest), threshold, longest) if len(longest) >= threshold else None


def _contradictions(
    definition: Definition, asked: Sequence[Question], answers: Answers, threshold: int
) -> QualitySignal | None:
    """Two opposite questions of one scale, both answered at the same extreme (semantic antonyms, Curran 2016).

    Each item counts in one contradiction at most. A mirror's two sides ("I listen", "my partner listens") are no
    opposites: the same answer to both is what a balanced couple gives.
    """
    extreme = {item.id: end for item in asked if (end := _extreme(definition, item, answers.get(item.id))) is not None}
    pairs: list[tuple[str, str]] = []
    for scale in definition.scales:
        for end in ("first", "last"):
            used = {item for pair in pairs for item in pair}
            there = [item for item in scale.items if extreme.get(item) == end and item not in used]
            rising = [item for item in there if _rises(definition, scale, item)]
            falling = [item for item in there if item not in rising]
            pairs += zip(rising, falling, strict=False)
    items = tuple(item for pair in pairs for item in pair)
    return QualitySignal("contradictions", len(pairs), threshold, items) if len(pairs) >= threshold else None


def _missing(asked: Sequence[Question], answers: Answers, threshold: float) -> QualitySignal | None:
    """Too many of the scored questions that were asked have no answer: declined or left open."""
    missing = tuple(item.id for item in asked if answers.get(item.id) is None)
    share = len(missing) / max(len(asked), 1)
    return QualitySignal("missing", share, threshold, missing) if share > threshold else None


def _place(definition: Definition, item: Question, answer: object) -> tuple[int, int] | None:
    """How many answers there were to choose from and which was chosen; None where declined or nothing to choose."""
    choices = _choices(definition, item)
    return (len(choices), choices.index(answer)) if answer in choices else None


def _choices(definition: Definition, item: Question) -> Sequence[Any]:
    if isinstance(item, ChoiceItem):
        return [option.value for option in definition.options(item)]
    if isinstance(item, ScaleItem):
        return item.values
    return (0, 1) if isinstance(item, BooleanItem) else ()


def _extreme(definition: Definition, item: Question, answer: object) -> str | None:
    place = _place(definition, item, answer)
    if place is None or place[0] < EXTREMES_FROM:
        return None
    return {0: "first", place[0] - 1: "last"}.get(place[1])


def _keys(definition: Definition) -> dict[str, set[bool]]:
    """Which ways each item is keyed: towards more of the scale, towards less, or both in different scales."""
    keys: dict[str, set[bool]] = {}
    for scale in definition.scales:
        for item in scale.items:
            keys.setdefault(item, set()).add(_rises(definition, scale, item))
    return keys


def _rises(definition: Definition, scale: Scale, item_id: str) -> bool:
    """Whether later answers count more: an item is keyed the other way by the scale or by its options' scores."""
    options = definition.options(definition.item(item_id))
    falls = bool(options) and options[-1].points < options[0].points
    return falls is (item_id in scale.reversed)

"""Which scoring key fits a questionnaire, and whether it really does: item by item, before anything is scored. Pure.

A key is found by the questionnaire's canonical URL or LOINC code, never by its name. A key that was found but does not
fit says why and is not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from assessments.definition import Coding, Definition, GateItem, Question
from assessments.definition.items import can_be_scored
from assessments.scoring_keys.answers import Pairing, alert_value, are_answers_of, known_labels, pair
from assessments.scoring_keys.keys import LOINC, ScoringKey, scoring_keys

FoundBy = Literal["url", "code", "chosen"]
LOINC_SYSTEMS = frozenset({LOINC, "urn:oid:2.16.840.1.113883.6.1"})


@dataclass(frozen=True, slots=True)
class KeyMatch:
    """A key for a questionnaire. ``found`` is the URL or code that named it, or the key's slug where a person chose it.

    ``problems`` say why it must not be used; with any of them it is not. ``notes`` are what a person should check.
    """

    key: ScoringKey
    found_by: FoundBy
    found: str
    pairings: tuple[Pairing, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def usable(self) -> bool:
        return not self.problems

    @property
    def items(self) -> dict[int, str]:
        """The questionnaire's item by the number it has in the key."""
        return {pairing.number: pairing.item for pairing in self.pairings}


def match_key(definition: Definition) -> KeyMatch | None:
    """The key named by the questionnaire's URL, else by its LOINC codes; None where neither names one."""
    found = list(_named(definition))
    if not found:
        return None
    key, by, name = found[0]
    match = check_key(definition, key, found_by=by, found=name)
    others = sorted({other.title for other, _, _ in found} - {key.title})
    if not others:
        return match
    doubt = f"its URL and codes name {', '.join([key.title, *others])}; leave one of them"
    return KeyMatch(key, by, name, match.pairings, (doubt, *match.problems), match.notes)


def suggested_keys(definition: Definition) -> tuple[ScoringKey, ...]:
    """Keys whose names the title has: for a person to choose from, never to be used unasked."""
    titles = {" ".join(title.lower().split()) for title in definition.title.values()}
    return tuple(key for key in scoring_keys() if titles & {*key.names, key.title.lower()})


def check_key(definition: Definition, key: ScoringKey, *, found_by: FoundBy = "chosen", found: str = "") -> KeyMatch:
    """Hold the questionnaire against a key: as many questions in the same order, the same answers and points."""
    asked = [item for item in definition.questions() if _may_count(definition, key, item)]
    named = found or key.slug
    if len(asked) != len(key.items):
        return KeyMatch(key, found_by, named, (), (_miscounted(key, asked),), key.cautions)
    labels = known_labels(definition, key, asked)
    pairings = [pair(definition, key, expected, item, labels) for expected, item in zip(key.items, asked, strict=True)]
    misfits = [pairing.problem for pairing in pairings if pairing.problem]
    misfits += _half_mirrored(key, pairings)
    problems = (*_misplaced(key, asked), *(misfits or _unusable_alerts(definition, key, pairings)))
    notes = (*key.cautions, *(p.note for p in pairings if p.note), *_mirrored(pairings))
    return KeyMatch(key, found_by, named, tuple(pairings), problems, notes)


def _named(definition: Definition) -> Iterator[tuple[ScoringKey, FoundBy, str]]:
    origin = definition.origin
    if origin is None:
        return
    url = (origin.url or "").split("|")[0].rstrip("/")
    yield from ((key, "url", url) for key in scoring_keys() if url in {key.own_url, *key.urls})
    for code in sorted(_loinc((*origin.codes, *origin.identifiers))):
        yield from ((key, "code", code) for key in scoring_keys() if code in key.codes)


def _loinc(codings: Iterable[Coding]) -> set[str]:
    return {coding.code for coding in codings if coding.system in LOINC_SYSTEMS}


def _may_count(definition: Definition, key: ScoringKey, item: Question) -> bool:
    """What is not scored by its code or by its kind is left out: totals, difficulty questions, texts, dates."""
    codes = _loinc(item.codes)
    if codes & set(key.unscored):
        return False
    if codes & key.item_codes:
        return True
    if isinstance(item, GateItem):
        return any(are_answers_of(answers, definition.options(item)) for answers in key.answers.values())
    return can_be_scored(item) and definition.ends(item) is not None


def _miscounted(key: ScoringKey, asked: list[Question]) -> str:
    strange = [_place(item) for item in asked if (codes := _loinc(item.codes)) and not codes & key.item_codes]
    said = f"{len(asked)} questions with points where {key.title} has {len(key.items)}"
    return f"{said}; not of {key.title}: {', '.join(strange)}" if strange and key.item_codes else said


def _misplaced(key: ScoringKey, asked: list[Question]) -> Iterator[str]:
    for expected, item in zip(key.items, asked, strict=True):
        codes = _loinc(item.codes)
        if codes and expected.codes and not codes & set(expected.codes):
            yield f"{_place(item)} has the code {min(codes)} where item {expected.number} has {expected.codes[0]}"


def _half_mirrored(key: ScoringKey, pairings: list[Pairing]) -> Iterator[str]:
    """Points that run the other way are an order of printing only where the whole form agrees."""
    both = list(zip(key.items, pairings, strict=True))
    turned = [pairing.number for pairing in pairings if pairing.mirrored]
    if turned and len(turned) < sum(not item.reversed for item in key.items):
        yield f"{_numbers(turned)}: points in the other order than those of the other items; make them alike"
    if turned and any(item.reversed and p.note for item, p in both):
        yield "its answers are printed from the other end, so their order cannot tell what its reversed items count"


def _mirrored(pairings: list[Pairing]) -> Iterator[str]:
    if numbers := [pairing.number for pairing in pairings if pairing.mirrored]:
        found = (
            f"{_numbers(numbers)}: the answers are in mirrored order, the other way round than on the published form"
        )
        yield f"{found}. Check that each still has its own points."


def _numbers(numbers: list[int]) -> str:
    return f"item{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _unusable_alerts(definition: Definition, key: ScoringKey, pairings: list[Pairing]) -> Iterator[str]:
    for alert in key.alerts:
        pairing = pairings[alert.item - 1]
        if alert_value(definition, pairing, alert.points) is None:
            yield f"item {alert.item} raises an alert, and its stored values do not rise with its points"


def _place(item: Question) -> str:
    return f'question "{item.link_id or item.id}"'

"""Couples who do not exist, with the truth about them, and what they would answer to the Two-Way Check-In.

Pure and seeded: the same arguments give the same answers. A couple has true levels (what each gives, how much each
needs, how blurred each one's boundaries are), from 0 to 100. What a person reports differs from them by a bias of their
own, the same in every wave, a little in their own favor, and by noise in every answer. The noise is such that a scale's
standard error is the one that the measurement assumes (12 for giving, receiving and need, 9 for blur), except near the
ends of a scale, where answers have no room to vary.

Arrays are shaped (couples, members, waves, items), with fewer axes where less varies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessments.tracking import Floats, normal_cdf
from counseling.patterns.base import Member

Answers = dict[str, int | None]
Codes = NDArray[np.int8]

BIAS_SD = 8.0
OWN_FAVOR = 8.0
"""By so much people see themselves giving more than they receive where both give alike."""
SPREAD_SD = 8.0
DECLINED, NOT_ASKED = -1, -2


class Kind(StrEnum):
    INTERDEPENDENT = "interdependent"
    ONE_SIDED_A = "one-sided, a gives"
    ONE_SIDED_B = "one-sided, b gives"
    ENMESHED_A = "enmeshed, a"
    ENMESHED_BOTH = "enmeshed, both"
    AFRAID_B = "b is afraid"


FLAGS: Mapping[Kind, frozenset[tuple[str, Member]]] = {
    Kind.INTERDEPENDENT: frozenset(),
    Kind.ONE_SIDED_A: frozenset({("one_sided", "a")}),
    Kind.ONE_SIDED_B: frozenset({("one_sided", "b")}),
    Kind.ENMESHED_A: frozenset({("enmeshed", "a")}),
    Kind.ENMESHED_BOTH: frozenset({("enmeshed", "a"), ("enmeshed", "b")}),
    Kind.AFRAID_B: frozenset(),
}
TYPICAL_GAP = {Kind.ONE_SIDED_A: 35.0, Kind.ONE_SIDED_B: -35.0}
ENMESHED = {Kind.ENMESHED_A: (True, False), Kind.ENMESHED_BOTH: (True, True)}


class ScaleItems(NamedTuple):
    """A scale's items, those that are turned round, and the standard error that the noise of all adds up to."""

    items: tuple[str, ...]
    turned: frozenset[str]
    sem: float


SCALES = {
    "need": ScaleItems(("n1", "n2", "n3", "n4"), frozenset({"n3", "n4"}), 12),
    "blur": ScaleItems(("e1", "e2", "e3", "e4", "o1", "o2", "o3", "o4"), frozenset({"e3", "e4", "o1", "o2"}), 9),
    "carrying": ScaleItems(("c1", "c2", "c3", "c4"), frozenset({"c3"}), 15),
    "carried": ScaleItems(("d1", "d2", "d3", "d4"), frozenset({"d3"}), 15),
    "growth": ScaleItems(("s1", "s2", "s3"), frozenset({"s2"}), 15),
    "giving": ScaleItems(("g1", "g2", "g3", "g4", "g5"), frozenset({"g5"}), 12),
    "receiving": ScaleItems(("v1", "v2", "v3", "v4", "v5"), frozenset({"v5"}), 12),
    "pushback": ScaleItems(("p1", "p2", "p3"), frozenset({"p3"}), 15),
    "own_pushback": ScaleItems(("q1", "q2", "q3"), frozenset({"q3"}), 15),
}
GATES = {"pushback": ("limit", (0.65, 0.25, 0.10)), "own_pushback": ("partner_limit", (0.75, 0.25))}
"""Which scales are asked only after the answer 1 to which question, and how often 0, 1, … is answered to that."""
QUIET = ("visible", "fear", "hurt", "contact")
ITEMS = (
    *(item for scale in SCALES.values() for item in scale.items),
    *("balance", "attention", "limit", "partner_limit", "alone"),
    *QUIET,
)
COLUMN = {item: number for number, item in enumerate(ITEMS)}


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so, whatever anybody answers. ``gap``: how much more a gives than b; the rest by member."""

    kind: Kind
    gap: float
    need: Mapping[Member, float]
    blur: Mapping[Member, float]

    @property
    def flags(self) -> frozenset[tuple[str, Member]]:
        """The (pattern, subject) pairs that ought to be found; safety is answered, not estimated, so not among them."""
        return FLAGS[self.kind]


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedCouple:
    """One couple's truth, and the answers of both: ``codes`` is (members, waves, items)."""

    truth: Truth
    codes: Codes

    def answers(self, member: Member, *, occurrence: int) -> Answers | None:
        """What the member answers on that occasion, counted from 1; None when they leave it unanswered."""
        row = zip(ITEMS, self.codes["ab".index(member), occurrence - 1].tolist(), strict=True)
        return {item: None if code == DECLINED else code for item, code in row if code != NOT_ASKED} or None


def simulate_couples(
    kinds: Iterable[Kind], *, waves: int, seed: int, missing: float = 0.1, declined: float = 0.01
) -> list[SimulatedCouple]:
    """One couple for each kind. ``missing``: the share of questionnaires left unanswered; ``declined``: of answers."""
    kinds = tuple(kinds)
    dice = np.random.default_rng(seed)
    levels = true_levels(kinds, dice)
    codes = answer_codes(kinds, levels, waves=waves, dice=dice, missing=missing, declined=declined)
    return [SimulatedCouple(_truth(kind, levels, number), codes[number]) for number, kind in enumerate(kinds)]


def true_levels(kinds: tuple[Kind, ...], dice: np.random.Generator) -> dict[str, Floats]:
    """Every scale's true level, (couples, members), spread around what is typical of each kind."""
    shape = (len(kinds), 2)

    def around(typical: Floats | float) -> Floats:
        return np.clip(dice.normal(typical, SPREAD_SD, shape), 0, 100)

    gap = dice.normal([TYPICAL_GAP.get(kind, 0.0) for kind in kinds], SPREAD_SD)[:, None]
    enmeshed = np.array([ENMESHED.get(kind, (False, False)) for kind in kinds]).reshape(shape)
    giving, carrying = 55 + gap / 2 * [1, -1], around(30.0)
    return {
        "need": around(np.where(enmeshed, 72.0, 32.0)),
        "blur": around(np.where(enmeshed, 75.0, 30.0)),
        "carrying": carrying,
        "carried": carrying[:, ::-1],
        "growth": around(65.0),
        "giving": giving,
        "receiving": giving[:, ::-1],
        "pushback": around(25.0),
        "own_pushback": around(25.0),
    }


def answer_codes(
    kinds: tuple[Kind, ...],
    levels: Mapping[str, Floats],
    *,
    waves: int,
    dice: np.random.Generator,
    missing: float,
    declined: float,
) -> Codes:
    """The answers, (couples, members, waves, items), with the codes for declined and not asked."""
    codes = np.zeros((len(kinds), 2, waves, len(ITEMS)), dtype=np.int8)
    seen = _levels_as_seen(levels, dice)
    for name, scale in SCALES.items():
        answers = _scale_answers(scale, seen[name], waves, dice)
        codes[..., _columns(scale)] = np.where(_chance(dice, answers.shape, declined), DECLINED, answers)
    codes[..., COLUMN["balance"]] = _balance(seen["giving"] - seen["receiving"], waves, dice)
    codes[..., COLUMN["attention"]] = np.where(_chance(dice, codes.shape[:3], 0.98), 2, 4)
    codes[..., COLUMN["alone"]] = 1
    _answer_gates(codes, dice)
    _answer_fear(codes, kinds)
    codes[_chance(dice, codes.shape[:3], missing)] = NOT_ASKED
    return codes


def _truth(kind: Kind, levels: Mapping[str, Floats], number: int) -> Truth:
    need, blur, (of_a, of_b) = (levels[scale][number].tolist() for scale in ("need", "blur", "giving"))
    return Truth(kind, of_a - of_b, need={"a": need[0], "b": need[1]}, blur={"a": blur[0], "b": blur[1]})


def _levels_as_seen(levels: Mapping[str, Floats], dice: np.random.Generator) -> dict[str, Floats]:
    """The levels as each person sees them, with a bias of their own for every scale."""
    favor = {"giving": OWN_FAVOR / 2, "receiving": -OWN_FAVOR / 2}
    return {name: level + favor.get(name, 0.0) + dice.normal(0, BIAS_SD, level.shape) for name, level in levels.items()}


def _scale_answers(scale: ScaleItems, level: Floats, waves: int, dice: np.random.Generator) -> Codes:
    """A leaning, noise in every answer, and five boxes to tick."""
    noise = answer_noise(scale)
    scatter = dice.standard_normal((*level.shape, waves, len(scale.items)), dtype=np.float32)
    answers = np.clip(np.rint(leaning(level, noise)[..., None, None] + noise * scatter), 0, 4).astype(np.int8)
    turned = [item in scale.turned for item in scale.items]
    return np.where(turned, 4 - answers, answers)


def answer_noise(scale: ScaleItems) -> float:
    """The noise of one answer, in boxes, that makes the mean of all as uncertain as the scale's standard error.

    Rounding adds to it and the ends of the scale take from it; it is right in the middle of the scale.
    """
    noises = np.linspace(0.2, 6, 581)
    reached = _at_least(np.full_like(noises, 2.0), noises)
    spread = np.sqrt((reached * np.array([[1], [3], [5], [7]])).sum(axis=0) - reached.sum(axis=0) ** 2)
    return float(np.interp(scale.sem / 25 * np.sqrt(len(scale.items)), spread, noises))


def leaning(level: Floats, noise: float) -> Floats:
    """Where answers have to be centered so that, rounded and kept from 0 to 4, they average the level."""
    centers = np.linspace(-4, 8, 1201)
    return np.interp(level / 25, _at_least(centers, noise).sum(axis=0), centers)


def _at_least(center: Floats, noise: Floats | float) -> Floats:
    """The probabilities of ticking box 1, 2, 3 and 4 or one above it."""
    edges = np.arange(4)[:, None] + 0.5
    return normal_cdf((center - edges) / noise)


def _balance(gap: Floats, waves: int, dice: np.random.Generator) -> Floats:
    """Who is putting more in, from 0, mostly me, to 4, mostly the other."""
    return np.clip(np.rint(2 - gap[..., None] / 25 + dice.normal(0, 0.5, (*gap.shape, waves))), 0, 4)


def _answer_gates(codes: Codes, dice: np.random.Generator) -> None:
    """Whether a limit was set, and only then what came of it."""
    for name, (gate, shares) in GATES.items():
        said = dice.choice(len(shares), codes.shape[:3], p=shares)
        codes[..., COLUMN[gate]] = said
        columns = _columns(SCALES[name])
        codes[..., columns] = np.where(said[..., None] == 1, codes[..., columns], NOT_ASKED)


def _answer_fear(codes: Codes, kinds: tuple[Kind, ...]) -> None:
    """From the middle of the time on, b of these couples is afraid and asks to be contacted."""
    afraid, since = np.array([kind is Kind.AFRAID_B for kind in kinds], dtype=bool), codes.shape[2] // 2
    codes[afraid, 1, since:, COLUMN["fear"]] = 2
    codes[afraid, 1, since:, COLUMN["contact"]] = 1


def _columns(scale: ScaleItems) -> list[int]:
    return [COLUMN[item] for item in scale.items]


def _chance(dice: np.random.Generator, shape: tuple[int, ...], share: float) -> NDArray[np.bool_]:
    return dice.random(shape, dtype=np.float32) < share

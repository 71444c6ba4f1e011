from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import pytest

from assessments.answers import clean_answers
from assessments.scoring import Floats, compile_definition, score_matrix, score_response
from counseling.demo.simulation import (
    COLUMN,
    NOT_ASKED,
    SCALES,
    Kind,
    SimulatedCouple,
    answer_codes,
    answer_noise,
    leaning,
    simulate_couples,
    true_levels,
)
from counseling.patterns.base import MEMBERS, History, Level, Member, PatternState, Report, Wave
from counseling.patterns.evaluate import evaluate
from counseling.patterns.gap_filter import estimate_gap
from counseling.patterns.thresholds import Thresholds
from tests.assessments.factories import two_way_check_in
from tests.counseling.patterns.builders import FORTNIGHT, START

DEFINITION = two_way_check_in()
SCALE_IDS = [scale.id for scale in DEFINITION.scales]
NUMBERS = Thresholds()
WAVES = 12


def scored(
    kinds: Iterable[Kind], *, seed: int, missing: float = 0.0, waves: int = WAVES
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """True levels, and scores as {scale: (couples, members, waves)}, NaN where nothing was answered."""
    dice, kinds = np.random.default_rng(seed), tuple(kinds)
    levels = true_levels(kinds, dice)
    codes = answer_codes(kinds, levels, waves=waves, dice=dice, missing=missing, declined=0.0)
    matrix = codes[..., [COLUMN[item] for item in compile_definition(DEFINITION).items]].astype(float)
    matrix[matrix < 0] = np.nan
    table = score_matrix(DEFINITION, matrix.reshape(-1, matrix.shape[-1]))
    values = table.value.reshape(*codes.shape[:3], -1)
    return levels, {scale: values[..., number] for number, scale in enumerate(SCALE_IDS)}


def history_of(couple: SimulatedCouple, *, waves: int = WAVES) -> History:
    def report(member: Member, wave: int) -> Report | None:
        answers = couple.answers(member, occurrence=wave)
        if answers is None:
            return None
        scores = {score.scale: score for score in score_response(DEFINITION, answers)}
        at = START + FORTNIGHT * wave + timedelta(hours=3)
        return Report(at=at, answers=answers, scores=scores, alerts=DEFINITION.alerts)

    return History(
        Wave(key=str(wave), at=START + FORTNIGHT * wave, a=report("a", wave), b=report("b", wave))
        for wave in range(1, waves + 1)
    )


def ever_raised(states: Iterable[PatternState]) -> set[tuple[str, Member]]:
    return {(state.pattern, state.subject) for state in states if state.events}


def test_the_same_seed_gives_the_same_couples():
    one, other = (simulate_couples(list(Kind), waves=3, seed=5) for _ in range(2))
    assert [couple.truth for couple in one] == [couple.truth for couple in other]
    assert all(np.array_equal(first.codes, second.codes) for first, second in zip(one, other, strict=True))
    assert not np.array_equal(one[0].codes, simulate_couples(list(Kind), waves=3, seed=6)[0].codes)


def test_every_questionnaire_is_complete_and_can_be_submitted():
    for couple in simulate_couples(list(Kind) * 3, waves=6, seed=1, declined=0.1):
        for member in ("a", "b"):
            for occurrence in range(1, 7):
                answers = couple.answers(member, occurrence=occurrence)
                if answers is not None:
                    assert clean_answers(DEFINITION, answers) == answers


def test_some_questionnaires_are_left_unanswered_and_some_answers_declined():
    couples = simulate_couples([Kind.INTERDEPENDENT] * 200, waves=10, seed=2, missing=0.2, declined=0.05)
    given = [couple.answers(member, occurrence=1) for couple in couples for member in ("a", "b")]
    assert np.mean([answers is None for answers in given]) == pytest.approx(0.2, abs=0.05)
    asked = [answer for answers in given if answers for item, answer in answers.items() if item[0] in "gvneo"]
    assert np.mean([answer is None for answer in asked]) == pytest.approx(0.05, abs=0.015)


def test_nobody_is_missing_when_nobody_shall_be():
    (couple,) = simulate_couples([Kind.INTERDEPENDENT], waves=20, seed=3, missing=0, declined=0)
    assert all(couple.answers("a", occurrence=n) for n in range(1, 21))


@pytest.mark.parametrize(
    ("kind", "flags"),
    [
        (Kind.INTERDEPENDENT, set()),
        (Kind.ONE_SIDED_A, {("one_sided", "a")}),
        (Kind.ONE_SIDED_B, {("one_sided", "b")}),
        (Kind.ENMESHED_A, {("enmeshed", "a")}),
        (Kind.ENMESHED_BOTH, {("enmeshed", "a"), ("enmeshed", "b")}),
        (Kind.AFRAID_B, set()),
    ],
)
def test_the_truth_of_each_kind(kind, flags):
    couples = simulate_couples([kind] * 300, waves=1, seed=4)
    assert couples[0].truth.flags == flags
    gap = {Kind.ONE_SIDED_A: 35, Kind.ONE_SIDED_B: -35}.get(kind, 0)
    assert np.mean([couple.truth.gap for couple in couples]) == pytest.approx(gap, abs=2)
    for member in ("a", "b"):
        enmeshed = ("enmeshed", member) in flags
        assert np.mean([couple.truth.blur[member] for couple in couples]) == pytest.approx(
            75 if enmeshed else 30, abs=2
        )
        assert np.mean([couple.truth.need[member] for couple in couples]) == pytest.approx(
            72 if enmeshed else 32, abs=2
        )


def test_answers_average_the_level_they_lean_on():
    levels = np.array([5.0, 20.0, 50.0, 80.0, 95.0])
    noise = answer_noise(SCALES["giving"])
    rng = np.random.default_rng(8)
    answers = np.clip(np.rint(leaning(levels, noise) + noise * rng.standard_normal((200_000, 5))), 0, 4)
    assert 25 * answers.mean(axis=0) == pytest.approx(levels, abs=0.3)


@pytest.mark.parametrize("scale", ["need", "blur", "carrying", "growth", "giving", "receiving"])
def test_the_error_of_a_scale_is_the_assumed_one_in_its_middle(scale):
    """12 for giving, receiving and need, 9 for blur, 15 for the others; between 40 and 60, where answers have room."""
    kinds = list(Kind) * 400
    _levels, scores = scored(kinds, seed=9)
    middle = np.abs(scores[scale].mean(axis=2) - 50) < 10
    error = np.sqrt(scores[scale].var(axis=2, ddof=1)[middle].mean())
    assert middle.sum() > 100
    assert error == pytest.approx(SCALES[scale].sem, rel=0.06)


def test_views_are_biased_as_the_filter_believes():
    """By a stable SD of 8 for each scale, and together by 8 points in one's own favor."""
    levels, scores = scored([Kind.INTERDEPENDENT] * 3000, seed=10)
    own = scores["giving"] - scores["receiving"]
    bias = own.mean(axis=2) - (levels["giving"] - levels["receiving"])
    assert bias.mean() == pytest.approx(8, abs=0.6)
    noise = 2 * 12**2 / WAVES
    assert bias.var() == pytest.approx(128 + noise, rel=0.12)


def test_what_comes_of_a_limit_is_only_asked_when_there_was_one():
    couples = simulate_couples([Kind.INTERDEPENDENT] * 100, waves=4, seed=11, missing=0)
    asked = couples[0].codes[..., COLUMN["p1"]] != NOT_ASKED
    assert np.array_equal(asked, couples[0].codes[..., COLUMN["limit"]] == 1)
    shares = np.mean([couple.codes[..., COLUMN["partner_limit"]] == 1 for couple in couples])
    assert shares == pytest.approx(0.25, abs=0.06)


def test_somebody_is_afraid_from_the_middle_of_the_time_on():
    (couple,) = simulate_couples([Kind.AFRAID_B], waves=8, seed=12, missing=0)
    of_a, of_b = ([couple.answers(member, occurrence=n) or {} for n in range(1, 9)] for member in MEMBERS)
    assert [answers["fear"] for answers in of_b] == [0] * 4 + [2] * 4
    assert [answers["contact"] for answers in of_b] == [0] * 4 + [1] * 4
    assert [answers["fear"] for answers in of_a] == [0] * 8
    levels = {(state.pattern, state.subject): state.level for state in evaluate(history_of(couple, waves=8), NUMBERS)}
    assert (levels["safety", "b"], levels["safety", "a"]) == (Level.URGENT, Level.NONE)


def test_the_patterns_find_the_truth_in_the_answers():
    couples = simulate_couples(list(Kind) * 20, waves=WAVES, seed=13)
    outcome = [
        (couple.truth, ever_raised(evaluate(history_of(couple), NUMBERS)) - {("safety", "b")}) for couple in couples
    ]
    troubled = [truth.flags <= found for truth, found in outcome if truth.flags]
    well = [bool(found) for truth, found in outcome if not truth.flags]
    assert np.mean(troubled) >= 0.8
    assert np.mean(well) <= 0.2


@pytest.mark.parametrize(
    ("kind", "wave", "probability", "low", "high"),
    [
        (Kind.INTERDEPENDENT, 12, 0.80, 0.0, 0.12),
        (Kind.INTERDEPENDENT, 12, 0.90, 0.0, 0.08),
        (Kind.ONE_SIDED_A, 4, 0.80, 0.65, 1.0),
        (Kind.ONE_SIDED_A, 12, 0.80, 0.80, 1.0),
    ],
)
def test_one_sided_is_as_sensitive_and_as_calm_as_designed(kind, wave, probability, low, high):
    """From answers of single items, one report in ten missing, to the share of couples raised by that wave."""
    _, scores = scored([kind] * 2000, seed=14, missing=0.1)
    gaps = scores["giving"] - scores["receiving"]
    errors = np.full(gaps[:, 0].shape, 288.0)
    found = estimate_gap(np.arange(WAVES) * 14, (gaps[:, 0], gaps[:, 1]), (errors, errors), NUMBERS.tracking)
    surest = np.maximum(found.probability_above(15), found.probability_below(-15))
    assert low <= (surest[:, :wave] >= probability).any(axis=1).mean() <= high

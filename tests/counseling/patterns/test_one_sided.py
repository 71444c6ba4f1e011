from __future__ import annotations

import json
import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.patterns.base import History, Level, PatternState
from counseling.patterns.one_sided import find
from counseling.patterns.thresholds import Thresholds
from tests.counseling.patterns.builders import codes, couple, gap_report, history, reason, report, sure, swapped, wave

NUMBERS = Thresholds()
gaps = st.one_of(st.none(), st.floats(-100, 100))
couples = st.lists(st.tuples(gaps, gaps), max_size=8)


def states(case: History, numbers: Thresholds = NUMBERS) -> dict[str, PatternState]:
    return {state.subject: state for state in find(case, numbers)}


# --- Worked examples --------------------------------------------------------------------------------------


def test_one_wave_of_both_by_hand():
    """OS 40: estimate 40 * 400 / 608 = 26.32, deviation 11.70; P(> 15) = Φ(0.967) = .833."""
    giver = states(couple((48, -32)))["a"]
    deviation = math.sqrt(400 - 400**2 / 608)
    assert giver.probability == pytest.approx(NormalDist().cdf((40 * 400 / 608 - 15) / deviation))
    assert (giver.level, giver.basis, giver.label) == (Level.SIGNAL, "both", "one_sided")
    assert [(event.kind, event.wave) for event in giver.events] == [("raised", "w1")]


def test_one_partner_alone_has_to_show_more():
    """RG 48 less 8: estimate 19.61, deviation 14.28; P(> 20) = .489. Both partners' OS of 40 raised it."""
    giver = states(couple((48, None)))["a"]
    deviation = math.sqrt(400 - 400**2 / 816)
    assert giver.probability == pytest.approx(NormalDist().cdf((40 * 400 / 816 - 20) / deviation))
    assert (giver.level, giver.basis) == (Level.NONE, "one_view")


def test_the_receiver_is_not_a_giver():
    receiver = states(couple((48, -32), (48, -32)))["b"]
    assert (receiver.level, receiver.events) == (Level.NONE, ())
    assert sure(receiver) < 0.01
    assert codes(receiver) == ["not_raised"]
    assert reason(receiver, "not_raised")["raise_at"] == 0.80


def test_a_life_of_a_finding():
    giver = states(couple(*[(40, -40)] * 4, *[(0, 0)] * 6, *[(60, -60)] * 4))["a"]
    assert [event.kind for event in giver.events] == [
        "raised",
        "strengthened",
        "weakened",
        "cleared",
        "reopened",
        "strengthened",
    ]
    assert giver.level is Level.PATTERN


def test_a_wave_of_one_partner_weighs_less_than_a_wave_of_both():
    one = states(couple((48, -32), (48, None)))["a"]
    both = states(couple((48, -32), (48, -32)))["a"]
    assert one.basis == both.basis == "both"
    assert sure(states(couple((48, -32)))["a"]) < sure(one) < sure(both)


def test_the_couples_rule_holds_from_the_first_wave_on_that_both_had_reported_by():
    giver = states(couple((48, None), (None, -32), (48, None)))["a"]
    assert [row["reporters"] for row in giver.evidence["path"]] == [["a"], ["b"], ["a"]]
    assert giver.evidence["quantity"]["quantity"] == "couple_gap"
    alone = states(couple((48, None), (48, None)))["a"]
    assert alone.evidence["quantity"]["quantity"] == "respondent_gap"


def test_a_silent_wave_neither_raises_nor_clears():
    before = states(couple((48, -32), (48, -32)))["a"]
    after = states(couple((48, -32), (48, -32), (None, None), (None, None), (None, None)))["a"]
    assert (after.level, after.probability, after.events) == (before.level, before.probability, before.events)
    assert len(after.not_computed) == 6


def test_nothing_computable_is_said_and_not_called_no_flag():
    giver = states(history((report({"giving": None, "receiving": None}), None)))["a"]
    assert (giver.level, giver.probability, giver.steps) == (Level.NONE, None, ())
    assert giver.evidence["not_computed"] == [
        {"wave": "w1", "member": "a", "what": "giving - receiving", "why": "too_few_answers"},
        {"wave": "w1", "member": "b", "what": "giving - receiving", "why": "no_report"},
    ]
    assert giver.evidence["reasons"] == []
    assert states(history())["a"].basis == "one_view"


@pytest.mark.parametrize(("gap", "giver", "receiver"), [(80, "a", "b"), (-80, "b", "a")])
def test_a_single_client_is_the_subject_either_way(gap, giver, receiver):
    alone = History([wave(number, gap_report(gap)) for number in (1, 2, 3)], members=("a",))
    (state,) = find(alone, NUMBERS)
    assert (state.subject, state.level) == ("a", Level.PATTERN)
    assert (state.evidence["giver"], state.evidence["receiver"]) == (giver, receiver)
    assert state.not_computed == ()
    assert reason(state, "one_view") == {"code": "one_view", "reporter": "a", "silent": "b"}


def test_a_clinic_may_judge_otherwise():
    strict = Thresholds.from_json({"one_sided": {"couple": {"size": 30}}})
    assert states(couple((48, -32)), strict)["a"].level is Level.NONE


# --- Evidence ---------------------------------------------------------------------------------------------

A_GIVES = {"g1": 4, "g2": 3, "g3": 3, "g4": 4, "g5": 0, "v1": 1, "v2": 2, "v3": 2, "v4": None, "v5": 3, "balance": 0}
B_GETS = {"g1": 1, "g2": 2, "g3": 2, "g4": 1, "g5": 4, "v1": 3, "v2": 2, "v3": 3, "v4": 3, "v5": 1, "balance": 2}


def full_couple() -> PatternState:
    a = report({"giving": 85, "receiving": 35}, A_GIVES, reference="ra")
    b = report({"giving": 30, "receiving": 70}, B_GETS, reference="rb")
    return states(history((a, b), (a, b)))["a"]


def test_the_snapshot_is_json_and_names_nobody():
    found = full_couple().evidence
    assert json.loads(json.dumps(found)) == found
    assert (found["giver"], found["receiver"], found["basis"], found["level"]) == ("a", "b", "both", "pattern")


def test_both_partners_answers_side_by_side():
    items = full_couple().evidence["items"]
    assert items[0] == {"about": "a", "items": {"a": "g1", "b": "v1"}, "answers": {"a": 4, "b": 3}}
    assert items[1] == {"about": "b", "items": {"a": "v1", "b": "g1"}, "answers": {"a": 1, "b": 1}}
    assert len(items) == 10
    assert full_couple().evidence["balance"]["answers"] == {"a": 0, "b": 2}


def test_scores_with_bands():
    assert full_couple().evidence["scores"][0] == {
        "member": "a",
        "scale": "giving",
        "value": 85.0,
        "low": 61.48,
        "high": 108.52,
        "sem": 12.0,
        "prorated": False,
        "reference": "ra",
    }


def test_the_last_wave_alone():
    """OS = ((85 - 35) - (30 - 70)) / 2 = 45 ± 1.96 * 12; DV = (50 - 40) / 2 = 5."""
    found = full_couple().evidence
    assert found["observed"] == {"value": 45.0, "low": 21.48, "high": 68.52}
    assert found["dispute"] == {
        "value": 5.0,
        "low": -18.52,
        "high": 28.52,
        "usual": 8.0,
        "size": 20.0,
        "notable": False,
    }


def test_the_last_wave_of_one_partner():
    """B says: I give 40 less than I receive, so a gives 40 more; the error is that of one report."""
    found = states(couple((60, -50), (None, -40)))["a"].evidence
    assert found["observed"] == {"value": 40.0, "low": 6.74, "high": 73.26}
    assert found["dispute"] is None


def test_a_notable_dispute_is_a_reason():
    """DV = (70 + 30) / 2 = 50: both see themselves giving far more than the other notices."""
    found = states(couple((100, 30), (100, 20), (100, 20)))["a"]
    assert reason(found, "dispute")["value"] == 60
    assert reason(found, "dispute")["notable"] is True


def test_what_would_clear_it():
    case = couple((60, -60), (60, -60))
    clears = states(case)["a"].evidence["clears"]
    row = states(case)["a"].evidence["path"][-1]
    deviation = (row["high"] - row["low"]) / 2 / 1.96
    assert clears["estimate_below"] == pytest.approx(15 - 0.2533 * deviation, abs=0.01)
    assert (clears["quantity"], clears["probability_below"], clears["waves"]) == ("couple_gap", 0.40, 2)


def test_the_numbers_that_were_used():
    used = full_couple().evidence["thresholds"]
    assert used["digest"] == NUMBERS.digest()
    assert used["one_sided"]["couple"]["size"] == 15
    assert used["tracking"]["gap_bias_variance"] == 128


def test_the_reasons_in_order():
    assert codes(full_couple()) == [
        "gives_more",
        "how_sure",
        "since",
        "trend",
        "seen_in_pair",
        "seen_in_pair",
        "seen_in_pair",
        "would_clear",
        "other_readings",
    ]


def test_the_most_telling_pairs_are_named():
    """Pair 5 asks what is put off (0 and 1 against 4 and 3): 3 steps. Pair 1: 3.5 - 1 = 2.5. Pair 4: 3.5 - 1 = 2.5."""
    named = [reason for reason in full_couple().evidence["reasons"] if reason["code"] == "seen_in_pair"]
    assert [reason["does"]["items"]["a"] for reason in named] == ["g5", "g1", "g4"]
    assert named[0]["gets"] == {"about": "b", "items": {"a": "v5", "b": "g5"}, "answers": {"a": 3, "b": 4}}


def test_a_finding_since_its_last_raising():
    giver = states(couple(*[(40, -40)] * 3, *[(0, 0)] * 7, *[(60, -60)] * 4))["a"]
    raised = [event.wave for event in giver.events if event.kind == "reopened"]
    assert [f"w{reason(giver, 'since')['number']}"] == raised


def test_one_wave_has_no_trend():
    assert "trend" not in codes(states(couple((48, -32)))["a"])
    assert reason(full_couple(), "trend")["waves"] == 2


# --- Metamorphic ------------------------------------------------------------------------------------------


@given(couples)
def test_swapping_the_partners_mirrors_the_finding(pairs):
    here, there = states(couple(*pairs)), states(couple(*((b, a) for a, b in pairs)))
    for member, partner in (("a", "b"), ("b", "a")):
        assert [step.level for step in here[member].steps] == [step.level for step in there[partner].steps]
        assert [event.kind for event in here[member].events] == [event.kind for event in there[partner].events]
        for one, other in zip(here[member].steps, there[partner].steps, strict=True):
            assert one.probability == pytest.approx(other.probability, abs=1e-9)


def test_swapping_the_partners_mirrors_the_evidence():
    a, b = report({"giving": 85, "receiving": 35}, A_GIVES), report({"giving": 30, "receiving": 70}, B_GETS)
    here = states(history((a, b), (a, b)))["a"].evidence
    there = swapped(states(history((b, a), (b, a)))["b"].evidence)
    for found in (here, there):
        found["scores"].sort(key=str)
        for row in found["path"]:
            row["reporters"].sort()
    assert here == there


@given(couples, st.data())
def test_a_report_less_never_narrows_the_band(pairs, data):
    """Surer is what more reports make: whatever they say, the estimate's band only widens when one is taken away."""
    there = [(n, side) for n, pair in enumerate(pairs) for side in (0, 1) if pair[side] is not None]
    if not there:
        return
    wave_number, side = data.draw(st.sampled_from(there))
    fewer = [list(pair) for pair in pairs]
    fewer[wave_number][side] = None
    widths, before = (
        {row["wave"]: row["high"] - row["low"] for row in states(couple(*case))["a"].evidence.get("path", [])}
        for case in (fewer, pairs)
    )
    assert all(widths[key] >= before[key] - 0.02 for key in widths)


@given(
    gap=st.floats(0, 60),
    more=st.floats(0, 40),
    kept=st.lists(st.booleans(), min_size=1, max_size=8),
    giver=st.sampled_from("ab"),
)
def test_taking_away_reports_that_bear_it_out_never_makes_a_finding_surer(gap, more, kept, giver):
    """One partner says it in every wave, the other says so too, or more so; the fewer of the other's, the less sure.

    What is usual in one's own favor is taken off from what either says. Only such reports can be asked this of: one
    that contradicts a finding makes it less sure, as it should.
    """
    sign, usual = 1 if giver == "a" else -1, NUMBERS.tracking.gap_offset
    full = [(sign * gap + usual, -sign * (gap + more) + usual)] * len(kept)
    fewer = [(a, b if keep else None) for keep, (a, b) in zip(kept, full, strict=True)]
    before, after = states(couple(*full))[giver], states(couple(*fewer))[giver]
    assert sure(after) <= max(sure(before), NUMBERS.one_sided.couple.raise_at) + 0.001


@given(couples, st.integers(0, 7), st.floats(-100, 100))
def test_a_report_that_is_not_valid_changes_nothing(pairs, position, gap):
    case = couple(*pairs)
    waves = list(case.waves)
    if position >= len(waves) or waves[position].b is not None:
        return
    waves[position] = wave(position + 1, waves[position].a, gap_report(gap, valid=False))
    before, after = states(case), states(History(waves))
    for member in "ab":
        assert after[member].steps == before[member].steps
        assert after[member].events == before[member].events


@given(couples.flatmap(lambda pairs: st.tuples(st.just(couple(*pairs).waves), st.permutations(couple(*pairs).waves))))
def test_the_order_of_coming_in_does_not_matter(both):
    original, shuffled = both
    assert find(History(original), NUMBERS) == find(History(shuffled), NUMBERS)

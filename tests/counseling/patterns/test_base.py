from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.patterns.base import History, Level, PatternState, Wave, partner_of
from tests.counseling.patterns.builders import START, report, wave


def test_partners():
    assert (partner_of("a"), partner_of("b")) == ("b", "a")


def test_levels_rise_and_are_stored_by_their_code():
    assert [level.code for level in sorted(Level)] == ["none", "signal", "pattern", "urgent"]


def test_a_wave_knows_who_reported_and_who_may_speak():
    doubtful, sound = report(valid=False), report()
    one = wave(1, doubtful, sound)
    assert (one.report("a"), one.report("b")) == (doubtful, sound)
    assert (one.valid_report("a"), one.valid_report("b")) == (None, sound)
    assert wave(1).valid_report("b") is None


def test_a_wave_was_answered_when_its_last_valid_report_came_in():
    late = report(at=START + timedelta(hours=5))
    doubtful = report(at=START + timedelta(hours=9), valid=False)
    assert wave(1, report(), late).answered_at() == START + timedelta(hours=5)
    assert wave(1, late, doubtful).answered_at() == START + timedelta(hours=5)
    assert wave(2).answered_at() == wave(2).at


def test_a_history_is_in_order_however_it_came():
    waves = [wave(number) for number in (3, 1, 2)]
    history = History(waves)
    assert [one.key for one in history.waves] == ["w1", "w2", "w3"]
    assert history.days() == [0, 14, 28]
    assert history == History(reversed(waves))


def test_waves_of_one_instant_are_ordered_by_key():
    same = [Wave(key=key, at=START) for key in ("second", "first")]
    assert [one.key for one in History(same).waves] == ["first", "second"]


def test_a_key_names_one_wave():
    with pytest.raises(ValueError, match="two waves of one history have the same key"):
        History([wave(1), wave(1)])


def test_a_state_without_steps_says_nothing():
    state = PatternState(
        pattern="p", subject="a", label="p", basis="both", steps=(), events=(), not_computed=()
    ).with_evidence({"reasons": []})
    assert (state.level, state.probability, state.evidence) == (Level.NONE, None, {"reasons": []})

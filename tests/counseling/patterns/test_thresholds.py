from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from counseling.exceptions import InvalidInput
from counseling.patterns.thresholds import Rule, Thresholds


def test_the_defaults_are_those_of_the_design():
    numbers = Thresholds()
    assert numbers.one_sided.couple == Rule(
        quantity="couple_gap", size=15, raise_at=0.80, confirm_at=0.90, clear_below=0.40, clear_waves=2
    )
    assert numbers.one_sided.one_view.size == 20
    assert (numbers.enmeshed.blur.size, numbers.enmeshed.need_above, numbers.enmeshed.partner_blur_above) == (
        55,
        50,
        55,
    )
    tracking = numbers.tracking
    assert (tracking.prior_variance, tracking.drift_variance, tracking.scale_middle) == (400, 9, 50)
    assert (tracking.scale_bias_variance, tracking.couple_bias_variance, tracking.gap_bias_variance) == (64, 64, 128)
    assert tracking.gap_offset == 8
    assert numbers.standard_errors.model_dump() == {
        "need": 12,
        "blur": 9,
        "giving": 12,
        "receiving": 12,
        "carrying": 15,
        "carried": 15,
        "growth": 15,
        "pushback": 15,
        "own_pushback": 15,
    }


def test_the_json_comes_back_the_same():
    changed = Thresholds.from_json({"one_sided": {"couple": {"size": 12, "clear_waves": 3}}})
    assert Thresholds.from_json(json.loads(json.dumps(changed.to_json()))) == changed
    assert (changed.one_sided.couple.size, changed.one_sided.couple.clear_waves) == (12, 3)


def test_what_is_left_out_has_its_default():
    assert Thresholds.from_json({}) == Thresholds()
    assert Thresholds.from_json({"enmeshed": {"need_above": 60}}).enmeshed.blur == Thresholds().enmeshed.blur


def test_the_digest_tells_judgements_apart_and_nothing_else():
    assert Thresholds().digest() == Thresholds.from_json(Thresholds().to_json()).digest()
    assert Thresholds().digest() != Thresholds.from_json({"tracking": {"gap_offset": 7}}).digest()
    assert len(Thresholds().digest()) == 64


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"one_sided": {"couple": {"raise_at": 1.2}}}, "one_sided.couple.raise_at: Input should be less than 1"),
        (
            {"one_sided": {"couple": {"raise_at": 0.95}}},
            "one_sided.couple: must hold: clear_below < raise_at <= confirm",
        ),
        ({"one_sided": {"couple": {"clear_below": 0.8}}}, "one_sided.couple: must hold"),
        (
            {"one_sided": {"couple": {"quantity": "mood"}}},
            "one_sided: the quantity of couple is 'couple_gap' and cannot be changed",
        ),
        ({"tracking": {"couple_bias_variance": 200}}, "tracking: must hold: couple_bias_variance <= gap_bias_variance"),
        ({"tracking": {"prior_variance": 0}}, "tracking.prior_variance: Input should be greater than 0"),
        ({"tracking": {"gap_offset": "8"}}, "tracking.gap_offset: Input should be a valid number"),
        ({"mood": 1}, "mood: Extra inputs are not permitted"),
        ({"enmeshed": 5}, "enmeshed: Input should be"),
        ([], "thresholds: Input should be"),
    ],
)
def test_numbers_that_cannot_be_used_are_named(values, message):
    with pytest.raises(InvalidInput) as caught:
        Thresholds.from_json(values)
    assert message in str(caught.value)


def test_every_unusable_number_is_named_at_once():
    with pytest.raises(InvalidInput, match=r"tracking.prior_variance: .*; silence.finding_days: "):
        Thresholds.from_json({"tracking": {"prior_variance": 0}, "silence": {"finding_days": 0}})


def test_thresholds_are_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        Thresholds().tracking.gap_offset = 3  # type: ignore[misc]


@given(
    size=st.floats(-100, 100),
    parts=st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3, unique=True).map(sorted),
    waves=st.integers(1, 12),
)
def test_any_sensible_rule_survives_the_round_trip(size, parts, waves):
    clear_below, raise_at, confirm_at = parts
    given_rule = {
        "size": size,
        "raise_at": raise_at,
        "confirm_at": confirm_at,
        "clear_below": clear_below,
        "clear_waves": waves,
    }
    read = Thresholds.from_json({"one_sided": {"couple": given_rule}})
    assert Thresholds.from_json(json.loads(json.dumps(read.to_json()))) == read

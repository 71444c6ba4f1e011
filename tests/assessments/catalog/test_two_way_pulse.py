"""The short form asks some of the long form's questions, word for word, and knows that it knows less."""

from __future__ import annotations

from math import sqrt

import pytest

from assessments.conf import SHIPPED_CATALOG
from assessments.definition import load_definition
from tests.assessments.factories import two_way_check_in

TWC = two_way_check_in()
PULSE = load_definition((SHIPPED_CATALOG / "two-way-pulse.json").read_bytes())


def test_it_has_eight_questions_each_as_the_long_form_asks_it():
    asked = list(PULSE.questions())
    assert [item.id for item in asked] == ["n1", "e2", "o3", "c1", "d1", "g2", "v2", "fear"]
    assert asked == [TWC.item(item.id) for item in asked]
    assert PULSE.option_sets["frequency"] == TWC.option_sets["frequency"]
    assert PULSE.declined == TWC.declined


def test_its_scales_are_the_long_forms_by_name_direction_and_key():
    for scale in PULSE.scales:
        full = TWC.scale(scale.id)
        assert (scale.title, scale.kind, scale.direction) == (full.title, full.kind, full.direction)
        assert set(scale.items) <= set(full.items)
        assert set(scale.reversed) == set(full.reversed) & set(scale.items)
        assert scale.complete_pairs == full.complete_pairs


@pytest.mark.parametrize("scale", PULSE.scales, ids=lambda scale: scale.id)
def test_its_error_grows_as_items_are_left_out(scale):
    """The error of a mean of k parallel items falls with √k (Spearman, Brown 1910); and the few cover less."""
    full = TWC.scale(scale.id)
    assert scale.sem == pytest.approx(1.2 * full.sem * sqrt(len(full.items) / len(scale.items)), abs=0.05)


@pytest.mark.parametrize("scale", PULSE.scales, ids=lambda scale: scale.id)
def test_nothing_is_prorated_where_so_little_is_asked(scale):
    assert scale.minimum == len(scale.items)


def test_its_mirrors_pair_what_the_long_form_pairs():
    for mirror in PULSE.mirrors:
        assert set(mirror.pairs) <= set(TWC.mirror(mirror.id).pairs)


def test_being_afraid_raises_the_same_alarm():
    assert PULSE.alerts == TWC.alerts[:1]

from __future__ import annotations

import pytest

from assessments.scoring_keys import Fact, Unknown, apply_key, facts_of, key_of, match_key, scoring_key, unknowns
from tests.assessments.factories import small, two_way_check_in
from tests.assessments.scoring_keys.toy_forms import form, form_data

ERROR = "the error of measurement and a reliable change: no change category is computed"
OWN = Unknown(None, "no scoring key: range, reversals and cut-offs are the questionnaire's own")


def applied(slug):
    definition = form(form_data(slug))
    return apply_key(definition, match_key(definition))


def test_what_a_key_does_not_say_is_named_for_every_scale():
    assert unknowns(applied("phq-9")) == (Unknown("total", "norms"),)
    assert unknowns(applied("ecr-s")) == tuple(
        Unknown(scale, what) for scale in ("anxiety", "avoidance") for what in (ERROR, "a cut-off", "bands", "norms")
    )


def test_an_unknown_licence_is_named():
    assert unknowns(applied("ras"))[-1] == Unknown(None, "the licence: ask the holder of the rights before using it")


def test_a_questionnaire_without_a_key_says_so():
    assert unknowns(two_way_check_in())[-1] == OWN
    assert unknowns(small(scoring_key="nobodys"))[-1] == OWN


def test_the_key_of_a_questionnaire_is_the_one_it_names():
    assert key_of(applied("k10")) is scoring_key("k10")
    assert (key_of(two_way_check_in()), key_of(small(scoring_key="nobodys"))) == (None, None)


@pytest.mark.parametrize("change", [{"alerts": ()}, {"scales": ()}])
def test_a_questionnaire_that_was_changed_since_no_longer_counts_as_scored_by_the_key(change):
    doubt = Unknown(None, "whether it is still scored as PHQ-9 is: something was changed since")
    assert doubt in unknowns(applied("phq-9").model_copy(update=change))


def test_a_claimed_key_that_does_not_fit_is_doubted():
    doubt = Unknown(None, "whether it is still scored as PHQ-9 is: something was changed since")
    assert doubt in unknowns(small(scoring_key="phq-9"))


def test_every_number_stands_beside_its_source():
    barkham = "Barkham et al. 2013"
    assert facts_of(scoring_key("core-10")) == (
        Fact("total", "range", "0–40", barkham),
        Fact("total", "reversed", "2, 3", barkham),
        Fact("total", "needed", "9 of 10 answered", scoring_key("core-10").scales[0].missing),
        Fact("total", "bands", None, None),
        Fact("total", "cut-off", "≥ 11", barkham),
        Fact("total", "SEM", "2.43", barkham),
        Fact("total", "norms", "clinical: mean 19.7, SD 7.7", barkham),
        Fact("total", "norms", "general: mean 4.7, SD 4.8", barkham),
    )


def test_what_is_unknown_has_neither_value_nor_source():
    facts = facts_of(scoring_key("phq-9"))
    assert facts[2:] == (
        Fact("total", "needed", "all answered", None),
        Fact(
            "total",
            "bands",
            "minimal from 0, mild from 5, moderate from 10, moderately severe from 15, severe from 20",
            "Kroenke, Spitzer & Williams 2001",
        ),
        Fact("total", "cut-off", "≥ 10", "Kroenke, Spitzer & Williams 2001"),
        Fact("total", "SEM", None, None),
        Fact("total", "reliable change", "6", "NHS Talking Therapies Manual (NCCMH)"),
        Fact("total", "norms", None, None),
    )
    assert [fact.what for fact in facts_of(scoring_key("sfcds")) if fact.value is None] == [
        "bands",
        "cut-off",
        "SEM",
        "reliable change",
        "norms",
    ]

"""What a form says once its key was applied, scored as responses are."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.alerts import raised_alerts
from assessments.change import Point, compare, computed_cutoff, cutoff_c, reliable_change_criterion
from assessments.definition import Alert, load_definition
from assessments.exceptions import UnusableScoringKey
from assessments.scoring import score_response
from assessments.scoring_keys import apply_key, key_slugs, match_key, scoring_key
from tests.assessments.factories import words
from tests.assessments.scoring_keys.toy_forms import coding, form, form_data, items_of, turned


def applied(data):
    definition = form(data)
    return apply_key(definition, match_key(definition))


@cache
def fitting(slug):
    return applied(form_data(slug))


def scored(definition, places, scale="total"):
    """The score when question n is answered with the option at ``places[n - 1]``, None for no answer."""
    answers = {
        item.id: None if place is None else definition.options(item)[place].value
        for item, place in zip(definition.questions(), places, strict=True)
    }
    return {score.scale: score.value for score in score_response(definition, answers)}[scale]


def total(slug, places, scale="total"):
    return scored(fitting(slug), places, scale)


# --- The whole ---------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", key_slugs())
def test_applying_a_key_twice_is_applying_it_once(slug):
    once = fitting(slug)
    assert once.scoring_key == slug
    assert apply_key(once, match_key(once)) == once


@pytest.mark.parametrize("slug", key_slugs())
def test_what_was_applied_is_stored_and_read_back_unchanged(slug):
    definition = fitting(slug)
    assert load_definition(definition.canonical()) == definition


@pytest.mark.parametrize("slug", key_slugs())
@given(data=st.data())
def test_every_score_is_within_the_published_range(slug, data):
    key, definition = scoring_key(slug), fitting(slug)
    places = [data.draw(st.integers(0, len(key.answers_of(item).points) - 1)) for item in key.items]
    for scale in key.scales:
        least, most = key.range_of(scale)
        assert least <= scored(definition, places, scale.id) <= most


def test_a_key_that_does_not_fit_changes_nothing_and_says_why():
    data = form_data("phq-9")
    items_of(data).pop()
    match = match_key(form(data))
    with pytest.raises(UnusableScoringKey, match="8 questions with points where PHQ-9 has 9") as refused:
        apply_key(form(data), match)
    assert refused.value.problems == match.problems


def test_the_scales_of_the_file_go_and_its_other_alerts_stay():
    data = form_data("phq-9")
    data["scales"] = [{"id": "raw", "title": words("Raw"), "kind": "sum", "items": ["q1"], "minimum": 1}]
    data["scales"][0]["direction"] = "neutral"
    data["alerts"] = [{"item": "q1", "at_or_above": 4, "kind": "safety"}]
    definition = applied(data)
    assert [scale.id for scale in definition.scales] == ["total"]
    assert definition.alerts == (
        Alert(item="q1", at_or_above=4, kind="safety"),
        Alert(item="q9", at_or_above=2, kind="safety", soft_when_declined=True),
    )


def test_codes_without_points_become_choices_with_points_and_other_codes_stay_codes():
    data = form_data("phq-9", unscored=True)
    data["option_sets"]["difficulty"] = [{"value": value, "text": words(f"Hard {value}")} for value in (1, 2)]
    hard = {"id": "hard", "kind": "gate", "options": "difficulty", "text": words("Hard?"), "codes": [coding("69722-7")]}
    items_of(data).append(hard)
    definition = applied(data)
    assert {item.id: item.kind for item in definition.questions()} == {
        **{f"q{number}": "choice" for number in range(1, 10)},
        "hard": "gate",
    }
    assert [option.points for option in definition.option_sets["days"]] == [0, 1, 2, 3]
    assert scored(definition, [3] * 9 + [0]) == 27


def test_points_that_are_the_values_themselves_are_not_written_twice():
    data = form_data("phq-9", unscored=True)
    for value, option in enumerate(data["option_sets"]["days"]):
        option["value"] = value
    assert [option.score for option in applied(data).option_sets["days"]] == [None] * 4


# --- Scores ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "places", "score"),
    [
        ("phq-9", [0] * 9, 0),
        ("phq-9", [3] * 9, 27),
        ("phq-9", [1, 1, 1, 1, 1, 1, 2, 1, 1], 10),
        ("phq-9", [None] + [1] * 8, None),
        ("gad-7", [3] * 7, 21),
        ("gad-7", [2] + [0] * 6, 2),
        ("phq-2", [1, 2], 3),
        ("who-5", [0] * 5, 100),
        ("who-5", [5] * 5, 0),
        ("who-5", [2, 2, 3, 3, 3], 48),
        ("k10", [0] * 10, 10),
        ("k10", [4] * 10, 50),
        ("core-10", [0] * 10, 8),
        ("core-10", [4] * 10, 32),
        ("core-10", [0, 4, 4] + [0] * 7, 0),
        ("core-10", [4, 0, 0] + [4] * 7, 40),
        ("core-10", [None, 4, 4] + [0] * 7, 0),
        ("core-10", [None, None, 4] + [0] * 7, None),
        ("csi-16", [6, 0] + [5] * 8 + [0, 5, 0, 0, 5, 0], 81),
        ("csi-16", [0, 5] + [0] * 8 + [5, 0, 5, 5, 0, 5], 0),
        ("csi-16", [None, 0] + [5] * 8 + [0, 5, 0, 0, 5, 0], None),
        ("csi-4", [6, 5, 5, 5], 21),
        ("csi-4", [3, 3, 4, 3], 13),
        ("ras", [4, 4, 4, 0, 4, 4, 0], 5),
        ("ras", [0, 0, 0, 4, 0, 0, 4], 1),
        ("ras", [3, 3, 3, 1, 3, 3, 4], 25 / 7),
        ("rdas", [0] * 6 + [5] * 4 + [0] + [5] * 3, 69),
        ("rdas", [5] * 6 + [0] * 4 + [4] + [0] * 3, 0),
        ("kmss", [6, 6, 6], 21),
        ("kmss", [5, 5, 4], 17),
        ("sfcds", [5, 5, 5, 5, 0, 5, 0] + [5] * 9, 96),
        ("sfcds", [0, 0, 0, 0, 5, 0, 5] + [0] * 9, 16),
        ("audit", [4] * 8 + [2] * 2, 40),
        ("audit", [0] * 8 + [1] * 2, 4),
    ],
)
def test_scores_are_the_published_ones(slug, places, score):
    assert total(slug, places) == score


@pytest.mark.parametrize(
    ("slug", "places", "scale", "score"),
    [
        ("rdas", [0] * 14, "consensus", 30),
        ("rdas", [0] * 14, "satisfaction", 0),
        ("rdas", [5] * 10 + [4] + [5] * 3, "satisfaction", 20),
        ("rdas", [0] * 14, "cohesion", 4),
        ("rdas", [0] * 11 + [5] * 3, "cohesion", 19),
        ("ecr-s", [0, 6, 0, 6, 0, 6, 0, 0, 0, 6, 0, 6], "anxiety", 7),
        ("ecr-s", [0, 6, 0, 6, 0, 6, 0, 0, 0, 6, 0, 6], "avoidance", 4),
        ("ecr-s", [0, 0, 6, 0, 0, 0, 6, 6, 0, 0, 6, 0], "avoidance", 7),
        ("ecr-s", [0, 0, 6, 0, 0, 0, 6, 6, 0, 0, 6, 0], "anxiety", 1),
    ],
)
def test_subscales_count_their_own_items(slug, places, scale, score):
    assert total(slug, places, scale) == score


def test_points_that_the_file_turned_already_are_not_turned_again():
    data = form_data("core-10")
    data["option_sets"]["turned"] = turned(data["option_sets"]["frequency"])
    items_of(data)[1]["options"] = items_of(data)[2]["options"] = "turned"
    assert scored(applied(data), [0, 4, 4] + [0] * 7) == 0


# --- Cut-offs, bands and alerts ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "ordinary", "clinical"),
    [
        ("phq-9", 9, 10),
        ("gad-7", 9, 10),
        ("phq-2", 2, 3),
        ("who-5", 52, 50),
        ("k10", 19, 20),
        ("core-10", 10.9, 11),
        ("csi-16", 51.5, 51),
        ("csi-4", 13.5, 13),
        ("rdas", 48, 47),
        ("kmss", 17, 16),
        ("audit", 7, 8),
    ],
)
def test_the_first_cutoff_divides_where_the_source_says(slug, ordinary, clinical):
    cutoff = fitting(slug).scale("total").cutoffs[0]
    assert (cutoff.is_clinical(ordinary), cutoff.is_clinical(clinical)) == (False, True)


@pytest.mark.parametrize(
    ("slug", "edges"),
    [
        ("phq-9", [(0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately severe"), (20, "severe")]),
        ("gad-7", [(0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")]),
        ("k10", [(10, "low"), (20, "mild"), (25, "moderate"), (30, "severe")]),
    ],
)
def test_bands_begin_where_the_source_says(slug, edges):
    bands = fitting(slug).scale("total").bands
    assert [(band.at_least, band.label["en"]) for band in bands] == edges


@pytest.mark.parametrize(("slug", "item"), [("phq-9", "q9"), ("core-10", "q6")])
def test_the_risk_item_raises_an_alert_from_its_first_point_on(slug, item):
    definition = fitting(slug)
    values = [option.value for option in definition.options(definition.item(item))]
    raised = [[alert.kind for alert in raised_alerts(definition, {item: value})] for value in (*values, None)]
    assert raised == [[], *[["safety"]] * (len(values) - 1), ["declined"]]


def test_a_risk_item_asked_as_a_number_raises_its_alert_too():
    data = form_data("core-10")
    item = items_of(data)[5]
    item.pop("options")
    item.update(kind="integer", minimum=0, maximum=4)
    assert applied(data).alerts == (Alert(item="q6", at_or_above=1, kind="safety", soft_when_declined=True),)


# --- Error and change --------------------------------------------------------------------------


def change(slug, before, after):
    scale = fitting(slug).scale("total")
    days = date(2026, 1, 1), date(2026, 2, 1)
    points = (Point(day, value, scale.sem) for day, value in zip(days, (before, after), strict=True))
    return compare(*points, scale).category


def test_core_10_has_the_published_criterion_and_cutoff():
    scale = fitting("core-10").scale("total")
    clinical, general = scale.norms
    assert round(reliable_change_criterion(scale.sem), 1) == 6.7
    assert round(cutoff_c(clinical, general), 1) == 10.5
    assert computed_cutoff(scale) == cutoff_c(clinical, general)


def test_rdas_has_the_published_reliable_change():
    scale = fitting("rdas").scale("total")
    assert (scale.sem, scale.reliable_change.points) == (4.18, 11.58)
    assert round(reliable_change_criterion(scale.sem), 1) == round(scale.reliable_change.points, 1)


@pytest.mark.parametrize(
    ("slug", "before", "after", "category"),
    [
        ("phq-9", 16, 10, "improved"),
        ("phq-9", 15, 9, "recovered"),
        ("phq-9", 12, 7, "crossed_only"),
        ("phq-9", 5, 11, "deteriorated"),
        ("gad-7", 13, 9, "recovered"),
        ("gad-7", 20, 17, "unchanged"),
        ("who-5", 40, 52, "recovered"),
        ("core-10", 20, 13, "improved"),
        ("core-10", 20, 14, "unchanged"),
        ("rdas", 40, 52, "recovered"),
        ("rdas", 40, 51, "crossed_only"),
    ],
)
def test_change_is_judged_by_the_published_error(slug, before, after, category):
    assert change(slug, before, after) == category


@pytest.mark.parametrize("slug", ["k10", "csi-16", "csi-4", "kmss", "ras", "sfcds", "audit", "phq-2"])
def test_where_no_error_is_known_no_change_category_is_computed(slug):
    assert change(slug, 20, 5) == "unknown"

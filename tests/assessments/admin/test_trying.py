from __future__ import annotations

import pytest

from assessments.actions.versions import draft_version
from assessments.models import Response, Score
from tests.assessments.admin.people import of_version
from tests.assessments.differences.rich import load, rich_data
from tests.assessments.factories import published, small, small_data

pytestmark = pytest.mark.django_db


def post(reader, version, **entered):
    return reader.post(of_version(version, "try"), {"score": 1, **entered})


def results(page) -> dict[str, float | None]:
    return {working.scale.id: working.score.value for working in page.context["workings"]}


def asked(page) -> list[str]:
    return [name for form in page.context["pages"] for name in form.fields]


def test_it_begins_with_what_is_asked_at_first_and_no_results(reader, version):
    page = reader.get(of_version(version, "try"))
    assert (asked(page), page.context.get("workings")) == (["a", "gate"], None)


def test_answers_are_scored_with_their_working_and_nothing_is_kept(reader, version):
    page = post(reader, version, a="3", gate="1", b="1")
    assert results(page) == {"sum": 50.0}
    assert "= 100 × ((3 + 1) ÷ 2 − 1) ÷ (3 − 1)" in page.text
    assert (Response.objects.count(), Score.objects.count()) == (0, 0)


def test_what_was_entered_stands_there_again_with_what_follows_from_it(reader, version):
    page = post(reader, version, a="2", gate="1")
    assert asked(page) == ["a", "gate", "b", "note"]
    assert page.text.count(" checked") == 2
    assert [item.id for item in page.context["missing"]] == ["b"]


def test_what_is_hidden_does_not_count_and_is_said(reader, version):
    page = post(reader, version, a="3", gate="0", b="1")
    assert (results(page), [item.id for item in page.context["hidden"]]) == ({"sum": 100.0}, ["b", "note"])
    assert "prorated: 1 of 2" in page.text


def test_alerts_are_said(reader, version):
    raised = post(reader, version, a="3", gate="0")
    assert [alert.item for alert, _ in raised.context["alerts"]] == ["a"]
    assert ["Raises a safety alert" in raised.text, "My partner and I" in raised.text] == [True, True]
    assert "Raises a soft signal" in post(reader, version, a="declined", gate="0").text
    assert post(reader, version, a="1", gate="0").context["alerts"] == []


def test_a_blank_that_would_be_a_soft_signal_is_said(reader):
    blocks = small_data()["blocks"]
    blocks[0]["items"][0].update(required=False)
    version = draft_version(small(blocks=blocks))
    assert "because it was left open" in post(reader, version, gate="0").text
    assert post(reader, version).context["alerts"] == []


def test_what_is_missing_is_no_fault_and_what_cannot_be_read_is(reader):
    version = draft_version(load(rich_data()))
    page = post(reader, version, age="abc", a="1")
    faults = {name: list(found) for form in page.context["pages"] for name, found in form.errors.items()}
    assert (list(faults), page.context["is_wrong"]) == (["age"], True)
    assert 'value="abc"' in page.text
    assert post(reader, version, age="12", a="1").context["is_wrong"] is False


def test_a_scale_without_enough_answers_is_not_computed(reader):
    page = post(reader, draft_version(load(rich_data())), a="1")
    assert results(page) == {"pomp": None, "sum": None, "heavy": None, "total": None}
    assert "Cannot be computed: 0 of 2 count, 1 are needed." in page.text


@pytest.mark.parametrize(("level", "need"), [("lowest", 50.0), ("middle", 50.0), ("highest", 50.0)])
def test_it_fills_itself_with_samples(reader, level, need):
    page = reader.post(of_version(published(), "try"), {"fill": level})
    found = results(page)
    assert (found["need"], [name for name, value in found.items() if value is None]) == (need, [])
    assert page.text.count(" checked") >= 45


def test_it_can_be_cleared(reader, version):
    page = reader.post(of_version(version, "try"), {"clear": 1, "a": "3"})
    assert (page.text.count(" checked"), asked(page)) == (0, ["a", "gate"])


def test_everything_a_scale_can_say_is_shown(reader):
    version = draft_version(load(rich_data()))
    page = reader.post(of_version(version, "try"), {"fill": "highest"}).text
    shown = ["95 % band", "(SEM 4)", "on the clinical side", "Its error is unknown", "2 × 2", "high"]
    assert [text for text in shown if text not in page] == []


def test_a_questionnaire_without_scales_says_so(reader):
    data = rich_data() | {"scales": [], "scoring_key": None}
    page = reader.post(of_version(draft_version(load(data)), "try"), {"fill": "lowest"})
    assert "This questionnaire has no scales." in page.text

"""Reading what one person answered, as it was asked."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils.html import escape

from assessments.actions.responses import withdraw_response
from assessments.actions.versions import draft_version, publish_version
from assessments.definition import load_definition
from counseling.actions.answering import save_block, start_answering, submit_follow_up
from counseling.actions.enrollments import start_enrollment
from counseling.models import AuditEvent, Baseline, FollowUp
from tests.assessments.factories import every_kind, two_way_check_in, words
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of, couple, work_of
from tests.factories import NOW, PlanFactory, StaffFactory, StepFactory

pytestmark = pytest.mark.django_db


def page_of(follow_up: FollowUp) -> str:
    return reverse("admin:counseling_case_answers", args=[follow_up.case_id, follow_up.pk])


def answered_by(work, number: int) -> FollowUp:
    return work.enrollment.follow_ups.get(client=work.case.members[number])


def test_every_question_stands_with_its_answer_in_words(work, counselor):
    page = counselor.get(page_of(answered_by(work, 0)))
    first = "I make time to listen to what is on my partner's mind."
    blocks = {block.title: block for block in page.context["page"].blocks}
    lines = {line.question: line.answer for block in blocks.values() for line in block.lines}
    assert lines[first] == "Almost always"
    assert blocks["Your safety"].private is True
    for expected in ("Anouk’s answers", escape(first), "asked in private", "Version 1", "New and not yet validated."):
        assert expected in page.text, expected


def test_what_was_not_asked_is_not_shown(work, counselor):
    page = counselor.get(page_of(answered_by(work, 0)))
    assert "kept pressing" not in page.text


def test_each_score_shows_how_it_came_about(work, counselor):
    page = counselor.get(page_of(answered_by(work, 0)))
    giving = next(scale for scale in page.context["page"].scales if scale.working.scale.id == "giving")
    assert (giving.working.score.value, giving.ends) == (100.0, (0.0, 100.0))
    assert giving.working.formula in page.text


def test_the_score_is_the_stored_one_and_a_difference_is_said(work, counselor):
    follow_up = answered_by(work, 0)
    follow_up.response.scores.filter(scale="giving").update(value=40.0)
    page = counselor.get(page_of(follow_up))
    giving = next(line for line in page.context["page"].scales if line.working.scale.id == "giving")
    assert (giving.score.value, giving.working.score.value, giving.error_band[0] < 40 < giving.error_band[1]) == (
        *(40.0, 100.0),
        True,
    )
    assert "stored, by scoring version 1" in page.text
    assert "By today’s rules the answers give 100." in page.text


def test_nothing_is_said_where_nothing_differs(work, counselor):
    assert "scoring version" not in counselor.get(page_of(answered_by(work, 0))).text


def test_an_answer_that_raised_an_alert_is_marked(db):
    work = work_of(safety=True)
    page = browser_of(work.counselor).get(page_of(answered_by(work, 1)))
    marked = [line.question for block in page.context["page"].blocks for line in block.lines if line.alarming]
    assert marked == ["I have felt afraid of what my partner might do."]
    assert "needs a look" in page.text


def test_it_stays_in_the_words_it_was_asked_in(work, counselor):
    """A later version with other words changes nothing about what was answered before."""
    data = json.loads(two_way_check_in().canonical())
    data["blocks"][0]["title"] = {"en": "Reworded", "es": "Otra cosa"}
    publish_version(draft_version(load_definition(json.dumps(data))), now=NOW)
    page = counselor.get(page_of(answered_by(work, 0)))
    assert ("Everyday life" in page.text, "Reworded" in page.text) == (True, False)


def test_reading_it_is_noted(work, counselor):
    follow_up = answered_by(work, 0)
    before = AuditEvent.objects.latest("sequence").sequence
    counselor.get(page_of(follow_up))
    noted = AuditEvent.objects.get(sequence__gt=before)
    assert (noted.action, noted.actor, noted.subject_id) == ("response.viewed", work.counselor, follow_up.pk)


def test_what_is_not_answered_or_was_withdrawn_is_not_there(work, counselor):
    follow_up = answered_by(work, 0)
    withdraw_response(follow_up.response, now=NOW)
    assert counselor.get(page_of(follow_up)).status_code == 404
    case = couple(work.counselor, "Iris", "Jan")
    waiting = start_enrollment(case, work.plan, start_on=NOW.date(), by=work.counselor, now=NOW).follow_ups.first()
    assert counselor.get(page_of(waiting)).status_code == 404


def test_one_cases_answers_do_not_open_under_anothers_address(work, counselor):
    other = couple(work.counselor, "Iris", "Jan")
    address = reverse("admin:counseling_case_answers", args=[other.pk, answered_by(work, 0).pk])
    assert counselor.get(address).status_code == 404


def test_every_kind_of_answer_reads_as_it_was_given(db):
    nora = StaffFactory()
    version = publish_version(draft_version(every_kind(notice=words("Ours."))), now=NOW)
    plan = PlanFactory(clinic=nora.clinic)
    StepFactory(plan=plan, instrument=version.instrument, occurrences=1)
    case = couple(nora)
    follow_up = start_enrollment(case, plan, start_on=NOW.date(), by=nora, now=NOW).follow_ups.first()
    at = follow_up.due_at
    draft = start_answering(follow_up, language="en", now=at)
    pages = {
        "choices": {"one": 2, "some": [1, 3], "yes": 1, "gate": 1, "check": None},
        "page2": {"amount": 0.5, "count": 3},
        "page3": {"rating": 6, "day": "2026-01-31"},
    }
    for block_id, answers in pages.items():
        follow_up.refresh_from_db()
        draft = save_block(follow_up, block_id, answers=answers, revision=draft.revision, now=at)
    submit_follow_up(follow_up, now=at)
    page = browser_of(nora).get(page_of(follow_up))
    assert [line.answer for block in page.context["page"].blocks for line in block.lines] == [
        *("Much", "Sleep; Rest", "Yes", "Yes", "Prefer not to say"),
        *("0.5 litres", "3", "6 (0 = Not at all – 9 = Fully)", "Jan. 31, 2026", ""),
    ]
    assert "left open" in page.text


def test_the_number_of_queries_does_not_grow_with_the_case(db):
    one = work_of(waves=1)
    before = queries_of(browser_of(one.counselor), page_of(answered_by(one, 0)))
    three = work_of(waves=3, version=one.enrollment.follow_ups.first().version)
    latest = three.enrollment.follow_ups.filter(client=three.case.members[0]).last()
    assert queries_of(browser_of(three.counselor), page_of(latest)) == before


# --- Where change is measured from ----------------------------------------------------------------


def test_a_baseline_is_set_and_lifted_on_the_page(work, counselor):
    follow_up = answered_by(work, 0)
    case_page = reverse("admin:counseling_case_change", args=[work.case.pk])
    assert "Measure change from these answers" in counselor.get(page_of(follow_up)).text
    done = counselor.post(case_page, {"move": "set_baseline", "follow_up": follow_up.pk}, follow=True)
    assert done.redirect_chain == [(case_page + "#scores", 302)]
    assert "baseline chosen by Nora Counselor" in done.text
    baseline = Baseline.objects.get()
    page = counselor.get(page_of(follow_up))
    assert "Nora Counselor made them Anouk’s baseline" in page.text
    counselor.post(case_page, {"move": "lift_baseline", "baseline": baseline.pk})
    assert not Baseline.objects.standing().exists()


def test_setting_it_twice_says_how_it_stands(work, counselor):
    follow_up = answered_by(work, 0)
    case_page = reverse("admin:counseling_case_change", args=[work.case.pk])
    codes = [counselor.post(case_page, {"move": "set_baseline", "follow_up": follow_up.pk}).status_code for _ in "ab"]
    assert codes == [302, 409]
    assert Baseline.objects.count() == 1


def test_an_outsider_sets_none(work):
    outsider = browser_of(StaffFactory(clinic=work.counselor.clinic))
    case_page = reverse("admin:counseling_case_change", args=[work.case.pk])
    answer = outsider.post(case_page, {"move": "set_baseline", "follow_up": answered_by(work, 0).pk})
    assert (answer.status_code, Baseline.objects.exists()) == (404, False)


def test_what_belongs_to_another_case_is_not_found(work, counselor):
    other = couple(work.counselor, "Iris", "Jan")
    address = reverse("admin:counseling_case_change", args=[other.pk])
    for posted in ({"move": "set_baseline", "follow_up": answered_by(work, 0).pk}, {"move": "lift_baseline"}):
        assert counselor.post(address, posted).status_code == 404

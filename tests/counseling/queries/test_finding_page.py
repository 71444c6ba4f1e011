from __future__ import annotations

import pytest

from counseling.enums import Pattern
from counseling.models import Finding
from counseling.queries.finding_page import finding_page
from tests.counseling.admin.work import work_of
from tests.factories import CaseFactory, ClientFactory, FindingFactory

pytestmark = pytest.mark.django_db
PEOPLE = ("case__clinic", "case__client", "case__relationship__first", "case__relationship__second", "thresholds")


def page_of(finding, language="en"):
    return finding_page(Finding.objects.select_related(*PEOPLE).get(pk=finding.pk), language=language)


def test_mirrored_answers_stand_side_by_side_grouped_by_whose_doing_they_are_about():
    work = work_of()
    first, second = work.case.members
    rows = page_of(work.finding).answers
    assert [row.about for row in rows] == [first] * 5 + [second] * 5
    assert rows[0].question == "I make time to listen to what is on my partner's mind."
    assert rows[0].answers == ("Almost always", "Almost always")
    assert rows[5].answers == ("Never", "Never")


def test_questions_and_answers_are_told_in_the_reader_s_language():
    rows = page_of(work_of().finding, language="es").answers
    assert rows[0].answers == ("Casi siempre", "Casi siempre")
    assert "mi pareja" in rows[0].question


def test_scores_come_with_bands_inside_the_scale_and_the_path_with_who_answered():
    work = work_of(waves=2)
    page = page_of(work.finding)
    giving = page.scores[0]
    assert (giving.title, giving.person, giving.value, giving.high) == ("Giving", work.case.members[0], 100, 100)
    assert [row.reporters for row in page.path] == [work.case.members] * 2
    assert (page.size, page.is_gap, page.giver) == (15, True, work.case.members[0])
    assert [event.kind for event in page.events] == ["raised"]
    assert [follow_up.client_id for follow_up in page.read] == [member.pk for member in work.case.members]


def test_what_was_seen_is_apart_from_what_would_clear_it_and_other_readings():
    told = page_of(work_of().finding).explanation
    assert told.seen[0].startswith("Anouk appears to give more")
    assert [len(part) for part in (told.clearing, told.otherwise, told.unknown)] == [1, 1, 0]


def test_a_suspended_comparison_comes_without_any_evidence():
    work = work_of(safety=True)
    page = page_of(work.finding)
    assert page.is_suspended
    assert page.suspending == (work.safety,)
    assert (page.answers, page.scores, page.path, page.read, page.explanation.seen) == ((), (), (), (), ())


def test_a_safety_finding_shows_its_answers_and_suspends_only_the_others():
    work = work_of(safety=True)
    page = page_of(work.safety)
    assert not page.is_suspended
    assert [(alarm.question, alarm.answer) for alarm in page.alarms] == [
        ("I have felt afraid of what my partner might do.", "Sometimes")
    ]
    assert (page.answers, [follow_up.client for follow_up in page.read]) == ((), [work.case.members[1]])


def test_a_declined_and_a_missing_answer_are_told_apart():
    work = work_of()
    evidence = work.finding.evidence
    first, second = evidence["items"][0], evidence["items"][1]
    first["answers"]["a"] = None
    del second["answers"]["b"]
    work.finding.save()
    rows = page_of(work.finding).answers
    assert rows[0].answers == ("Does not apply / prefer not to say", "Almost always")
    assert rows[5].answers == ("Never", None)


def test_a_giver_outside_the_case_has_no_name():
    client = ClientFactory()
    alone = CaseFactory(lead=client.registered_by, relationship=None, client=client)
    assert page_of(FindingFactory(case=alone, evidence={"giver": "b"})).giver is None


def test_an_answer_whose_response_is_gone_is_told_by_its_codes():
    item = {"kind": "safety", "item": "fear", "answer": 2, "at": "2026-03-02T12:00:00+00:00", "reference": ""}
    page = page_of(FindingFactory(pattern=Pattern.SAFETY, evidence={"items": [item]}))
    assert [(alarm.question, alarm.answer) for alarm in page.alarms] == [("fear", "2")]


def test_it_takes_four_queries_however_many_waves(django_assert_num_queries):
    one = work_of(waves=1)
    three = work_of(waves=3, version=one.enrollment.follow_ups.first().version)
    for work in (one, three):
        finding = Finding.objects.select_related(*PEOPLE).get(pk=work.finding.pk)
        with django_assert_num_queries(4):
            finding_page(finding, language="en")

from __future__ import annotations

import pytest

from counseling.actions.reviews import claim_finding
from counseling.enums import Pattern
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of, work_of
from tests.factories import NOW, CaseFactory, FindingFactory, StaffFactory

pytestmark = pytest.mark.django_db
QUEUE = "/admin/counseling/finding/"


def test_the_queue_says_what_waits_how_sure_it_is_since_when_and_who_has_it(work, counselor):
    claim_finding(work.finding, by=work.counselor, now=NOW)
    page = counselor.get(QUEUE)
    assert [finding.pk for finding in page.context["page"]] == [work.finding.pk]
    for words in (
        "One-sided: Anouk appears to give more",
        "Anouk Zwart &amp; Bertil Zwart",
        "99 %",
        "Nora Counselor",
        "21",
    ):
        assert words in page.text, words


def test_who_a_comparison_is_about_and_how_sure_it_is_stay_unsaid_while_a_safety_finding_stands(db):
    work = work_of(safety=True)
    page = browser_of(work.counselor).get(QUEUE)
    assert [finding.pattern for finding in page.context["page"]] == [Pattern.SAFETY, Pattern.ONE_SIDED]
    assert "paused: safety comes first" in page.text
    assert "One-sided (paused)" in page.text
    assert "Safety: Bertil’s answers" in page.text
    for words in ("99 %", "One-sided: ", "appears to"):
        assert words not in page.text, words


def test_the_pattern_narrows_it_down(work, counselor):
    enmeshed = FindingFactory(case=work.case, pattern=Pattern.ENMESHED)
    shown = {
        pattern: [finding.pk for finding in counselor.get(QUEUE, {"pattern": pattern}).context["page"]]
        for pattern in ("enmeshed", "safety", "nonsense")
    }
    assert shown["enmeshed"] == [enmeshed.pk]
    assert shown["safety"] == []
    assert set(shown["nonsense"]) == {work.finding.pk, enmeshed.pk}


def test_a_supervisor_sees_the_team_s_and_can_choose_a_counselor(work):
    colleague = StaffFactory(clinic=work.case.clinic, supervisor=work.supervisor)
    theirs = FindingFactory(case=CaseFactory(lead=colleague))
    supervisor = browser_of(work.supervisor)
    assert {finding.pk for finding in supervisor.get(QUEUE).context["page"]} == {work.finding.pk, theirs.pk}
    chosen = supervisor.get(QUEUE, {"counselor": colleague.pk})
    assert [finding.pk for finding in chosen.context["page"]] == [theirs.pk]


def test_an_empty_queue_says_so(db):
    assert "Nothing waits for your judgement." in browser_of(StaffFactory()).get(QUEUE).text


def test_the_number_of_queries_is_the_same_with_1_and_50_findings(work, counselor):
    supervisor = browser_of(work.supervisor)
    before = queries_of(counselor, QUEUE), queries_of(supervisor, QUEUE)
    for _ in range(49):
        claim_finding(FindingFactory(case=CaseFactory(lead=work.counselor)), by=work.counselor, now=NOW)
    assert (queries_of(counselor, QUEUE), queries_of(supervisor, QUEUE)) == before
    assert before[0] <= 14

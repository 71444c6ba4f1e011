from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from counseling.actions.cases import close_case
from counseling.actions.consents import withdraw_consent
from counseling.actions.reviews import dismiss_finding
from counseling.enums import CaseStatus, ConsentPurpose, Reason, StaffRole
from counseling.models import AuditEvent, Case, Enrollment
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of, couple, work_of
from tests.factories import NOW, ClientFactory, FindingFactory, RelationshipFactory, SessionFactory, StaffFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/counseling/case/add/"


def page_of(case):
    return reverse("admin:counseling_case_change", args=[case.pk])


def actions_after(sequence):
    return list(AuditEvent.objects.filter(sequence__gt=sequence).values_list("action", flat=True))


def test_the_page_has_the_people_their_sessions_follow_ups_findings_and_scores(work, counselor):
    page = counselor.get(page_of(work.case))
    assert [person.client for person in page.context["people"]] == list(work.case.members)
    assert page.context["sessions"]["upcoming"] == [work.session]
    assert page.context["findings"]["waiting"] == [work.finding]
    assert [len(timeline.near) for timeline in page.context["timelines"]] == [1]
    giving = next(scale for scale in page.context["scores"][0].scales if scale.scale.id == "giving")
    assert [[score.value for score in row.cells] for row in giving.rows] == [[100.0], [0.0]]


def test_reading_it_is_noted_and_so_is_whose_answers_were_read(work, counselor):
    before = AuditEvent.objects.latest("sequence").sequence
    counselor.get(page_of(work.case))
    assert sorted(actions_after(before)) == ["case.viewed", "response.viewed", "response.viewed"]


def test_scores_are_not_compared_while_a_safety_finding_is_undecided(db):
    work = work_of(safety=True)
    counselor = browser_of(work.counselor)
    before = AuditEvent.objects.latest("sequence").sequence
    page = counselor.get(page_of(work.case))
    assert (page.context["scores"], page.context["suspending"]) == ([], [work.safety])
    assert "Safety comes first." in page.text
    assert "One-sided (paused)" in page.text
    for words in ("Giving", "One-sided: ", "appears to"):
        assert words not in page.text, words
    assert actions_after(before) == ["case.viewed"]
    dismiss_finding(work.safety, reason="spoken with both", by=work.counselor, now=NOW)
    page = counselor.get(page_of(work.case))
    assert (len(page.context["scores"]), "One-sided: Anouk appears to give more" in page.text) == (1, True)
    assert "Safety: Bertil’s answers" in page.text


def test_what_keeps_emails_from_a_person_is_said(work, counselor):
    withdraw_consent(work.case.members[0], purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=NOW)
    first, second = counselor.get(page_of(work.case)).context["people"]
    assert (first.obstacles, second.obstacles) == ((Reason.NO_CONSENT,), ())


@pytest.mark.parametrize(
    ("stands", "move", "comes"),
    [
        (CaseStatus.OPEN, "hold", CaseStatus.ON_HOLD),
        (CaseStatus.ON_HOLD, "resume", CaseStatus.OPEN),
        (CaseStatus.ON_HOLD, "close", CaseStatus.CLOSED),
    ],
)
def test_the_case_is_moved(stands, move, comes, work, counselor):
    Case.objects.filter(pk=work.case.pk).update(status=stands)
    answer = counselor.post(page_of(work.case), {"move": move})
    assert (answer.status_code, answer.url) == (302, page_of(work.case))
    assert Case.objects.get(pk=work.case.pk).status == comes


def test_a_case_that_a_colleague_closed_meanwhile_is_a_conflict_and_shown_as_it_stands(work, counselor):
    close_case(work.case, by=work.supervisor, now=NOW)
    answer = counselor.post(page_of(work.case), {"move": "hold"})
    assert answer.status_code == 409
    assert "moved on since you opened the page" in answer.text
    assert answer.context["case"].status == CaseStatus.CLOSED


def test_a_plan_is_ended(work, counselor):
    answer = counselor.post(page_of(work.case), {"move": "end_enrollment", "enrollment": work.enrollment.pk})
    assert answer.url == page_of(work.case) + "#follow-ups"
    assert Enrollment.objects.get(pk=work.enrollment.pk).ended_by == work.counselor
    again = counselor.post(page_of(work.case), {"move": "end_enrollment", "enrollment": work.enrollment.pk})
    assert again.status_code == 409


def test_the_case_is_shared_and_handed_over(work, counselor):
    colleague = StaffFactory(clinic=work.case.clinic)
    shared = {"move": "assign", "lead": work.counselor.pk, "co_counselors": [colleague.pk]}
    assert counselor.post(page_of(work.case), shared).url == page_of(work.case)
    assert list(work.case.co_counselors.all()) == [colleague]
    handed_over = {"move": "assign", "lead": colleague.pk}
    assert counselor.post(page_of(work.case), handed_over).url == reverse("admin:counseling_case_changelist")
    assert Case.objects.get(pk=work.case.pk).lead == colleague
    assert counselor.get(page_of(work.case)).status_code == 404


def test_only_clinical_colleagues_can_lead(work, counselor):
    for person in (work.admin, StaffFactory(), StaffFactory(clinic=work.case.clinic, is_active=False)):
        answer = counselor.post(page_of(work.case), {"move": "assign", "lead": person.pk})
        assert list(answer.context["lead_form"].errors) == ["lead"]
    assert Case.objects.get(pk=work.case.pk).lead == work.counselor


def test_the_lead_is_not_also_a_co_counselor(work, counselor):
    posted = {"move": "assign", "lead": work.counselor.pk, "co_counselors": [work.counselor.pk]}
    answer = counselor.post(page_of(work.case), posted)
    assert (answer.status_code, list(answer.context["lead_form"].errors)) == (400, ["co_counselors"])


def open_posted(staff, **about):
    return {"lead": staff.pk, "confidentiality": "no_secrets", **about}


def test_a_case_is_opened_for_two(work, counselor):
    pair = RelationshipFactory(first__registered_by=work.counselor)
    answer = counselor.post(ADD, open_posted(work.counselor, relationship=pair.pk))
    case = Case.objects.get(relationship=pair)
    assert (answer.url, case.lead, case.confidentiality) == (page_of(case), work.counselor, "no_secrets")


def test_a_case_is_opened_for_one(work, counselor):
    client = ClientFactory(registered_by=work.counselor)
    counselor.post(ADD, open_posted(work.counselor, client=client.pk))
    assert Case.objects.get(client=client).relationship is None


def test_it_is_for_two_or_for_one_never_both_and_never_neither(work, counselor):
    pair, client = work.case.relationship, work.case.members[0]
    for about in ({}, {"relationship": pair.pk, "client": client.pk}):
        answer = counselor.post(ADD, open_posted(work.counselor, **about))
        assert list(answer.context["form"].errors) == ["relationship"]


def test_nobody_of_another_clinic_can_be_part_of_a_case(work, counselor):
    foreign = couple(StaffFactory(role=StaffRole.COUNSELOR), "Iris", "Finn")
    for about, field in (
        ({"relationship": foreign.relationship.pk}, "relationship"),
        ({"client": foreign.members[0].pk}, "client"),
        ({"relationship": work.case.relationship.pk, "lead": foreign.lead.pk}, "lead"),
        ({"relationship": work.case.relationship.pk, "co_counselors": [foreign.lead.pk]}, "co_counselors"),
    ):
        answer = counselor.post(ADD, open_posted(work.counselor) | about)
        assert list(answer.context["form"].errors) == [field]
        assert "Iris" not in answer.text
    assert Case.objects.filter(clinic=work.case.clinic).count() == 1


def test_the_number_of_queries_is_the_same_with_1_and_3_waves_and_rows(db):
    one = work_of(waves=1)
    before = queries_of(browser_of(one.counselor), page_of(one.case))
    three = work_of(waves=3, version=one.enrollment.follow_ups.first().version)
    for number in range(2):
        SessionFactory(case=three.case, starts_at=NOW + timedelta(days=8 + number))
        FindingFactory(case=three.case, pattern="enmeshed", subject=three.case.members[number])
    assert queries_of(browser_of(three.counselor), page_of(three.case)) == before

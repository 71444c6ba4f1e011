from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from counseling.actions.clients import update_client
from counseling.actions.consents import withdraw_consent
from counseling.enums import ConsentPurpose, Reason
from counseling.models import Client, Enrollment, FollowUp
from tests.counseling.admin.work import couple
from tests.factories import CaseFactory, ClientFactory, PlanFactory, StepFactory

pytestmark = pytest.mark.django_db
START = "2026-03-09"


@pytest.fixture
def case(work):
    """A second couple, on no plan yet."""
    return couple(work.counselor, "Iris", "Finn")


def page_of(case):
    return reverse("admin:counseling_case_enroll", args=[case.pk])


def test_one_first_chooses_beginning_with_today(work, counselor, case):
    page = counselor.get(page_of(case))
    assert (page.context["preview"], page.context["form"]["start_on"].value()) == (None, date(2026, 3, 3))
    assert list(page.context["form"].fields["plan"].queryset) == [work.plan]


def test_the_preview_tells_every_date_in_each_person_s_own_time_and_changes_nothing(work, counselor, case):
    Client.objects.filter(pk=case.members[1].pk).update(time_zone="Europe/Madrid")
    page = counselor.get(page_of(case), {"plan": work.plan.pk, "start_on": START})
    first, second = page.context["preview"].people
    assert (first.client.time_zone, second.client.time_zone) == ("America/New_York", "Europe/Madrid")
    assert "America/New_York" in page.text
    assert "Europe/Madrid" in page.text
    assert page.text.count("Mon, Mar 9, 2026, 9 a.m.") == page.text.count("Mon, Mar 16, 2026, 9 a.m.") == 2
    assert not Enrollment.objects.filter(case=case).exists()


def test_the_preview_tells_what_would_keep_emails_back(work, counselor, case):
    first, second = case.members
    withdraw_consent(first, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=work.case.opened_at)
    update_client(second, by=work.counselor, now=work.case.opened_at, time_zone="", email="")
    page = counselor.get(page_of(case), {"plan": work.plan.pk, "start_on": START})
    problems = [person.problems for person in page.context["preview"].people]
    assert problems == [(Reason.NO_CONSENT,), (Reason.NO_EMAIL, Reason.NO_ZONE)]
    for reason in (Reason.NO_CONSENT, Reason.NO_EMAIL, Reason.NO_ZONE):
        assert str(reason.label) in page.text


def test_confirming_starts_the_plan(work, counselor, case):
    wish = {"plan": work.plan.pk, "start_on": START}
    shown = counselor.get(page_of(case), wish).context["shown"]
    answer = counselor.post(page_of(case), {**wish, "shown": shown})
    assert answer.url == reverse("admin:counseling_case_change", args=[case.pk]) + "#follow-ups"
    enrollment = Enrollment.objects.get(case=case)
    assert (enrollment.plan, enrollment.start_on, enrollment.started_by) == (
        work.plan,
        date(2026, 3, 9),
        work.counselor,
    )
    assert FollowUp.objects.filter(enrollment=enrollment).count() == 2


def test_what_is_different_by_now_is_shown_instead_of_started(work, counselor, case):
    wish = {"plan": work.plan.pk, "start_on": START}
    shown = counselor.get(page_of(case), wish).context["shown"]
    Client.objects.filter(pk=case.members[1].pk).update(time_zone="Europe/Madrid")
    answer = counselor.post(page_of(case), {**wish, "shown": shown})
    assert (answer.status_code, answer.context["summary"]) == (409, "2 invitations are new.")
    assert "(Madrid)" in answer.text
    assert not Enrollment.objects.filter(case=case).exists()
    counselor.post(page_of(case), {**dict(answer.context["posted"]), "shown": answer.context["shown"]})
    assert FollowUp.objects.filter(enrollment__case=case).count() == 2


def test_nobody_starts_what_they_were_not_shown(work, counselor, case):
    answer = counselor.post(page_of(case), {"plan": work.plan.pk, "start_on": START})
    assert (answer.status_code, answer.context["summary"]) == (200, "2 invitations are new.")
    assert not Enrollment.objects.filter(case=case).exists()


def test_a_case_is_not_put_on_the_same_plan_twice(work, counselor):
    answer = counselor.post(page_of(work.case), {"plan": work.plan.pk, "start_on": START})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["plan"])


def test_a_plan_is_not_started_when_nobody_could_be_written_to(work, counselor, case):
    for member in case.members:
        withdraw_consent(member, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=work.case.opened_at)
    answer = counselor.post(page_of(case), {"plan": work.plan.pk, "start_on": START})
    assert answer.status_code == 400
    assert not Enrollment.objects.filter(case=case).exists()


@pytest.mark.parametrize("start_on", ["", "soon", "2026-03-01"])
def test_a_start_that_cannot_be_is_said_beside_the_field(start_on, work, counselor, case):
    for answer in (
        counselor.get(page_of(case), {"plan": work.plan.pk, "start_on": start_on}),
        counselor.post(page_of(case), {"plan": work.plan.pk, "start_on": start_on}),
    ):
        assert list(answer.context["form"].errors) == ["start_on"]
    assert not Enrollment.objects.filter(case=case).exists()


def test_another_clinic_s_plan_or_one_that_is_not_offered_is_no_choice(work, counselor, case):
    foreign = StepFactory(plan=PlanFactory(), instrument=work.plan.steps.get().instrument).plan
    retired = PlanFactory(clinic=work.case.clinic, is_active=False)
    for plan in (foreign, retired):
        answer = counselor.post(page_of(case), {"plan": plan.pk, "start_on": START})
        assert list(answer.context["form"].errors) == ["plan"]
    assert not Enrollment.objects.filter(case=case).exists()


def test_a_single_client_is_asked_about_somebody(work, counselor):
    client = ClientFactory(registered_by=work.counselor)
    case = CaseFactory(lead=work.counselor, relationship=None, client=client)
    page = counselor.get(page_of(case), {"plan": work.plan.pk, "start_on": START, "other_role": "mother"})
    assert [follow_up.other_role for follow_up in page.context["preview"].follow_ups] == ["mother"]


def test_without_a_plan_there_is_nothing_to_choose(work, counselor, case):
    work.plan.is_active = False
    work.plan.save()
    assert "offers no follow-up plan yet" in counselor.get(page_of(case)).text

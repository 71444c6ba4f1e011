from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from counseling.actions.enrollments import start_enrollment
from counseling.actions.stopping import stop_plan
from counseling.actions.suspensions import suspend_address
from counseling.enums import ConsentPurpose, SuspensionCause
from counseling.models import AuditEvent, Client, Consent, FollowUp
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import couple
from tests.factories import NOW, CaseFactory, ClientFactory, StaffFactory

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/counseling/client/", "/admin/counseling/client/add/"
DETAILS = {
    "given_name": "Iris",
    "family_name": "Bloom",
    "email": "iris@mail.example",
    "phone": "",
    "time_zone": "Europe/Madrid",
    "language": "es",
    "email_is_safe": "on",
}


def page_of(client):
    return reverse("admin:counseling_client_change", args=[client.pk])


def last_event():
    event = AuditEvent.objects.latest("sequence")
    return event.action, event.actor, event.data


def test_a_client_is_registered_in_the_counselor_s_clinic(work, counselor):
    answer = counselor.post(ADD, DETAILS)
    client = Client.objects.get(given_name="Iris")
    assert (answer.status_code, answer.url) == (302, page_of(client))
    assert (client.clinic, client.registered_by) == (work.case.clinic, work.counselor)
    assert (client.email, client.language, client.time_zone) == ("iris@mail.example", "es", "Europe/Madrid")
    assert last_event() == ("client.registered", work.counselor, {})


def test_the_form_begins_with_the_clinic_s_zone_and_language(work, counselor):
    form = counselor.get(ADD).context["form"]
    assert form["time_zone"].value() == work.case.clinic.time_zone
    assert form["email_is_safe"].value() is True


@pytest.mark.parametrize(
    ("field", "value"), [("given_name", ""), ("given_name", " "), ("email", "nowhere"), ("time_zone", "Mars/Base")]
)
def test_what_cannot_be_used_is_said_beside_the_field(field, value, counselor):
    answer = counselor.post(ADD, {**DETAILS, field: value})
    assert list(answer.context["form"].errors) == [field]
    assert not Client.objects.filter(family_name="Bloom").exists()


def test_no_other_detail_can_be_slipped_in(work, counselor):
    stranger = ClientFactory()
    counselor.post(ADD, {**DETAILS, "clinic": stranger.clinic_id, "registered_by": stranger.registered_by_id})
    assert Client.objects.get(given_name="Iris").clinic == work.case.clinic


def test_the_page_shows_the_email_and_notes_who_looked(work, counselor):
    client = work.case.members[0]
    page = counselor.get(page_of(client))
    assert client.email in page.text
    assert last_event() == ("client.viewed", work.counselor, {})
    assert list(page.context["cases"]) == [work.case]


def test_details_are_changed(work, counselor):
    client = work.case.members[0]
    answer = counselor.post(page_of(client), {**DETAILS, "move": "save"})
    client.refresh_from_db()
    assert (answer.status_code, client.full_name, client.email) == (302, "Iris Bloom", "iris@mail.example")
    action, _by, data = last_event()
    assert (action, "email" in data["fields"], "iris" in str(data)) == ("client.updated", True, False)


def test_a_change_that_cannot_be_made_keeps_what_was_typed(work, counselor):
    client = work.case.members[0]
    answer = counselor.post(page_of(client), {**DETAILS, "email": "nowhere", "move": "save"})
    assert answer.context["form"]["given_name"].value() == "Iris"
    assert Client.objects.get(pk=client.pk).given_name == "Anouk"


def test_consent_is_withdrawn_and_granted_again_and_the_history_stays(work, counselor):
    client = work.case.members[0]
    counselor.post(page_of(client), {"move": "withdraw"})
    assert not client.agrees_to(ConsentPurpose.FOLLOW_UP_EMAIL)
    assert "Record that they agree" in counselor.get(page_of(client)).text
    counselor.post(page_of(client), {"move": "grant"})
    assert client.agrees_to(ConsentPurpose.FOLLOW_UP_EMAIL)
    assert Consent.objects.filter(client=client).count() == 2
    actions = AuditEvent.objects.filter(action__startswith="consent").values_list("action", "actor")
    assert list(actions) == [("consent.withdrawn", work.counselor.pk), ("consent.granted", work.counselor.pk)]


def test_a_client_is_found_by_name_or_whole_address(work, counselor):
    first, second = work.case.members

    def found(text):
        return {client.pk for client in counselor.post(LIST, {"q": text}, follow=True).context["cl"].result_list}

    assert found("Anouk") == {first.pk}
    assert found("Zwart") == {first.pk, second.pk}
    assert found(second.email.upper()) == {second.pk}
    assert found("client") == found(second.email[1:]) == set()


def test_an_address_of_another_clinic_finds_nobody(counselor):
    foreign = ClientFactory(email="found@mail.example")
    assert not counselor.post(LIST, {"q": foreign.email}, follow=True).context["cl"].result_list


def test_the_number_of_queries_is_the_same_with_1_and_3_rows(work, counselor):
    client = work.case.members[0]
    before = queries_of(counselor, LIST), queries_of(counselor, page_of(client))
    for _ in range(3):
        ClientFactory(registered_by=work.counselor)
        Consent.objects.create(
            client=client,
            purpose=ConsentPurpose.FOLLOW_UP_EMAIL,
            granted_at=client.created_at,
            recorded_by=work.counselor,
            withdrawn_at=client.created_at,
            withdrawn_by=work.counselor,
        )
    assert (queries_of(counselor, LIST), queries_of(counselor, page_of(client))) == before


# --- An address that takes no mail, and plans the client stopped ----------------------------------


def suspend(client, cause=SuspensionCause.BOUNCED):
    suspend_address(client, address="", cause=cause, now=NOW)


def test_a_suspended_address_is_shown_with_when_and_why(work, counselor):
    client = work.case.members[0]
    assert "Nothing is sent to this address" not in counselor.get(page_of(client)).text
    suspend(client)
    page = counselor.get(page_of(client))
    assert "the address takes no mail" in page.text
    assert page.context["suspended"] is True


def test_staff_write_to_the_address_again(work, counselor):
    client = work.case.members[0]
    suspend(client, SuspensionCause.COMPLAINED)
    answer = counselor.post(page_of(client), {"move": "lift"})
    client.refresh_from_db()
    assert (answer.status_code, client.suspended_index) == (302, "")
    assert last_event() == ("client.suspension_lifted", work.counselor, {"cause": "complained"})


def test_lifting_what_is_not_suspended_is_said(work, counselor):
    answer = counselor.post(page_of(work.case.members[0]), {"move": "lift"})
    assert (answer.status_code, "this has moved on" in answer.text) == (409, True)


def test_a_new_address_lifts_it_by_itself(work, counselor):
    client = work.case.members[0]
    suspend(client)
    counselor.post(page_of(client), {**DETAILS, "move": "save"})
    assert counselor.get(page_of(client)).context["suspended"] is False


def test_a_stopped_plan_is_shown_to_who_works_on_the_case(work, counselor):
    client, other = work.case.members
    stop_plan(FollowUp.objects.filter(client=client).first(), now=NOW)
    said = f"the client stopped the emails of “{work.plan}”"
    assert said in counselor.get(page_of(client)).text
    assert said not in counselor.get(page_of(other)).text
    assert counselor.get(reverse("admin:counseling_case_change", args=[work.case.pk])).text.count(said) == 1


def test_what_a_new_zone_moves_in_a_colleague_s_case_is_told_as_a_number_only(work, counselor):
    """The client is also half of a couple that another counselor works with."""
    colleague = StaffFactory(clinic=work.counselor.clinic)
    theirs = couple(colleague, "Iris", "Finn")
    client = theirs.members[0]
    CaseFactory(clinic=client.clinic, client=client, relationship=None, lead=work.counselor)
    start_enrollment(theirs, work.plan, start_on=NOW.date() + timedelta(days=2), by=colleague, now=NOW)
    page = counselor.post(page_of(client), {**DETAILS, "move": "save"})
    assert page.context["groups"] == []
    assert page.context["summary"] == "Nothing in your own cases changes."
    assert "1 more changes with it, in a colleague’s case." in page.text
    assert "Two-Way Check-In" not in page.text

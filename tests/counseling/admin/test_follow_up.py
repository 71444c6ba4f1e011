from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from counseling.actions.follow_ups import cancel_follow_up
from counseling.enums import DeliveryState, FollowUpStatus, Reason
from counseling.models import AuditEvent, Delivery, FollowUp
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import couple
from tests.counseling.troubles import asked, block, doubtful, end
from tests.factories import NOW

pytestmark = pytest.mark.django_db
BACK = "?next=/admin/attention/"


@pytest.fixture
def follow_up(work):
    return asked(couple(work.counselor, "Cleo", "Dirk"))


def page_of(follow_up):
    return reverse("admin:counseling_case_follow_up", args=[follow_up.case_id, follow_up.pk])


def status_of(follow_up):
    row = FollowUp.objects.get(pk=follow_up.pk)
    return row.status, row.end_reason


def test_the_page_tells_the_history_and_that_it_was_read(follow_up, counselor):
    page = counselor.get(page_of(follow_up))
    assert [line.text for line in page.context["history"]] == ["Planned: Nora Counselor started the plan."]
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.subject_id) == ("followup.viewed", follow_up.pk)


def test_it_tells_nothing_of_the_partner_nor_of_any_answer(work, counselor):
    """The couple's names stand above it, as on every page of the case."""
    first = work.enrollment.follow_ups.get(client=work.case.members[0])
    page = counselor.get(page_of(first))
    told = " ".join(line.text for line in page.context["history"])
    assert told.endswith("The client sent the answers.")
    assert page.text.count("Bertil") == 1
    assert "It is settled: there is nothing to do." in page.text


@pytest.mark.parametrize(
    ("status", "move", "ends"),
    [
        (FollowUpStatus.PLANNED, "skip", ("skipped", "by_staff")),
        (FollowUpStatus.PLANNED, "phone", ("skipped", "asked_by_phone")),
        (FollowUpStatus.SENT, "cancel", ("cancelled", "by_staff")),
        (FollowUpStatus.SENT, "phone", ("cancelled", "asked_by_phone")),
    ],
)
def test_it_is_ended_by_hand(status, move, ends, follow_up, counselor):
    FollowUp.objects.filter(pk=follow_up.pk).update(status=status, sent_at=NOW)
    assert f'value="{move}"' in counselor.get(page_of(follow_up)).text
    answer = counselor.post(page_of(follow_up) + BACK, {"move": move})
    assert (answer.status_code, answer.url) == (302, "/admin/attention/")
    assert status_of(follow_up) == ends
    page = counselor.get(page_of(follow_up)).text
    assert "Nora Counselor" in page
    assert '<button name="move"' not in page


def test_without_a_way_back_the_page_itself_follows(follow_up, counselor):
    answer = counselor.post(page_of(follow_up), {"move": "skip"})
    assert answer.url == page_of(follow_up)
    assert "This occasion is left out" in counselor.get(answer.url).text


def test_an_email_in_doubt_is_sent_again_once(follow_up, counselor):
    delivery = doubtful(follow_up)
    assert "email in doubt" in counselor.get(reverse("admin:counseling_case_change", args=[follow_up.case_id])).text
    posted = {"move": "resend", "delivery": delivery.pk}
    assert counselor.post(page_of(follow_up) + BACK, posted).url == "/admin/attention/"
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.DUE
    assert counselor.post(page_of(follow_up), posted).status_code == 409


def test_why_it_is_not_sent_again_is_said_instead_of_offering_it(follow_up, counselor):
    delivery = doubtful(follow_up)
    block(follow_up.client, "no_consent")
    page = counselor.get(page_of(follow_up)).text
    assert "It is not sent again: The client has not agreed to be asked by email." in page
    assert "Yes, send it again" not in page
    assert "fix=consent" in page
    answer = counselor.post(page_of(follow_up), {"move": "resend", "delivery": delivery.pk})
    assert (answer.status_code, "has not agreed to be asked by email" in answer.text) == (400, True)


def test_what_a_colleague_ended_meanwhile_is_a_conflict_and_shown_as_it_stands(follow_up, work, counselor):
    cancel_follow_up(follow_up, by=work.supervisor, now=NOW)
    answer = counselor.post(page_of(follow_up), {"move": "phone"})
    assert (answer.status_code, "moved on since you opened the page" in answer.text) == (409, True)
    assert "Taken back by Sofia Supervisor." in answer.text


def test_another_follow_up_s_email_and_unknown_buttons_are_refused(follow_up, counselor):
    other = doubtful(asked(follow_up.case, member=1))
    for posted, status in (
        ({"move": "resend", "delivery": other.pk}, 404),
        ({"move": "resend", "delivery": "x"}, 404),
        ({"move": "resend"}, 404),
        ({"move": "delete"}, 400),
        ({}, 400),
    ):
        assert counselor.post(page_of(follow_up), posted).status_code == status, posted
    assert Delivery.objects.get(pk=other.pk).state == DeliveryState.UNCERTAIN


def test_the_client_s_phone_is_at_hand(follow_up, counselor):
    assert "No phone number is recorded." in counselor.get(page_of(follow_up)).text
    follow_up.client.phone = "555-0123"
    follow_up.client.save(update_fields=["phone"])
    assert "Phone: 555-0123." in counselor.get(page_of(follow_up)).text


def test_the_client_s_own_hour_stands_beside_the_clinic_s(follow_up, counselor):
    follow_up.client.time_zone = "Asia/Tokyo"
    follow_up.client.save(update_fields=["time_zone"])
    assert "9 p.m. for Cleo" in counselor.get(page_of(follow_up)).text


def test_the_number_of_queries_is_the_same_with_1_and_3_emails(follow_up, counselor):
    doubtful(follow_up)
    before = queries_of(counselor, page_of(follow_up))
    for number in (1, 2):
        late = NOW + timedelta(hours=number)
        doubtful(follow_up, DeliveryState.DEAD, kind="reminder", number=number, at=late)
    end(follow_up, FollowUpStatus.EXPIRED, at=NOW, reason=Reason.OVERDUE)
    assert queries_of(counselor, page_of(follow_up)) == before

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from counseling.actions.cases import close_case
from counseling.actions.consents import grant_consent
from counseling.actions.enrollments import end_enrollment
from counseling.actions.follow_ups import ask_by_phone
from counseling.contact import obstacles
from counseling.enums import CaseStatus, ConsentPurpose, DeliveryKind, DeliveryState, FollowUpStatus, Reason
from counseling.models import Case, Client, Delivery
from counseling.outbox.queueing import queue_invitations
from counseling.queries.attention import (
    COMING,
    FIXABLE,
    LISTED,
    Counts,
    attention_counts,
    blocked_people,
    doubtful_emails,
    left_by_age,
    with_people,
    with_remedies,
)
from tests.counseling.troubles import BLOCKING, asked, block, doubtful, end
from tests.couples import FIRST_DUE, answer
from tests.factories import NOW, CaseFactory, ClientFactory, ConsentFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
UNCERTAIN, DEAD = DeliveryState.UNCERTAIN, DeliveryState.DEAD


def cases():
    return list(Case.objects.values_list("pk", flat=True))


def listed(state=UNCERTAIN, now=FIRST_DUE):
    return list(doubtful_emails(state, cases(), now=now))


def counts(now=FIRST_DUE):
    return attention_counts(cases(), now=now)


def people(now=FIRST_DUE):
    return with_people(blocked_people(cases(), now=now), cases(), now=now)


# --- Emails in doubt -----------------------------------------------------------------------------


@pytest.mark.parametrize("state", DeliveryState)
def test_an_email_is_listed_by_its_state(state):
    delivery = doubtful(asked(), state) if state not in {DeliveryState.CLAIMED, DeliveryState.SENT} else None
    assert listed(UNCERTAIN) == ([delivery] if state == UNCERTAIN else [])
    assert listed(DEAD) == ([delivery] if state == DEAD else [])


def test_a_later_email_that_arrived_makes_up_for_it_and_an_earlier_one_does_not():
    follow_up = asked()
    lost = doubtful(follow_up, UNCERTAIN)
    reminder = doubtful(follow_up, DeliveryState.SENT, kind=DeliveryKind.REMINDER, at=NOW + DAY)
    assert listed() == []
    Delivery.objects.filter(pk=reminder.pk).update(created_at=NOW - DAY)
    assert listed() == [lost]


def test_what_was_answered_taken_back_or_asked_by_phone_is_not_listed():
    one, two, three, four = (asked(occurrence=n) if n == 1 else None for n in (1, 2, 3, 4))
    case = one.case
    two, three, four = (asked(case, occurrence=n) for n in (2, 3, 4))
    for follow_up in (one, two, three, four):
        doubtful(follow_up)
    assert len(listed()) == 4
    answer(one)
    end(two, FollowUpStatus.CANCELLED, at=NOW, reason=Reason.BY_STAFF)
    ask_by_phone(three, by=case.lead, now=NOW)
    end(four, FollowUpStatus.SKIPPED, at=NOW, reason=Reason.SUPERSEDED)
    assert listed() == []
    assert counts() == Counts(0, 0, 0)


def test_what_is_over_stays_listed_for_30_days_and_then_is_counted_as_left_out():
    follow_up = asked()
    delivery = doubtful(follow_up, DEAD)
    end(follow_up, FollowUpStatus.EXPIRED, at=NOW, reason=Reason.OVERDUE)
    last = NOW + LISTED
    assert (listed(DEAD, now=last - timedelta(seconds=1)), left_by_age(DEAD, cases(), now=last - DAY)) == (
        [delivery],
        0,
    )
    assert (listed(DEAD, now=last), left_by_age(DEAD, cases(), now=last)) == ([], 1)
    assert left_by_age(UNCERTAIN, cases(), now=last) == 0
    assert counts().total == 0


def test_what_can_still_be_helped_comes_first_and_what_runs_out_soonest_before_that():
    first = asked()
    later, over = asked(first.case, occurrence=2), asked(first.case, occurrence=3)
    rows = [doubtful(follow_up) for follow_up in (over, later, first)]
    end(over, FollowUpStatus.EXPIRED, at=NOW, reason=Reason.OVERDUE)
    assert listed() == rows[::-1]


def test_a_button_is_offered_exactly_where_the_action_would_do_it():
    follow_up = asked()
    doubtful(follow_up)
    (row,) = with_remedies(listed(), now=FIRST_DUE)
    assert (row.refusal, row.obstacles) == ("", ())
    block(follow_up.client, "no_zone")
    (row,) = with_remedies(listed(), now=FIRST_DUE)
    assert (row.refusal, row.obstacles) == ("The client has no time zone", (Reason.NO_ZONE,))


# --- People who can't be written to --------------------------------------------------------------


@pytest.mark.parametrize("blocks", list(product((False, True), repeat=5)))
def test_the_database_and_the_sender_agree_on_who_can_be_written_to(blocks):
    unsafe, no_email, no_zone, suspended, no_consent = blocks
    chosen = {name: stands for name, stands in zip(BLOCKING, (unsafe, no_email, no_zone), strict=True) if stands}
    client = ClientFactory(**{key: value for name in chosen for key, value in BLOCKING[name].items()})
    if suspended:
        Client.objects.filter(pk=client.pk).update(
            suspended_index=client.email_index or "other", suspended_at=NOW, suspended_for="bounced"
        )
        client.refresh_from_db()
    if not no_consent:
        ConsentFactory(client=client)
    found = obstacles(client, agrees=client.agrees_to(ConsentPurpose.FOLLOW_UP_EMAIL))
    assert Client.objects.blocked().filter(pk=client.pk).exists() == bool(found)


@pytest.mark.parametrize("reason", FIXABLE)
def test_somebody_with_questions_coming_up_is_listed_with_what_stands_against_it(reason):
    follow_up = asked()
    assert people(now=NOW) == []
    block(follow_up.client, reason)
    (person,) = people(now=NOW)
    assert (person.client, person.obstacles, person.follow_up) == (follow_up.client, (reason,), follow_up)
    assert (person.coming, person.missed) == (1, 0)
    assert counts(now=NOW) == Counts(0, 0, 1)


def test_what_comes_is_looked_for_two_weeks_ahead():
    follow_up = asked(every=4, occurrences=2)
    block(follow_up.client, "no_email")
    end(follow_up, FollowUpStatus.CANCELLED, at=NOW, reason=Reason.BY_STAFF)
    second = asked(follow_up.case, occurrence=2)
    assert people(now=second.due_at - COMING - timedelta(seconds=1)) == []
    assert [person.follow_up for person in people(now=second.due_at - COMING)] == [second]


@pytest.mark.parametrize("reason", FIXABLE)
def test_whoever_was_not_asked_for_such_a_reason_is_listed_until_it_is_put_right_or_30_days_passed(reason):
    follow_up = asked(occurrences=1)
    block(follow_up.client, reason)
    at = follow_up.due_at + timedelta(minutes=1)
    queue_invitations(now=at)
    (person,) = people(now=at)
    assert (person.follow_up, person.coming, person.missed) == (follow_up, 0, 1)
    assert person.follow_up.end_reason == reason
    assert people(now=follow_up.due_at + LISTED) == []
    Client.objects.filter(pk=follow_up.client_id).update(email_is_safe=True, email_index="x", time_zone="Europe/Madrid")
    grant_consent(follow_up.client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=at)
    assert people(now=at) == []


def test_one_row_a_person_however_many_questions():
    follow_up = asked(every=1)
    block(follow_up.client, "no_email")
    queue_invitations(now=follow_up.due_at)
    (person,) = people(now=follow_up.due_at)
    assert (person.missed, person.coming) == (1, 2)
    assert person.follow_up == asked(follow_up.case, occurrence=2)


def test_what_was_left_out_for_another_reason_needs_nobody():
    follow_up = asked(occurrences=1)
    block(follow_up.client, "no_email")
    end(follow_up, FollowUpStatus.SKIPPED, at=NOW, reason=Reason.BY_STAFF)
    assert people() == []


@pytest.mark.parametrize("finish", ["plan", "case"])
def test_where_nothing_more_comes_nobody_is_needed(finish):
    follow_up = asked()
    block(follow_up.client, "no_zone")
    queue_invitations(now=follow_up.due_at)
    assert len(people()) == 1
    if finish == "plan":
        end_enrollment(follow_up.enrollment, by=follow_up.case.lead, now=FIRST_DUE)
    else:
        close_case(follow_up.case, by=follow_up.case.lead, now=FIRST_DUE)
        assert Case.objects.get().status == CaseStatus.CLOSED
    assert (people(), counts().total) == ([], 0)


# --- How much it costs ---------------------------------------------------------------------------


def test_the_counts_take_two_queries(django_assert_num_queries):
    ids = [asked().case_id]
    with django_assert_num_queries(2):
        attention_counts(ids, now=NOW)


def test_the_rows_take_the_same_queries_however_many(django_assert_num_queries):
    for _ in range(3):
        case = CaseFactory()
        for member in (0, 1):
            doubtful(asked(case, member=member, every=1))
        block(case.members[1], "no_email")
    ids = cases()
    with django_assert_num_queries(6):
        assert len(with_people(blocked_people(ids, now=NOW), ids, now=NOW)) == 3
        assert len(with_remedies(doubtful_emails(UNCERTAIN, ids, now=NOW), now=NOW)) == 6

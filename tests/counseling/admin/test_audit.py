from __future__ import annotations

import pytest
from django.urls import reverse

from counseling.actions.audit import record_view, verify_chain
from counseling.models import AuditEvent
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LIST = "/admin/counseling/auditevent/"


def test_the_trail_is_read_newest_first_and_holds_no_name(work):
    page = browser_of(work.admin).get(LIST)
    sequences = [event.sequence for event in page.context["cl"].result_list]
    assert sequences == sorted(sequences, reverse=True)
    assert not [word for word in ("Anouk", "Bertil", "Zwart") if word in page.text]


def test_it_is_searched_by_action_and_by_id(work):
    admin = browser_of(work.admin)

    def found(text):
        return {event.action for event in admin.post(LIST, {"q": text}, follow=True).context["cl"].result_list}

    assert found("enrollment.started") == {"enrollment.started"}
    assert found(str(work.enrollment.pk)) == {"enrollment.started"}
    assert found("nothing of the kind") == set()


def test_an_event_is_shown_whole_and_reading_it_leaves_no_trace(work):
    event = AuditEvent.objects.get(action="enrollment.started")
    before = AuditEvent.objects.count()
    page = browser_of(work.admin).get(reverse("admin:counseling_auditevent_change", args=[event.pk]))
    for words in (event.hash, event.previous_hash, str(event.subject_id), "Nora Counselor"):
        assert words in page.text
    assert AuditEvent.objects.count() == before


def test_the_chain_holds_after_pages_were_read(work, counselor):
    counselor.get(reverse("admin:counseling_case_change", args=[work.case.pk]))
    assert verify_chain(work.case.clinic) == AuditEvent.objects.filter(clinic=work.case.clinic).count()


def test_the_number_of_queries_is_the_same_with_more_rows(work):
    admin = browser_of(work.admin)
    before = queries_of(admin, LIST)
    for _ in range(3):
        record_view(work.case, by=work.counselor, now=NOW)
    assert queries_of(admin, LIST) == before

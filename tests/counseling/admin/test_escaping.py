"""Text that somebody typed is text on every page, whatever it looks like."""

from __future__ import annotations

import pytest
from django.urls import reverse

from counseling.actions.clients import update_client
from counseling.actions.reviews import dismiss_finding
from counseling.models import Finding
from tests.counseling.admin.test_matrix import LISTS, ROWS, address
from tests.counseling.admin.work import browser_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PAYLOAD = "\"><img src=x onerror=alert(1)><script>alert('1')</script>"


@pytest.fixture
def spiked(work):
    """The same payload in everything that staff or clients can write."""
    for member in work.case.members:
        update_client(member, by=work.counselor, now=NOW, given_name=PAYLOAD, family_name=PAYLOAD, phone=PAYLOAD)
    for row, fields in ((work.plan, ["name", "description"]), (work.counselor, ["display_name"])):
        for field in fields:
            setattr(row, field, PAYLOAD)
        row.save()
    work.case.clinic.name = PAYLOAD
    work.case.clinic.save()
    dismiss_finding(work.finding, reason=PAYLOAD, by=work.counselor, now=NOW)
    return work


def test_no_page_lets_it_through(spiked):
    seen = 0
    for role in ("counselor", "supervisor", "admin"):
        browser = browser_of(getattr(spiked, role))
        for name in ("index", *LISTS, *ROWS):
            url = reverse("admin:index") if name == "index" else address(name, spiked)
            page = browser.get(url)
            text = page.content.decode() if not page.streaming else ""
            for raw in ("<img src=x", "<script>alert", "'1'"):
                assert raw not in text, (role, name, raw)
            seen += "&lt;img src=x onerror=alert(1)&gt;" in text
    assert seen >= 20


def test_no_page_has_a_script_a_style_or_a_handler_in_it(spiked):
    for role in ("counselor", "supervisor", "admin"):
        browser = browser_of(getattr(spiked, role))
        for name in (*LISTS, *ROWS):
            page = browser.get(address(name, spiked))
            if page.status_code != 200 or page.streaming:
                continue
            for inline in ("<style", " style=", " onclick=", " onload=", "<script>"):
                assert inline not in page.text.replace("onerror", ""), (role, name, inline)


def test_a_search_that_finds_nothing_echoes_it_as_text(spiked):
    browser = browser_of(spiked.counselor)
    for name in ("counseling_case_changelist", "counseling_client_changelist"):
        page = browser.post(address(name, spiked), {"q": PAYLOAD[:100]}, follow=True)
        assert "&lt;script&gt;alert" in page.text
        assert "<script>alert" not in page.text


def test_a_refused_judgement_echoes_the_reason_as_text(spiked):
    url = address("counseling_finding_change", spiked)
    answer = browser_of(spiked.counselor).post(url, {"move": "dismiss", "seen": "x", "reason": PAYLOAD})
    assert "<script>alert" not in answer.text
    assert Finding.objects.get(pk=spiked.finding.pk).status == "dismissed"

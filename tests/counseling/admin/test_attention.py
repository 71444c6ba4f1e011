from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from counseling.actions.deliveries import resend_delivery
from counseling.admin.attention import SHOWN
from counseling.enums import ConsentPurpose, DeliveryState, FollowUpStatus, Reason
from counseling.models import Client, Delivery
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of, couple
from tests.counseling.troubles import asked, block, doubtful, end
from tests.factories import NOW, StaffFactory

pytestmark = pytest.mark.django_db
PAGE = "/admin/attention/"
TODAY = NOW + timedelta(days=1)


@pytest.fixture
def case(work):
    return couple(work.counselor, "Cleo", "Dirk")


def sections(browser, **asked_for):
    return {section.kind.key: section for section in browser.get(PAGE, asked_for).context["sections"]}


def totals(browser):
    return {key: section.total for key, section in sections(browser).items()}


def test_a_quiet_page_says_so(work, counselor):
    page = counselor.get(PAGE)
    assert page.text.count("Nothing.") == 3
    assert 'class="count">0' in page.text


def test_each_trouble_stands_in_its_section_with_its_remedies(case, counselor):
    first, second = asked(case), asked(case, member=1)
    lost, refused = doubtful(first), doubtful(second, DeliveryState.DEAD, smtp_code=550)
    block(couple(case.lead, "Esra", "Finn").members[0], "no_zone")
    found = sections(counselor)
    assert [row.delivery for row in found["unknown"].rows] == [lost]
    assert [row.delivery for row in found["refused"].rows] == [refused]
    page = counselor.get(PAGE).text
    for words in ("550: the mailbox does not exist", "Yes, send it again", "Correct the address", "I ask by phone"):
        assert words in page, words


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no_consent", "fix=consent&amp;next=%2Fadmin%2Fattention%2F#consent"),
        ("email_unsafe", "fix=email_is_safe&amp;next=%2Fadmin%2Fattention%2F"),
        ("no_email", "fix=email&amp;next=%2Fadmin%2Fattention%2F"),
        ("no_zone", "fix=time_zone&amp;next=%2Fadmin%2Fattention%2F"),
    ],
)
def test_an_obstacle_leads_to_the_field_that_puts_it_right(reason, words, case, counselor):
    client = asked(case).client
    block(client, reason)
    page = counselor.get(PAGE)
    (row,) = sections(counselor)["blocked"].rows
    assert (row.client, row.obstacles) == (client, (reason,))
    assert f"/admin/counseling/client/{client.pk}/?{words}" in page.text
    fix = counselor.get(f"/admin/counseling/client/{client.pk}/", {"fix": words[4:].split("&")[0], "next": PAGE})
    assert fix.text.count("autofocus") == 1
    assert fix.context["back"]["url"] == PAGE


def test_putting_it_right_leads_back_and_the_row_is_gone(case, counselor):
    client = asked(case).client
    block(client, "no_consent")
    there = f"/admin/counseling/client/{client.pk}/?fix=consent&next=/admin/attention/"
    answer = counselor.post(there, {"move": "grant"})
    assert (answer.status_code, answer.url) == (302, PAGE)
    assert client.agrees_to(ConsentPurpose.FOLLOW_UP_EMAIL)
    assert "the client agrees to follow-ups by email" in counselor.get(PAGE).text
    assert totals(counselor)["blocked"] == 0


def test_saved_details_lead_back_too(case, counselor):
    client = asked(case).client
    block(client, "no_zone")
    details = {"given_name": "Cleo", "email": client.email, "language": "en", "email_is_safe": "on"}
    there = f"/admin/counseling/client/{client.pk}/?fix=time_zone&next=/admin/attention/"
    saved = {"move": "save", **details, "time_zone": "Europe/Madrid"}
    asked_first = counselor.post(there, saved)
    assert counselor.post(there, {**saved, "shown": asked_first.context["shown"]}).url == PAGE
    assert Client.objects.get(pk=client.pk).time_zone == "Europe/Madrid"
    assert totals(counselor)["blocked"] == 0


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "x"])
def test_nobody_is_led_off_the_site(there, case, counselor):
    client = asked(case).client
    own = f"/admin/counseling/client/{client.pk}/"
    assert counselor.get(own, {"next": there}).context["back"] is None
    assert counselor.post(f"{own}?next={there}", {"move": "grant"}).url == own


def test_the_number_stands_in_the_navigation_of_every_page_and_in_words_on_the_caseload(case, counselor):
    doubtful(asked(case, every=1))
    doubtful(asked(case, member=1), DeliveryState.DEAD)
    block(case.members[0], "no_email")
    assert 'class="count">3' in counselor.get("/admin/counseling/client/").text
    caseload = " ".join(counselor.get("/admin/").text.split())
    assert "1 email of unknown outcome" in caseload
    assert "1 person cannot be written to" in caseload


def test_what_is_over_can_still_be_read_of_but_offers_nothing(case, counselor):
    follow_up = asked(case)
    doubtful(follow_up, DeliveryState.DEAD)
    end(follow_up, FollowUpStatus.EXPIRED, at=NOW, reason=Reason.OVERDUE)
    page = counselor.get(PAGE).text
    assert "It is over: nothing can be sent about it any more." in page
    assert "Yes, send it again" not in page
    assert "I ask by phone" not in page
    end(follow_up, FollowUpStatus.EXPIRED, at=NOW - timedelta(days=30), reason=Reason.OVERDUE)
    refused = sections(counselor)["refused"]
    assert (refused.rows, refused.total, refused.older) == ([], 0, 1)
    assert "30 days ago or earlier" in counselor.get(PAGE).text


def test_a_long_section_is_cut_short_and_has_pages_of_its_own(work, counselor):
    for number in range(SHOWN + 17):
        doubtful(asked(couple(work.counselor, f"Given{number}")))
    section = sections(counselor)["unknown"]
    assert (len(section.rows), section.total) == (SHOWN, SHOWN + 17)
    assert "?section=unknown" in counselor.get(PAGE).text
    alone = sections(counselor, section="unknown", p=2)
    assert {key: len(section.rows) for key, section in alone.items()} == {"unknown": 2}
    assert len(sections(counselor, section="blocked")["blocked"].rows) == 0
    assert counselor.get(PAGE, {"section": "nothing"}).status_code == 404


def test_the_supervisor_sees_the_team_s_and_nobody_else_anything(work, case, counselor):
    doubtful(asked(case))
    block(case.members[1], "no_email")
    seen = {"unknown": 1, "refused": 0, "blocked": 1}
    assert (totals(counselor), totals(browser_of(work.supervisor))) == (seen, seen)
    colleague = browser_of(StaffFactory(clinic=work.case.clinic))
    assert set(totals(colleague).values()) == {0}
    assert "Cleo" not in colleague.get(PAGE).text
    assert browser_of(work.admin).get(PAGE).status_code == 404


def test_the_clinic_s_admin_sees_numbers_and_no_name(work, case):
    doubtful(asked(case))
    block(case.members[1], "no_email")
    page = " ".join(browser_of(work.admin).get("/admin/").text.split())
    assert "1 email of unknown outcome · 1 person cannot be written to" in page
    assert not [word for word in ("Cleo", "Dirk", PAGE) if word in page]


def test_another_clinic_s_troubles_are_not_counted(work, case):
    doubtful(asked(couple(StaffFactory(), "Iris", "Jan")))
    assert browser_of(work.admin).get("/admin/").context["attention"].total == 0


def test_one_partner_s_row_is_the_same_whatever_the_other_does(case, counselor):
    """Their answers, their refusals, their silence: only the case's name tells of both, as everywhere."""
    doubtful(asked(case))
    (row,) = sections(counselor)["unknown"].rows
    before = (row.delivery, row.obstacles, row.refusal)
    block(case.members[1], "no_consent")
    end(asked(case, member=1), FollowUpStatus.EXPIRED, at=NOW, reason=Reason.OVERDUE)
    (row,) = sections(counselor)["unknown"].rows
    assert (row.delivery, row.obstacles, row.refusal) == before


def test_the_number_of_queries_is_the_same_with_1_and_3_rows(work, counselor):
    def trouble():
        case = couple(work.counselor)
        doubtful(asked(case, every=1))
        doubtful(asked(case, member=1), DeliveryState.DEAD)
        block(case.members[0], "no_email")

    trouble()
    assert totals(counselor) == {"unknown": 1, "refused": 1, "blocked": 1}
    before = queries_of(counselor, PAGE), queries_of(counselor, f"{PAGE}?section=refused")
    trouble()
    trouble()
    assert (queries_of(counselor, PAGE), queries_of(counselor, f"{PAGE}?section=refused")) == before
    assert before[0] <= 30


def test_a_sent_again_email_leaves_the_page(case, counselor):
    delivery = doubtful(asked(case))
    resend_delivery(Delivery.objects.get(pk=delivery.pk), by=case.lead, now=TODAY)
    assert totals(counselor)["unknown"] == 0
    assert reverse("admin:counseling_attention") == PAGE

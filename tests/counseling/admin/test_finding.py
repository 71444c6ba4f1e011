from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from counseling.actions.reviews import claim_finding, confirm_finding, dismiss_finding
from counseling.enums import FindingStatus, Pattern
from counseling.models import AuditEvent, Finding, Review
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of, work_of
from tests.factories import NOW, CaseFactory, ClientFactory, FindingFactory

pytestmark = pytest.mark.django_db


def page_of(finding):
    return reverse("admin:counseling_finding_change", args=[finding.pk])


def judged(finding, move, **filled):
    return {"move": move, "seen": finding.evaluated_at.isoformat(), **filled}


def standing(finding):
    return Finding.objects.get(pk=finding.pk)


def test_the_page_tells_what_was_seen_in_whose_answers_how_sure_and_since_when(work, counselor):
    page = counselor.get(page_of(work.finding))
    assert page.context["page"].people == work.case.members
    for words in (
        "Anouk appears to give more than comes back from Bertil",
        "very likely (99 %)",
        "What would clear it",
        "Other readings",
        "What Anouk does, in Anouk’s words",
        "I make time to listen to what is on my partner&#x27;s mind.",
        "Almost always",
        "New and not yet validated.",
        "thresholds 1",
        "Raised",
    ):
        assert words in page.text, words


def test_the_title_is_an_observation(work, counselor):
    assert counselor.get(page_of(work.finding)).context["title"] == "One-sided: Anouk appears to give more"


def test_a_path_of_two_waves_is_drawn_with_a_title_a_description_and_a_table(db):
    work = work_of(waves=2)
    page = browser_of(work.counselor).get(page_of(work.finding))
    assert len(page.context["chart"].points) == 2
    for words in ("<title", "<desc", "<polyline", "Above zero, Anouk gives more."):
        assert words in page.text, words
    assert page.text.count("Anouk, Bertil</td>") == 2


def test_one_wave_is_no_path(work, counselor):
    assert counselor.get(page_of(work.finding)).context["chart"] is None


def test_reading_it_is_noted_and_so_is_whose_answers_were_read(work, counselor):
    before = AuditEvent.objects.latest("sequence").sequence
    counselor.get(page_of(work.finding))
    noted = AuditEvent.objects.filter(sequence__gt=before)
    assert sorted(noted.values_list("action", flat=True)) == ["finding.viewed", "response.viewed", "response.viewed"]
    assert {event.actor for event in noted} == {work.counselor}


def test_a_comparison_is_not_shown_and_not_judged_while_a_safety_finding_is_undecided(db):
    work = work_of(safety=True)
    counselor = browser_of(work.counselor)
    page = counselor.get(page_of(work.finding))
    assert page.context["page"].is_suspended
    assert "Safety comes first." in page.text
    assert page_of(work.safety) in page.text
    assert (page.context["title"], "Anouk Zwart &amp; Bertil Zwart" in page.text) == ("One-sided (paused)", True)
    for words in ("One-sided: ", "gives more", "appears to", "Almost always", "99 %", "Your judgement", "<svg viewBox"):
        assert words not in page.text.replace("base-svgs", ""), words
    dismiss_finding(work.safety, reason="spoken with both", by=work.counselor, now=NOW)
    assert "appears to give more" in counselor.get(page_of(work.finding)).text


def test_the_safety_finding_itself_is_shown_and_cannot_be_put_aside(db):
    work = work_of(safety=True)
    counselor = browser_of(work.counselor)
    page = counselor.get(page_of(work.safety))
    assert "I have felt afraid of what my partner might do." in page.text
    assert "Sometimes" in page.text
    assert "Watch until then" not in page.text
    answer = counselor.post(page_of(work.safety), judged(work.safety, "watch", until="2026-04-01"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["until"])
    assert standing(work.safety).status == FindingStatus.OPEN


@pytest.mark.parametrize(
    ("move", "filled", "status"),
    [
        ("claim", {}, FindingStatus.IN_REVIEW),
        ("confirm", {"reason": "seen in session"}, FindingStatus.CONFIRMED),
        ("dismiss", {"reason": "a new baby"}, FindingStatus.DISMISSED),
        ("watch", {"until": "2026-04-01"}, FindingStatus.WATCHING),
    ],
)
def test_a_judgement_is_recorded_and_shown_in_the_history(move, filled, status, work, counselor):
    answer = counselor.post(page_of(work.finding), judged(work.finding, move, **filled))
    assert (answer.status_code, answer.url) == (302, page_of(work.finding))
    assert standing(work.finding).status == status
    review = Review.objects.get()
    assert (review.by, review.reason, review.decision) == (work.counselor, filled.get("reason", ""), move)
    page = counselor.get(page_of(work.finding))
    assert review.get_decision_display() in page.text
    assert filled.get("reason", "") in page.text


@pytest.mark.parametrize(
    ("move", "filled", "field"),
    [
        ("dismiss", {"reason": " "}, "reason"),
        ("watch", {}, "until"),
        ("watch", {"until": "2026-03-03"}, "until"),
        ("watch", {"until": "soon"}, "until"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(move, filled, field, work, counselor):
    answer = counselor.post(page_of(work.finding), judged(work.finding, move, **filled))
    assert list(answer.context["form"].errors) == [field]
    assert standing(work.finding).status == FindingStatus.OPEN


@pytest.mark.parametrize("seen", ["", "yesterday"])
def test_a_judgement_says_which_evidence_it_is_about(seen, work, counselor):
    answer = counselor.post(page_of(work.finding), {"move": "confirm", "seen": seen})
    assert list(answer.context["form"].errors) == ["seen"]
    assert standing(work.finding).status == FindingStatus.OPEN


def test_reading_it_again_because_a_judgement_failed_is_noted_as_well(work, counselor):
    Finding.objects.filter(pk=work.finding.pk).update(evaluated_at=work.finding.evaluated_at + timedelta(seconds=1))
    for filled, status in (({"reason": "a new baby"}, 409), ({"reason": "x", "seen": ""}, 200)):
        before = AuditEvent.objects.latest("sequence").sequence
        answer = counselor.post(page_of(work.finding), judged(work.finding, "dismiss", **filled))
        noted = AuditEvent.objects.filter(sequence__gt=before).values_list("action", flat=True)
        assert answer.status_code == status
        assert sorted(noted) == ["finding.viewed", "response.viewed", "response.viewed"]


def test_new_evidence_since_the_page_was_opened_is_a_conflict_that_keeps_what_was_typed(work, counselor):
    posted = judged(work.finding, "dismiss", reason="a new baby")
    later = work.finding.evaluated_at + timedelta(microseconds=1)
    Finding.objects.filter(pk=work.finding.pk).update(evaluated_at=later)
    answer = counselor.post(page_of(work.finding), posted)
    assert answer.status_code == 409
    assert "moved on since you opened the page" in answer.text
    assert "a new baby" in answer.text
    assert f'name="seen" value="{later.isoformat()}"' in answer.text
    assert standing(work.finding).status == FindingStatus.OPEN
    assert counselor.post(page_of(work.finding), {**posted, "seen": later.isoformat()}).status_code == 302


def test_a_colleague_s_decision_meanwhile_is_a_conflict_and_shown(work, counselor):
    confirm_finding(work.finding, by=work.supervisor, now=NOW)
    answer = counselor.post(page_of(work.finding), judged(work.finding, "dismiss", reason="no"))
    assert answer.status_code == 409
    assert "Sofia Supervisor" in answer.text
    assert standing(work.finding).status == FindingStatus.CONFIRMED


def test_a_colleague_s_claim_is_respected_and_a_supervisor_may_take_over(work, counselor):
    claim_finding(work.finding, by=work.supervisor, now=NOW)
    answer = counselor.post(page_of(work.finding), judged(work.finding, "confirm"))
    assert (answer.status_code, "a colleague has taken this finding" in answer.text.lower()) == (403, True)
    assert "Sofia Supervisor" in answer.text
    supervisor = browser_of(work.supervisor)
    assert supervisor.post(page_of(work.finding), judged(work.finding, "confirm")).status_code == 302


def test_a_decided_finding_offers_no_judgement(work, counselor):
    confirm_finding(work.finding, by=work.counselor, now=NOW)
    page = counselor.get(page_of(work.finding))
    assert set(page.context["can"].values()) == {False}
    assert "New evidence brings it back to the queue." in page.text


def test_a_watched_finding_shows_until_when_and_can_be_decided(work, counselor):
    counselor.post(page_of(work.finding), judged(work.finding, "watch", until="2026-04-01"))
    assert standing(work.finding).watch_until == date(2026, 4, 1)
    page = counselor.get(page_of(work.finding))
    assert "Wed, Apr 1" in page.text
    assert page.context["can"]["confirm"]


def test_a_finding_about_a_single_client_compares_nobody(work, counselor):
    client = ClientFactory(registered_by=work.counselor)
    case = CaseFactory(lead=work.counselor, relationship=None, client=client)
    page = counselor.get(page_of(FindingFactory(case=case, pattern=Pattern.ENMESHED)))
    assert page.context["page"].people == (client,)


def test_a_path_toward_somebody_outside_the_case_says_so(work, counselor):
    client = ClientFactory(registered_by=work.counselor)
    evidence = work.finding.evidence | {"giver": "b", "receiver": "a", "reasons": [], "scores": [], "items": []}
    evidence["path"] = [row | {"reporters": ["a"]} for row in evidence["path"] * 2]
    alone = CaseFactory(lead=work.counselor, relationship=None, client=client)
    page = counselor.get(page_of(FindingFactory(case=alone, evidence=evidence)))
    assert f"One-sided: {client.given_name} appears to receive more" in page.text
    assert "Above zero, the other person gives more." in page.text


def test_the_number_of_queries_is_the_same_with_1_and_3_waves(db):
    one = work_of(waves=1)
    before = queries_of(browser_of(one.counselor), page_of(one.finding))
    three = work_of(waves=3, version=one.enrollment.follow_ups.first().version)
    assert queries_of(browser_of(three.counselor), page_of(three.finding)) == before

from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.reviews import dismiss_finding
from counseling.enums import FindingStatus, Pattern, Strength
from counseling.models import AuditEvent, Finding, Review
from tests.counseling.api.work import EVIDENCE, everybody
from tests.factories import NOW, CaseFactory, FindingFactory

pytestmark = pytest.mark.django_db
FINDINGS = "/api/v1/findings/"


def decide(client, finding, move, **given):
    return client.post(f"{FINDINGS}{finding.pk}/{move}/", given, format="json")


@pytest.fixture
def safety(work):
    return FindingFactory(
        case=work.case, pattern=Pattern.SAFETY, strength=Strength.URGENT, probability=None, evidence={"item": "fear"}
    )


def test_a_single_one_has_evidence_and_reading_it_is_audited(api, work):
    (listed,) = api.get(FINDINGS).json()["results"]
    assert "evidence" not in listed
    assert not AuditEvent.objects.filter(action="finding.viewed").exists()
    single = api.get(f"{FINDINGS}{work.finding.pk}/").json()
    assert single == {**listed, "evidence": EVIDENCE, "reviews": []}
    assert AuditEvent.objects.get(action="finding.viewed").subject_id == work.finding.pk


DECISIONS = [
    ("claim", {}, "in_review"),
    ("confirm", {"reason": "seen in session"}, "confirmed"),
    ("dismiss", {"reason": "a new baby"}, "dismissed"),
    ("watch", {"until": str(NOW.date() + timedelta(days=30))}, "watching"),
]


@pytest.mark.parametrize(("move", "given", "status"), DECISIONS)
def test_a_decision_is_kept_with_its_maker(move, given, status, api, work):
    answer = decide(api, work.finding, move, **given)
    assert (answer.status_code, answer.json()["status"]) == (200, status)
    review = Review.objects.get()
    assert (review.decision, review.by, review.reason) == (move, work.counselor, given.get("reason", ""))
    (shown,) = api.get(f"{FINDINGS}{work.finding.pk}/").json()["reviews"]
    assert (shown["decision"], shown["reason"], shown["by"]) == (move, review.reason, str(work.counselor.pk))


@pytest.mark.parametrize(
    ("move", "given", "field"),
    [
        ("dismiss", {}, "reason"),
        ("dismiss", {"reason": " "}, "reason"),
        ("watch", {}, "until"),
        ("watch", {"until": "soon"}, "until"),
        ("confirm", {"status": "cleared"}, "status"),
        ("claim", {"by": "somebody"}, "by"),
    ],
)
def test_a_decision_says_what_it_has_to_and_no_more(move, given, field, api, work):
    answer = decide(api, work.finding, move, **given)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert Finding.objects.get().status == FindingStatus.OPEN


def test_a_decision_on_evidence_that_has_changed_is_a_conflict(api, work):
    seen = api.get(f"{FINDINGS}{work.finding.pk}/").json()["evaluated_at"]
    Finding.objects.update(evaluated_at=NOW + timedelta(seconds=1))
    late = decide(api, work.finding, "confirm", evaluated_at=seen)
    assert (late.status_code, late.json()["code"]) == (409, "stale_state")
    Finding.objects.update(evaluated_at=NOW)
    assert decide(api, work.finding, "confirm", evaluated_at=seen).status_code == 200


def test_deciding_twice_is_a_conflict(api, work):
    decide(api, work.finding, "confirm")
    again = decide(api, work.finding, "dismiss", reason="no")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_move")


def test_a_colleagues_claim_is_respected(api, work, calling):
    work.case.co_counselors.add(colleague := everybody(work)["colleague"])
    decide(calling(colleague), work.finding, "claim")
    answer = decide(api, work.finding, "confirm")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_safety_cannot_be_put_aside(api, safety):
    answer = decide(api, safety, "watch", until=str(NOW.date() + timedelta(days=30)))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


# --- While safety stands undecided, partners are not compared ------------------------------------


def test_an_undecided_safety_finding_withholds_what_compares_partners(api, work, safety):
    elsewhere = FindingFactory(case=CaseFactory(lead=work.counselor))
    compared, alarm, other = (
        api.get(f"{FINDINGS}{finding.pk}/").json() for finding in (work.finding, safety, elsewhere)
    )
    assert compared["comparison_suspended"] is True
    assert (compared["evidence"], compared["probability"], compared["subject"]) == (None, None, None)
    assert (alarm["evidence"], alarm["subject"]) == ({"item": "fear"}, str(safety.subject_id))
    assert (other["comparison_suspended"], other["probability"]) == (False, 0.85)
    listed = {one["id"]: one for one in api.get(FINDINGS).json()["results"]}
    assert (listed[compared["id"]]["probability"], listed[compared["id"]]["subject"]) == (None, None)


def test_while_safety_stands_a_comparison_is_not_judged_and_nothing_slips_out(api, work, safety):
    answer = decide(api, work.finding, "claim")
    assert answer.status_code == 403
    assert answer.json() == {"code": "not_allowed", "detail": "a safety finding of this case comes first"}


def test_a_person_who_signs_safety_off_lifts_it(api, work, safety):
    dismiss_finding(safety, reason="spoke to her alone", by=work.counselor, now=NOW)
    shown = api.get(f"{FINDINGS}{work.finding.pk}/").json()
    assert (shown["comparison_suspended"], shown["evidence"]) == (False, EVIDENCE)

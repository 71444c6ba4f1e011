from __future__ import annotations

from datetime import timedelta

import pytest

from assessments.actions.responses import save_answers, withdraw_response
from counseling.actions.answering import start_answering
from counseling.actions.findings import evaluate_case
from counseling.actions.reviews import claim_finding, confirm_finding, dismiss_finding
from counseling.models import AuditEvent, Finding, FindingEvent, ThresholdSet
from tests.couples import BLURRED, CLEAR, EVEN, GIVES, RECEIVES, answer, enrolled, wave
from tests.factories import CaseFactory, ClientFactory, StaffFactory

pytestmark = pytest.mark.django_db
HOLDS = {**EVEN, **CLEAR}


@pytest.fixture
def enrollment():
    return enrolled()


def both(enrollment, occurrence, first, second, **changes):
    for follow_up, profile in zip(wave(enrollment, occurrence), (first, second), strict=True):
        answer(follow_up, **{**CLEAR, **profile, **changes})


def one_sided(enrollment, upto):
    for occurrence in range(1, upto + 1):
        both(enrollment, occurrence, GIVES, RECEIVES)


def kinds(finding):
    return list(finding.events.values_list("kind", flat=True))


def test_a_couple_in_balance_raises_nothing(enrollment):
    for occurrence in (1, 2, 3):
        both(enrollment, occurrence, EVEN, EVEN)
    assert not Finding.objects.exists()


def test_one_giving_and_one_taking_is_raised_about_the_giver_and_confirmed_by_data(enrollment):
    one_sided(enrollment, 2)
    finding = Finding.objects.get()
    assert (finding.pattern, finding.subject, finding.status) == ("one_sided", enrollment.case.members[0], "open")
    assert finding.strength == "pattern"
    assert finding.probability > 0.9
    assert (finding.evidence["giver"], finding.evidence["basis"]) == ("a", "both")
    assert kinds(finding) == ["raised"]
    raised = finding.events.get()
    assert (raised.strength, raised.evidence["basis"], len(raised.evidence["path"])) == ("pattern", "one_view", 1)


def test_the_partners_swapped_mirror_the_finding(enrollment):
    for occurrence in (1, 2):
        both(enrollment, occurrence, RECEIVES, GIVES)
    assert Finding.objects.get().subject == enrollment.case.members[1]


def test_blur_with_need_is_raised_about_who_reports_it(enrollment):
    for occurrence in (1, 2):
        answer(wave(enrollment, occurrence)[0], **{**EVEN, **BLURRED})
        answer(wave(enrollment, occurrence)[1], **HOLDS)
    finding = Finding.objects.get()
    assert (finding.pattern, finding.subject) == ("enmeshed", enrollment.case.members[0])


def test_a_single_client_speaks_of_one_side_and_nobody_speaks_for_the_other():
    lead = StaffFactory()
    case = CaseFactory(lead=lead, client=ClientFactory(registered_by=lead), relationship=None)
    enrollment = enrolled(case)
    for occurrence in (1, 2):
        [follow_up] = wave(enrollment, occurrence)
        answer(follow_up, **{**CLEAR, **GIVES})
    finding = Finding.objects.get()
    assert (finding.pattern, finding.subject, finding.evidence["basis"]) == ("one_sided", case.client, "one_view")


def test_a_single_client_who_receives_is_filed_under_the_client_and_names_the_giver():
    lead = StaffFactory()
    enrollment = enrolled(CaseFactory(lead=lead, client=ClientFactory(registered_by=lead), relationship=None))
    for occurrence in (1, 2):
        answer(wave(enrollment, occurrence)[0], **{**CLEAR, **RECEIVES})
    finding = Finding.objects.get()
    assert (finding.subject, finding.evidence["giver"]) == (enrollment.case.client, "b")


def test_the_clinic_without_thresholds_adopts_the_shipped_ones_once(enrollment):
    both(enrollment, 1, EVEN, EVEN)
    only = ThresholdSet.objects.get()
    assert (only.clinic, only.number) == (enrollment.case.clinic, 1)
    assert AuditEvent.objects.filter(action="thresholds.adopted").count() == 1


def test_looking_again_without_news_writes_nothing(enrollment, django_assert_num_queries):
    one_sided(enrollment, 2)
    before = list(Finding.objects.values()), FindingEvent.objects.count(), AuditEvent.objects.count()
    later = Finding.objects.get().evaluated_at + timedelta(days=1)
    with django_assert_num_queries(6):  # savepoints, case, history (2), findings
        assert evaluate_case(enrollment.case, now=later) == []
    assert (list(Finding.objects.values()), FindingEvent.objects.count(), AuditEvent.objects.count()) == before


def test_a_balance_that_comes_back_clears_it_and_a_new_gap_raises_it_again():
    enrollment = enrolled(occurrences=26)
    one_sided(enrollment, 2)
    occurrence = 3
    finding = Finding.objects.get()
    while finding.status == "open":
        both(enrollment, occurrence, RECEIVES, GIVES)
        occurrence += 1
        finding.refresh_from_db()
    assert (finding.status, finding.cleared_at is not None) == ("cleared", True)
    while finding.status == "cleared":
        both(enrollment, occurrence, GIVES, RECEIVES)
        occurrence += 1
        finding.refresh_from_db()
    assert (finding.status, finding.cleared_at) == ("open", None)
    assert kinds(finding)[-1] == "reopened"


def test_a_claim_ends_when_the_data_clear_the_finding():
    enrollment = enrolled(occurrences=26)
    one_sided(enrollment, 1)
    finding = Finding.objects.get()
    claim_finding(finding, by=enrollment.case.lead, now=finding.evaluated_at)
    for occurrence in range(2, 9):
        both(enrollment, occurrence, RECEIVES, GIVES)
    finding.refresh_from_db()
    assert (finding.status, finding.claimed_by) == ("cleared", None)


@pytest.mark.parametrize("decide", [confirm_finding, dismiss_finding])
def test_a_decision_stands_while_the_data_only_go_on_saying_the_same(enrollment, decide):
    one_sided(enrollment, 2)
    finding = Finding.objects.get()
    decide(finding, reason="seen", by=enrollment.case.lead, now=finding.evaluated_at)
    decided = finding.status
    both(enrollment, 3, GIVES, RECEIVES)
    finding.refresh_from_db()
    assert finding.status == decided
    assert len(finding.evidence["path"]) == 3


def test_the_second_partners_answer_of_the_same_wave_does_not_reopen_a_decision(enrollment):
    one_sided(enrollment, 1)
    first, second = wave(enrollment, 2)
    answer(first, **{**CLEAR, **GIVES})
    finding = Finding.objects.get()
    assert finding.strength == "pattern"
    dismiss_finding(finding, reason="seen", by=enrollment.case.lead, now=finding.evaluated_at)
    answer(second, after=timedelta(hours=9), **{**CLEAR, **RECEIVES})
    assert Finding.objects.get().status == "dismissed"


def test_a_confirmed_finding_is_not_cleared_by_data(enrollment):
    one_sided(enrollment, 2)
    finding = Finding.objects.get()
    confirm_finding(finding, by=enrollment.case.lead, now=finding.evaluated_at)
    for occurrence in (3, 4, 5, 6):
        both(enrollment, occurrence, RECEIVES, GIVES)
    finding.refresh_from_db()
    assert finding.status == "confirmed"


def test_answers_that_come_in_out_of_order_end_in_the_same_findings(enrollment):
    other = enrolled()
    one_sided(enrollment, 3)
    for occurrence in (3, 1, 2):
        for follow_up, profile in reversed(list(zip(wave(other, occurrence), (GIVES, RECEIVES), strict=True))):
            answer(follow_up, **{**CLEAR, **profile})
    ours, theirs = (Finding.objects.get(case=e.case) for e in (enrollment, other))
    assert (ours.strength, round(ours.probability, 6)) == (theirs.strength, round(theirs.probability, 6))
    assert [row["value"] for row in ours.evidence["path"]] == [row["value"] for row in theirs.evidence["path"]]


def test_a_withdrawn_response_is_as_if_it_never_was(enrollment):
    one_sided(enrollment, 1)
    finding = Finding.objects.get()
    for follow_up in wave(enrollment, 1):
        withdraw_response(follow_up.response, now=finding.evaluated_at)
    evaluate_case(enrollment.case, now=finding.evaluated_at)
    finding.refresh_from_db()
    assert finding.status == "cleared"


def test_fear_is_urgent_at_once_and_only_a_person_lifts_it(enrollment):
    first, _ = wave(enrollment, 1)
    answer(first, **HOLDS, fear=1)
    finding = Finding.objects.get()
    assert (finding.pattern, finding.strength, finding.subject) == ("safety", "urgent", first.client)
    assert Finding.objects.suspending().get() == finding
    both(enrollment, 2, HOLDS, HOLDS)
    both(enrollment, 3, HOLDS, HOLDS)
    finding.refresh_from_db()
    assert finding.status == "open"


def test_fear_again_after_it_was_signed_off_is_urgent_again(enrollment):
    answer(wave(enrollment, 1)[0], **HOLDS, fear=1)
    finding = Finding.objects.get()
    dismiss_finding(finding, reason="talked it through", by=enrollment.case.lead, now=finding.evaluated_at)
    both(enrollment, 2, HOLDS, HOLDS)
    finding.refresh_from_db()
    assert finding.status == "dismissed"
    answer(wave(enrollment, 3)[0], **HOLDS, fear=2)
    finding.refresh_from_db()
    assert (finding.status, kinds(finding)) == ("open", ["raised", "reopened"])


def test_a_soft_signal_that_was_confirmed_does_not_swallow_what_is_said_aloud_later(enrollment):
    answer(wave(enrollment, 1)[0], **HOLDS, fear=None)
    finding = Finding.objects.get()
    assert finding.strength == "signal"
    confirm_finding(finding, by=enrollment.case.lead, now=finding.evaluated_at)
    answer(wave(enrollment, 2)[0], **HOLDS, fear=3)
    finding.refresh_from_db()
    assert (finding.status, finding.strength) == ("open", "urgent")


def test_a_draft_that_was_signed_off_does_not_swallow_what_the_same_form_says_in_the_end(enrollment):
    first, _ = wave(enrollment, 1)
    draft = start_answering(first, language="en", now=first.due_at)
    draft = save_answers(draft, answers={"fear": None, "hurt": 0, "contact": 0}, revision=0, now=first.due_at)
    finding = Finding.objects.get()
    dismiss_finding(finding, reason="asked about it", by=enrollment.case.lead, now=finding.evaluated_at)
    draft = save_answers(draft, answers={"fear": 4, "hurt": 4, "contact": 0}, revision=1, now=first.due_at)
    finding.refresh_from_db()
    assert (finding.status, finding.strength) == ("open", "urgent")
    dismiss_finding(finding, reason="safe for tonight", by=enrollment.case.lead, now=finding.evaluated_at)
    answer(first, **HOLDS, fear=4, hurt=4)
    finding.refresh_from_db()
    assert finding.status == "dismissed"


def test_fear_in_a_page_that_was_never_sent_alerts_as_well(enrollment):
    first, _ = wave(enrollment, 1)
    draft = start_answering(first, language="en", now=first.due_at)
    saved = save_answers(draft, answers={"g1": 4}, revision=0, now=first.due_at)
    assert not Finding.objects.exists()
    save_answers(saved, answers={"fear": 3, "hurt": 0, "contact": 0}, revision=1, now=first.due_at)
    finding = Finding.objects.get()
    assert (finding.pattern, finding.strength, finding.status) == ("safety", "urgent", "open")


def test_the_alert_is_kept_with_the_answer_or_neither_is(enrollment, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("counseling.actions.findings.numbers_of", broken)
    first, _ = wave(enrollment, 1)
    with pytest.raises(RuntimeError):
        answer(first, **HOLDS, fear=1)
    first.refresh_from_db()
    assert first.status == "opened" or first.response is None
    assert not Finding.objects.exists()


def test_nothing_of_a_finding_names_anybody(enrollment):
    one_sided(enrollment, 2)
    text = str(Finding.objects.values().get()) + str(list(AuditEvent.objects.values()))
    for member in enrollment.case.members:
        assert member.given_name not in text
        assert member.email not in text

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from assessments.actions.responses import withdraw_response
from counseling.actions.baselines import lift_baseline, set_baseline
from counseling.exceptions import IllegalMove, StaleState
from counseling.models import AuditEvent, Baseline, FollowUp
from tests.counseling.admin.work import Work, work_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def work() -> Work:
    return work_of(waves=3)


def wave(work: Work, number: int, member: int = 0) -> FollowUp:
    return FollowUp.objects.filter(client=work.case.members[member]).order_by("due_at")[number]


def test_answers_become_the_baseline_of_their_person_and_questionnaire(work):
    follow_up = wave(work, 1)
    baseline = set_baseline(follow_up, by=work.case.lead, now=NOW)
    kept = (baseline.case, baseline.client, baseline.instrument, baseline.set_by, baseline.set_at)
    assert kept == (work.case, follow_up.client, follow_up.version.instrument, work.case.lead, NOW)
    event = AuditEvent.objects.get(action="baseline.set")
    assert event.data == {"follow_up": str(follow_up.pk)}


def test_another_one_takes_its_place_and_the_record_stays(work):
    first = set_baseline(wave(work, 1), by=work.case.lead, now=NOW)
    second = set_baseline(wave(work, 2), by=work.case.lead, now=NOW)
    first.refresh_from_db()
    assert (first.lifted_at, first.lifted_by) == (NOW, work.case.lead)
    assert list(Baseline.objects.standing()) == [second]


def test_each_partner_has_their_own(work):
    for member in (0, 1):
        set_baseline(wave(work, 1, member), by=work.case.lead, now=NOW)
    assert Baseline.objects.standing().count() == 2


def test_the_same_answers_twice_are_refused(work):
    set_baseline(wave(work, 1), by=work.case.lead, now=NOW)
    with pytest.raises(IllegalMove, match="already"):
        set_baseline(wave(work, 1), by=work.case.lead, now=NOW)
    assert Baseline.objects.count() == 1


def test_withdrawn_answers_are_refused(work):
    withdraw_response(wave(work, 1).response, now=NOW)
    with pytest.raises(IllegalMove, match="answers that stand"):
        set_baseline(wave(work, 1), by=work.case.lead, now=NOW)


def test_a_questionnaire_that_was_not_answered_is_refused(work):
    unanswered = wave(work, 1)
    FollowUp.objects.filter(pk=unanswered.pk).update(status="cancelled", completed_at=None, ended_at=NOW)
    with pytest.raises(IllegalMove, match="answers that stand"):
        set_baseline(unanswered, by=work.case.lead, now=NOW)


def test_who_comes_second_is_told_so(work, monkeypatch):
    """Another transaction's baseline that this one's look has missed."""
    set_baseline(wave(work, 1), by=work.case.lead, now=NOW)
    monkeypatch.setattr(type(Baseline.objects.all()), "update", lambda *_args, **_kwargs: 0)
    with pytest.raises(StaleState):
        set_baseline(wave(work, 2), by=work.case.lead, now=NOW)
    assert Baseline.objects.get().follow_up == wave(work, 1)


def test_it_is_lifted_once(work):
    baseline = set_baseline(wave(work, 1), by=work.case.lead, now=NOW)
    lift_baseline(baseline, by=work.case.lead, now=NOW)
    assert not Baseline.objects.standing().exists()
    with pytest.raises(StaleState):
        lift_baseline(baseline, by=work.case.lead, now=NOW)
    assert AuditEvent.objects.filter(action="baseline.lifted").count() == 1


def test_nothing_is_left_of_one_that_could_not_be_noted(work, monkeypatch):
    monkeypatch.setattr("counseling.actions.base._append", lambda *_args: (_ for _ in ()).throw(RuntimeError))
    with pytest.raises(RuntimeError):
        set_baseline(wave(work, 1), by=work.case.lead, now=NOW)
    assert not Baseline.objects.exists()


def test_the_database_keeps_one_standing(work):
    baseline = set_baseline(wave(work, 1), by=work.case.lead, now=NOW)
    baseline.pk, baseline._state.adding = None, True
    baseline.pk = Baseline().pk
    with pytest.raises(IntegrityError), transaction.atomic():
        baseline.save(force_insert=True)

"""From which answers on change is measured: a counselor's decision, as when the work starts anew."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from counseling.actions.base import action, record
from counseling.exceptions import IllegalMove, StaleState
from counseling.models import Baseline, FollowUp, StaffMember


@action
def set_baseline(follow_up: FollowUp, *, by: StaffMember, now: datetime) -> Baseline:
    """Measure the person's change on this instrument from these answers on; one set before is lifted.

    Raises `IllegalMove` for a follow-up without standing answers and for answers that are the baseline already, and
    `StaleState` when somebody else set one meanwhile. Reads ``follow_up.version``.
    """
    if not FollowUp.objects.answered().filter(pk=follow_up.pk).exists():
        raise IllegalMove("only answers that stand can be a baseline")
    instrument = follow_up.version.instrument_id
    standing = Baseline.objects.standing().filter(
        case=follow_up.case_id, client=follow_up.client_id, instrument=instrument
    )
    if standing.filter(follow_up=follow_up).exists():
        raise IllegalMove("change is measured from these answers already")
    standing.update(lifted_at=now, lifted_by=by)
    baseline = Baseline(
        case_id=follow_up.case_id,
        client_id=follow_up.client_id,
        instrument_id=instrument,
        follow_up=follow_up,
        set_at=now,
        set_by=by,
    )
    try:
        with transaction.atomic():
            baseline.save(force_insert=True)
    except IntegrityError as error:
        raise StaleState("somebody else set a baseline meanwhile") from error
    record("baseline.set", baseline, by=by, now=now, follow_up=str(follow_up.pk))
    return baseline


@action
def lift_baseline(baseline: Baseline, *, by: StaffMember, now: datetime) -> Baseline:
    """Measure change from the person's first answers again. Raises `StaleState` when it does not stand any more."""
    if not Baseline.objects.standing().filter(pk=baseline.pk).update(lifted_at=now, lifted_by=by):
        raise StaleState("the baseline was lifted or replaced meanwhile")
    baseline.lifted_at, baseline.lifted_by = now, by
    record("baseline.lifted", baseline, by=by, now=now)
    return baseline

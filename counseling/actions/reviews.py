"""What people decide about findings. Each decision is kept with the evidence that the person had before them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from counseling.actions.base import action, move, record
from counseling.clock import FIRST_TO_WAKE, today_in
from counseling.enums import Decision, FindingStatus, Pattern, StaffRole
from counseling.exceptions import IllegalMove, InvalidInput, NotAllowed, StaleState
from counseling.models import Finding, Review, StaffMember
from counseling.permissions import Permission, require
from counseling.transitions import FINDING, check_move

JUDGED_ON = ("status", "strength", "probability", "evidence", "evaluated_at", "claimed_by")


@action
def claim_finding(finding: Finding, *, by: StaffMember, now: datetime, seen: datetime | None = None) -> Review:
    """Take a finding into review, so that colleagues see who is on it."""
    changes = {"claimed_at": now, "claimed_by": by, **_undecided()}
    return _decide(finding, Decision.CLAIM, FindingStatus.IN_REVIEW, by=by, now=now, seen=seen, changes=changes)


@action
def confirm_finding(
    finding: Finding, *, by: StaffMember, now: datetime, reason: str = "", seen: datetime | None = None
) -> Review:
    """Say that the pattern is real in the counselor's judgement."""
    changes = _decided(by, now)
    return _decide(
        finding, Decision.CONFIRM, FindingStatus.CONFIRMED, by=by, now=now, seen=seen, reason=reason, changes=changes
    )


@action
def dismiss_finding(
    finding: Finding, *, reason: str, by: StaffMember, now: datetime, seen: datetime | None = None
) -> Review:
    """Say that the finding does not hold, or no longer, and why.

    Safety is signed off the same way, by name and with a reason; only that lets the partners be compared again.
    """
    if not reason.strip():
        raise InvalidInput("reason: say why the finding is dismissed")
    changes = _decided(by, now)
    return _decide(
        finding, Decision.DISMISS, FindingStatus.DISMISSED, by=by, now=now, seen=seen, reason=reason, changes=changes
    )


@action
def watch_finding(
    finding: Finding, *, until: date, by: StaffMember, now: datetime, reason: str = "", seen: datetime | None = None
) -> Review:
    """Put the finding aside until a date, on which it returns to the queue. Safety cannot wait."""
    if finding.pattern == Pattern.SAFETY:
        raise InvalidInput("until: a safety finding cannot be put aside")
    if until <= today_in(by.clinic.time_zone, now=now):
        raise InvalidInput("until: choose a date after today")
    changes = {**_decided(by, now), "watch_until": until}
    return _decide(
        finding, Decision.WATCH, FindingStatus.WATCHING, by=by, now=now, seen=seen, reason=reason, changes=changes
    )


@action
def return_watched(*, now: datetime) -> int:
    """Bring findings back to the queue whose date has come where their clinic is; how many there were.

    Rows that another worker holds are left to it.
    """
    rows = Finding.objects.watch_may_be_over(today_in(FIRST_TO_WAKE, now=now))
    held = rows.select_related("clinic").select_for_update(of=("self",), no_key=True, skip_locked=True)
    ripe = [row for row in held if row.watch_until and row.watch_until <= today_in(row.clinic.time_zone, now=now)]
    for finding in ripe:
        move(finding, FindingStatus.OPEN, table=FINDING, **_undecided())
        record("finding.watch_ended", finding, by=None, now=now)
    return len(ripe)


def _decide(
    finding: Finding,
    decision: Decision,
    to: FindingStatus,
    *,
    by: StaffMember,
    now: datetime,
    seen: datetime | None,
    changes: dict[str, Any],
    reason: str = "",
) -> Review:
    require(by, Permission.REVIEW_FINDINGS)
    _hold(finding)
    check_decidable(finding, to)
    _check_holder(finding, by)
    _check_safety(finding)
    _check_evidence(finding, seen)
    source = finding.status
    move(finding, to, table=FINDING, **changes)
    review = Review.objects.create(
        finding=finding,
        decision=decision,
        from_status=source,
        to_status=to,
        reason=reason.strip(),
        watch_until=changes.get("watch_until"),
        probability=finding.probability,
        evidence=finding.evidence,
        by=by,
        at=now,
    )
    record(f"finding.{decision}", finding, by=by, now=now, from_status=source, review=str(review.pk))
    return review


def _hold(finding: Finding) -> None:
    """Read the finding as it stands, and keep answers that come in meanwhile waiting until the decision is written."""
    believed = finding.status
    held = Finding.objects.select_for_update(no_key=True)
    finding.refresh_from_db(fields=JUDGED_ON, from_queryset=held)
    if finding.status != believed:
        raise StaleState(f"finding {finding.pk} is no longer {believed}")


def check_decidable(finding: Finding, to: FindingStatus) -> None:
    """Raise `IllegalMove` when a person cannot bring the finding there from where it stands.

    Of what was confirmed only safety is dismissed later: that is its sign-off. Other patterns wait for new evidence.
    """
    if finding.status == FindingStatus.CONFIRMED and finding.pattern != Pattern.SAFETY:
        raise IllegalMove("a confirmed pattern returns with new evidence; until then it stands")
    check_move(FINDING, finding.status, to)


def _check_holder(finding: Finding, by: StaffMember) -> None:
    """A colleague's claim is respected; a supervisor may take over."""
    taken = finding.status == FindingStatus.IN_REVIEW and finding.claimed_by_id != by.pk
    if taken and by.role != StaffRole.SUPERVISOR:
        raise NotAllowed("a colleague has taken this finding into review")


def _check_safety(finding: Finding) -> None:
    """What compares the two is not shown while a safety finding stands, and so not judged either."""
    if finding.pattern != Pattern.SAFETY and Finding.objects.suspending().filter(case=finding.case_id).exists():
        raise NotAllowed("a safety finding of this case comes first")


def _check_evidence(finding: Finding, seen: datetime | None) -> None:
    """``seen`` is the `Finding.evaluated_at` of the page the person decided on."""
    if seen is not None and seen != finding.evaluated_at:
        raise StaleState("new evidence has come in since the page was opened")


def _decided(by: StaffMember, now: datetime) -> dict[str, Any]:
    return {"decided_at": now, "decided_by": by, "watch_until": None, "claimed_at": None, "claimed_by": None}


def _undecided() -> dict[str, Any]:
    return {"decided_at": None, "decided_by": None, "watch_until": None}

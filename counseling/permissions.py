"""Who may do what: one policy for the admin, the API, the client pages, exports and tasks.

Two questions, always both: may this role do it (`allows`), and is the row within reach (`visible_to` on the model's
queryset, through `find_visible`). What is out of reach does not exist: it answers 404.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model
from django.http import Http404

from counseling.enums import StaffRole
from counseling.exceptions import NotAllowed
from counseling.models import StaffMember


class Permission(StrEnum):
    WORK_CASES = "work_cases"
    REVIEW_FINDINGS = "review_findings"
    RUN_REPORTS = "run_reports"
    MANAGE_PLANS = "manage_plans"
    MANAGE_THRESHOLDS = "manage_thresholds"
    MANAGE_STAFF = "manage_staff"
    READ_AUDIT = "read_audit"
    AUTHOR_QUESTIONNAIRES = "author_questionnaires"


_CLINICAL = frozenset({Permission.WORK_CASES, Permission.REVIEW_FINDINGS})
_ADMINISTRATIVE = frozenset(
    {
        Permission.RUN_REPORTS,
        Permission.MANAGE_PLANS,
        Permission.MANAGE_THRESHOLDS,
        Permission.MANAGE_STAFF,
        Permission.READ_AUDIT,
        Permission.AUTHOR_QUESTIONNAIRES,
    }
)
POLICY: dict[str, frozenset[Permission]] = {
    StaffRole.COUNSELOR: _CLINICAL,
    StaffRole.SUPERVISOR: _CLINICAL | {Permission.MANAGE_PLANS, Permission.MANAGE_THRESHOLDS},
    StaffRole.CLINIC_ADMIN: _ADMINISTRATIVE,
}

M_co = TypeVar("M_co", bound=Model, covariant=True)


class Scoped(Protocol[M_co]):
    """A manager or queryset that knows whose rows are whose."""

    def visible_to(self, staff: StaffMember) -> Any: ...


def staff_of(user: Any) -> StaffMember | None:
    """The working staff member behind a signed-in user, fetched once per request's user object."""
    if user is None or isinstance(user, AnonymousUser) or not user.is_active:
        return None
    if not hasattr(user, "counseling_staff"):
        found = StaffMember.objects.select_related("clinic").filter(user=user, is_active=True).first()
        user.counseling_staff = found
    staff: StaffMember | None = user.counseling_staff
    return staff


def allows(staff: StaffMember | None, permission: Permission) -> bool:
    """Whether the person's role holds the permission. Nobody outside the staff holds any."""
    return staff is not None and staff.works and permission in POLICY[staff.role]


def may_author(user: Any) -> bool:
    """Whether this user may write questionnaires: what ``ASSESSMENTS["MAY_AUTHOR"]`` asks."""
    return allows(staff_of(user), Permission.AUTHOR_QUESTIONNAIRES)


def require(staff: StaffMember | None, permission: Permission) -> StaffMember:
    """The staff member, known to hold the permission; raises `NotAllowed` otherwise."""
    if staff is None or not allows(staff, permission):
        raise NotAllowed(f"needs the permission {permission}")
    return staff


def find_visible(rows: Scoped[M_co], staff: StaffMember, pk: object) -> M_co:
    """The row, if it is within the person's reach; 404 when it is not, exactly as when it does not exist."""
    try:
        found: M_co = rows.visible_to(staff).get(pk=pk)
    except (ObjectDoesNotExist, ValidationError) as error:
        raise Http404("No such object within reach") from error
    return found

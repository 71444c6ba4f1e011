"""The few links that stand on top of every staff page, by what the person may do."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from counseling.admin.pages import registered_pages
from counseling.permissions import Permission, allows, staff_of

SCREENS: tuple[tuple[str | Promise, str, Permission], ...] = (
    (_("Caseload"), "counseling_case_changelist", Permission.WORK_CASES),
    (_("Review queue"), "counseling_finding_changelist", Permission.REVIEW_FINDINGS),
    (_("Sessions"), "counseling_session_changelist", Permission.WORK_CASES),
    (_("Clients"), "counseling_client_changelist", Permission.WORK_CASES),
    (_("Relationships"), "counseling_relationship_changelist", Permission.WORK_CASES),
    (_("Plans"), "counseling_followupplan_changelist", Permission.MANAGE_PLANS),
    (_("Closed days"), "counseling_closedday_changelist", Permission.MANAGE_PLANS),
    (_("Thresholds"), "counseling_thresholdset_changelist", Permission.MANAGE_THRESHOLDS),
    (_("Questionnaires"), "assessments_instrument_changelist", Permission.AUTHOR_QUESTIONNAIRES),
    (_("Staff"), "counseling_staffmember_changelist", Permission.MANAGE_STAFF),
    (_("Audit trail"), "counseling_auditevent_changelist", Permission.READ_AUDIT),
)


@dataclass(frozen=True, slots=True)
class Link:
    title: str | Promise
    url: str
    is_current: bool
    count: int = 0


def links_for(request: HttpRequest) -> list[Link]:
    """The screens and pages of this person; the one they are in is marked. What waits for them is counted."""
    staff = staff_of(request.user)
    screens = [_link(request, title, name) for title, name, permission in SCREENS if allows(staff, permission)]
    pages = [page for page in registered_pages() if page.title and allows(staff, page.permission)]
    waiting = [
        _link(request, page.title, page.name, page.count(request, staff)) for page in pages if page.count and staff
    ]
    others = [_link(request, page.title, page.name) for page in pages if not page.count]
    return [*screens[:1], *waiting, *screens[1:], *others]


def _link(request: HttpRequest, title: str | Promise, name: str, count: int = 0) -> Link:
    url = reverse(f"admin:{name}")
    is_first_page = name == SCREENS[0][1] and request.path == reverse("admin:index")
    # A questionnaire's versions have addresses of their own, beside the list: .../instrument/, .../instrumentversion/.
    return Link(title, url, is_current=is_first_page or request.path.startswith(url.removesuffix("/")), count=count)

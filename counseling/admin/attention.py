"""What needs a person, with the remedies: emails in doubt, refused ones, and people nobody can write to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.admin import site
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from counseling.admin.pages import register_page
from counseling.admin.scoped import page_of
from counseling.enums import DeliveryState
from counseling.models import Case, StaffMember
from counseling.permissions import Permission
from counseling.queries import attention
from counseling.queries.attention import Counts, attention_counts

SHOWN = 10
"""How many rows of each section stand on the page; the whole section has a page of its own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A section. ``state`` is that of its emails; without one, it lists people."""

    key: str
    title: str | Promise
    explanation: str | Promise
    state: DeliveryState | None = None


KINDS = (
    Kind(
        "unknown",
        _("Nobody knows whether it arrived"),
        _(
            "The mail server took the email and then did not answer. It may have arrived: sent again, it may arrive "
            "twice, with the same link."
        ),
        DeliveryState.UNCERTAIN,
    ),
    Kind(
        "refused",
        _("Refused by the mail server"),
        _("The client did not get this email. Check the address with them before it is sent again."),
        DeliveryState.DEAD,
    ),
    Kind(
        "blocked",
        _("Cannot be written to"),
        _("Questions that fall due in the next 14 days and will not be asked, or were not asked in the last 30."),
    ),
)


@dataclass(frozen=True, slots=True)
class Section:
    """``rows`` are the first ones or a page of them; ``total`` counts all that are listed, ``older`` those left out."""

    kind: Kind
    rows: list[Any]
    total: int
    older: int


def waiting(request: HttpRequest, staff: StaffMember) -> int:
    """How much waits for this person: the number in the navigation."""
    return counts_of(request, staff).total


def counts_of(request: HttpRequest, staff: StaffMember) -> Counts:
    """Counted once for a request, also where both the page and its navigation tell it."""
    counts: Counts | None = getattr(request, "attention_counts", None)
    if counts is None:
        counts = attention_counts(_cases_of(staff), now=timezone.now())
        request.attention_counts = counts  # type: ignore[attr-defined]
    return counts


def _cases_of(staff: StaffMember) -> list[UUID]:
    return list(Case.objects.visible_to(staff).values_list("pk", flat=True))


@register_page(
    "attention/",
    name="counseling_attention",
    title=_("Needs attention"),
    permission=Permission.WORK_CASES,
    count=waiting,
)
def show_attention(request: HttpRequest, staff: StaffMember) -> HttpResponse:
    """The first rows of every section, or with ``section`` all of one, page by page."""
    cases, now = _cases_of(staff), timezone.now()
    wanted = request.GET.get("section")
    context: dict[str, Any] = {**site.each_context(request), "title": _("Needs attention"), "now": now}
    if wanted is None:
        context["sections"] = [_section(kind, cases, now) for kind in KINDS]
    else:
        kind = next((kind for kind in KINDS if kind.key == wanted), None)
        if kind is None:
            raise Http404("No such section")
        page = page_of(_listed(kind, cases, now), request)
        rows = _filled(kind, page.object_list, cases, now)
        context |= {
            "sections": [Section(kind, rows, page.paginator.count, _older(kind, cases, now))],
            "page": page,
            "back": {"title": _("Needs attention"), "url": reverse("admin:counseling_attention")},
        }
    return TemplateResponse(request, "counseling/admin/attention.html", context)


def _section(kind: Kind, cases: Collection[UUID], now: datetime) -> Section:
    listed = _listed(kind, cases, now)
    return Section(kind, _filled(kind, listed[:SHOWN], cases, now), listed.count(), _older(kind, cases, now))


def _listed(kind: Kind, cases: Collection[UUID], now: datetime) -> QuerySet[Any, Any]:
    if kind.state is None:
        return attention.blocked_people(cases, now=now)
    return attention.doubtful_emails(kind.state, cases, now=now)


def _filled(kind: Kind, rows: Iterable[Any], cases: Collection[UUID], now: datetime) -> list[Any]:
    if kind.state is None:
        return list(attention.with_people(rows, cases, now=now))
    return list(attention.with_remedies(rows, now=now))


def _older(kind: Kind, cases: Collection[UUID], now: datetime) -> int:
    return 0 if kind.state is None else attention.left_by_age(kind.state, cases, now=now)

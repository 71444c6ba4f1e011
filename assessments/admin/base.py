"""What every screen shares: who may open it, how it is shown, and how a refused change is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from assessments.enums import VersionStatus
from assessments.models import InstrumentVersion
from assessments.permissions import may_author, may_read
from assessments.scoring_keys import Unknown
from assessments.signals import version_changed

View = Callable[..., HttpResponse]
R = TypeVar("R")
SHOWN_ENTRIES = 20
MOVED_ON = _("Not done: this has moved on since you opened the page. Here is how it stands now.")
NOTED = {
    "written": _("Written."),
    "uploaded": _("Uploaded."),
    "edited": _("Edited."),
    "copied": _("Copied from another version."),
    "published": _("Published."),
    "retired": _("Retired."),
    "discarded": _("Discarded."),
}


class Screen(ModelAdmin):  # type: ignore[type-arg]  # it can't be subscripted
    """Every member of staff may read; those who may author get the addresses in ``authoring`` too, others a 404.

    Django's own adding, changing and deleting do not exist: what changes a questionnaire is an action.
    """

    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_read(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_read(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- Addresses -----------------------------------------------------------------------------

    def reading(self, route: str, name: str, view: View) -> URLPattern:
        return path(route, self.admin_site.admin_view(view), name=self._name(name))

    def authoring(self, route: str, name: str, view: View) -> URLPattern:
        def authors_only(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may_author(request.user):
                raise Http404("No such page within reach")
            return view(request, *args, **kwargs)

        return path(route, self.admin_site.admin_view(authors_only), name=self._name(name))

    def _name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    # --- Showing and doing ---------------------------------------------------------------------

    def show(
        self, request: HttpRequest, template: str, *, title: str, status: int = 200, **context: Any
    ) -> TemplateResponse:
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "may_author": may_author(request.user),
            "page": template.removesuffix(".html"),
            "title": title,
        }
        return TemplateResponse(request, f"admin/assessments/{template}", {**shared, **context}, status=status)

    def note(self, request: HttpRequest, version: InstrumentVersion, what: str, more: str = "") -> None:
        """Who did what to a version, in Django's log and to whoever listens. In the transaction of what was done."""
        self.log_change(request, version, "\n".join(filter(None, (str(NOTED[what]), more))))
        version_changed.send(InstrumentVersion, version=version, user=request.user, what=what)


def entries_of(version: InstrumentVersion) -> QuerySet[LogEntry]:
    """What was noted about a version, the newest first."""
    kind = ContentType.objects.get_for_model(InstrumentVersion)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(version.pk)).select_related("user")
    return entries.order_by("-action_time", "-pk")[:SHOWN_ENTRIES]


def find_version(pk: Any, *, draft: bool = False) -> InstrumentVersion:
    """The version with its instrument; 404 where there is none, or no draft where one is wanted."""
    rows = InstrumentVersion.objects.select_related("instrument")
    found = (rows.filter(status=VersionStatus.DRAFT) if draft else rows).filter(pk=pk).first()
    if found is None:
        raise Http404("No such version")
    return found


def page_of(version: InstrumentVersion, page: str = "change") -> str:
    """The address of one of a version's pages."""
    return reverse(f"admin:assessments_instrumentversion_{page}", args=[version.pk])


def redirect(request: HttpRequest, to: str, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(to)


def by_scale(found: Iterable[Unknown]) -> dict[str, list[str]]:
    """What nobody has said, by the scale it is missing for; under "" what is missing for the whole."""
    grouped: dict[str, list[str]] = {}
    for unknown in found:
        grouped.setdefault(unknown.scale or "", []).append(unknown.what)
    return grouped

"""What every staff page shares, and the register of pages that belong to no model.

A page without a model is a function that takes the request and the staff member::

    @register_page("reports/", name="counseling_reports", title=_("Reports"), permission=Permission.RUN_REPORTS)
    def reports(request: HttpRequest, staff: StaffMember) -> HttpResponse: ...

It answers at ``<admin>/reports/``, reverses as ``admin:counseling_reports``, stands in the navigation of everybody who
holds the permission (with an empty title: in nobody's), and does not exist for the others. Import its module in
`counseling.admin.screens`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise

from counseling.exceptions import NotAllowed
from counseling.models import StaffMember
from counseling.permissions import Permission, allows, staff_of

View = Callable[..., HttpResponse]
StaffView = Callable[[HttpRequest, StaffMember], HttpResponse]
V = TypeVar("V", bound=StaffView)


@dataclass(frozen=True, slots=True)
class Page:
    """A staff page that belongs to no model."""

    route: str
    name: str
    title: str | Promise
    permission: Permission
    view: StaffView
    count: Callable[[HttpRequest, StaffMember], int] | None = None


_registered: dict[str, Page] = {}


def register_page(
    route: str,
    *,
    name: str,
    permission: Permission,
    title: str | Promise = "",
    count: Callable[[HttpRequest, StaffMember], int] | None = None,
) -> Callable[[V], V]:
    """Make the function a page of the admin site, for those who hold the permission.

    ``count`` is how much waits there for a person: it stands beside the title in the navigation, on every page.
    """

    def remember(view: V) -> V:
        _registered[name] = Page(route, name, title, permission, view, count)
        return view

    return remember


def registered_pages() -> tuple[Page, ...]:
    return tuple(_registered.values())


def page_urls(site: AdminSite) -> list[URLPattern]:
    """The registered pages' addresses, for the site's own ``get_urls``."""
    return [
        path(page.route, site.admin_view(staff_page(_view_of(page))), name=page.name) for page in registered_pages()
    ]


def _view_of(page: Page) -> View:
    def view(request: HttpRequest) -> HttpResponse:
        staff = staff_of(request.user)
        if staff is None or not allows(staff, page.permission):
            raise Http404("No such page within reach")
        return page.view(request, staff)

    return view


def staff_page(view: View) -> View:
    """Run a view in the clinic's time zone; what the person may not do answers 404, as if it did not exist."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(_time_zone(request)):
            try:
                response = view(request, *args, **kwargs)
            except (PermissionDenied, NotAllowed) as error:
                raise Http404("No such page within reach") from error
            if isinstance(response, TemplateResponse):
                response.render()
            return response

    return wrapper


def _time_zone(request: HttpRequest) -> str | None:
    staff = staff_of(request.user)
    return staff.clinic.time_zone if staff else None

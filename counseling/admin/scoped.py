"""The base of every screen: rows within reach, permission by the one policy, 404 for the rest, no deletion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from counseling.actions.audit import record_view
from counseling.admin.pages import View, staff_page
from counseling.admin.search import SearchedList, search_for
from counseling.exceptions import CounselingError, IllegalMove, InvalidInput, StaleState
from counseling.models import StaffMember
from counseling.permissions import Permission, allows, find_visible, staff_of

M = TypeVar("M", bound=Model)
R = TypeVar("R")
PAGE_SIZE = 25


class ScopedAdmin(ModelAdmin, Generic[M]):  # type: ignore[type-arg]  # it can't be subscripted
    """A screen of one model.

    Its rows are ``visible_to`` the staff member, for those who hold ``permission``. Deleting, Django's own history and
    its log do not exist here: rows are never removed by hand, and the audit trail is written by the actions.
    """

    permission: ClassVar[Permission]
    clinical: ClassVar[bool] = True
    """Whether reading one of these rows is noted in the audit trail."""
    can_add: ClassVar[bool] = False
    moves: ClassVar[dict[str, str]] = {}
    """What can be posted to a row's page, by the name of its button, and the method that does it."""
    actions = None
    list_per_page = PAGE_SIZE
    show_full_result_count = False
    change_list_template = "counseling/admin/change_list.html"

    # --- Who sees what -------------------------------------------------------------------------

    def staff(self, request: HttpRequest) -> StaffMember:
        """The person at work; 404 for whoever does not hold the screen's permission."""
        staff = staff_of(request.user)
        if staff is None or not allows(staff, self.permission):
            raise Http404("No such page within reach")
        return staff

    def find(self, request: HttpRequest, pk: object) -> M:
        """The row within reach, with what the page needs joined; else 404."""
        found: M = find_visible(_Reach(self, request), self.staff(request), pk)
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        staff = staff_of(request.user)
        rows: Any = self.model._default_manager
        visible: QuerySet[M] = rows.visible_to(staff) if allows(staff, self.permission) else rows.none()
        return visible

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return allows(staff_of(request.user), self.permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_add and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    # --- Addresses -----------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """The list, one row's page, adding where there is adding: the admin's other addresses do not exist."""
        stem = f"{self.opts.app_label}_{self.opts.model_name}"
        adding = [path("add/", self.page(self.add_view), name=f"{stem}_add")] if self.can_add else []
        return [
            path("", self.page(self.changelist_view), name=f"{stem}_changelist"),
            *adding,
            *self.extra_urls(),
            path("<uuid:object_id>/", self.page(self.change_view), name=f"{stem}_change"),
        ]

    def extra_urls(self) -> list[URLPattern]:
        return []

    def page(self, view: View) -> View:
        """The view as a staff page: signed in, in the clinic's time zone, 404 for what is out of reach."""
        return self.admin_site.admin_view(staff_page(view))

    # --- Showing and doing ---------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[SearchedList]:
        return SearchedList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list. What is posted to it is what to look for."""
        self.staff(request)
        if request.method == "POST":
            return search_for(request, self.opts.label_lower)
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """A row's page. A button on it posts the name of a move."""
        row = self.find(request, object_id)
        if request.method != "POST":
            return self.read_row(request, row)
        name = self.moves.get(request.POST.get("move", ""))
        if name is None:
            return HttpResponseBadRequest(_("This page has no such button."))
        answer: HttpResponse = getattr(self, name)(request, row)
        return answer

    def read_row(self, request: HttpRequest, row: M, **filled: Any) -> HttpResponse:
        """The row's page; that a clinical row was read is noted."""
        if self.clinical:
            record_view(row, by=self.staff(request), now=timezone.now())
        return self.show_row(request, row, **filled)

    def show_row(self, request: HttpRequest, row: M, **filled: Any) -> HttpResponse:
        """The row's page, with the forms that were filled in already."""
        raise NotImplementedError

    def again(self, request: HttpRequest, row: M, **filled: Any) -> Callable[[], HttpResponse]:
        """The row's page as the row stands by then, with the forms that were filled in."""
        return lambda: self.read_row(request, self.find(request, row.pk), **filled)

    def show(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        everywhere = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"counseling/admin/{template}", {**everywhere, **context})

    def perform(
        self,
        request: HttpRequest,
        change: Callable[[], R],
        *,
        done: str,
        to: Callable[[R], str],
        again: Callable[[], HttpResponse],
        form: forms.Form | None = None,
    ) -> HttpResponse:
        """Do it and go on to a page; when it cannot be done, say why on the page as it stands now (``again``)."""
        try:
            result = change()
        except CounselingError as error:
            explain(request, error, form)
            response = again()
            response.status_code = error.http_status
            return response
        messages.success(request, done)
        return HttpResponseRedirect(to(result))


def url_of(row: Model) -> str:
    """The address of a row's page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


class _Reach:
    """A screen's rows in the shape that `find_visible` asks for."""

    def __init__(self, screen: ScopedAdmin[Any], request: HttpRequest) -> None:
        self.screen, self.request, self.model = screen, request, screen.model

    def visible_to(self, staff: StaffMember) -> QuerySet[Any]:
        return self.screen.get_queryset(self.request)


def explain(request: HttpRequest, error: CounselingError, form: forms.Form | None = None) -> None:
    """Say it in the staff's words: beside the field it is about, else on top of the page. The only place that does."""
    if isinstance(error, StaleState | IllegalMove):
        messages.error(request, _("Not done: this has moved on since you opened the page. Here is how it stands now."))
        return
    field, _separator, text = str(error).partition(": ")
    if isinstance(error, InvalidInput) and form is not None and field in form.fields:
        form.add_error(field, capfirst(text))
        return
    messages.error(request, text if isinstance(error, InvalidInput) and text else str(error))


def page_of(rows: QuerySet[M], request: HttpRequest) -> Page[M]:
    """The part of the list that the request's ``p`` asks for; a number out of range gives the nearest page."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))

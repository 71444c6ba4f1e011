"""The days on which the clinic is closed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.actions.closed_days import add_closed_day, remove_closed_day
from counseling.admin.changing import Wish, ask_first
from counseling.admin.forms import DayInput, StaffForm
from counseling.admin.scoped import ScopedAdmin, url_of
from counseling.models import ClosedDay
from counseling.permissions import Permission


class ClosedDayForm(StaffForm):
    day = forms.DateField(label=_("Day"), widget=DayInput())
    name = forms.CharField(label=_("Name"), max_length=80, required=False)


@admin.register(ClosedDay)
class ClosedDayAdmin(ScopedAdmin[ClosedDay]):
    permission = Permission.MANAGE_PLANS
    clinical = False
    can_add = True
    list_display = ("day", "name")
    ordering = ("-day",)
    moves = {"remove": "remove"}

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        staff = self.staff(request)
        form = ClosedDayForm(request.POST or None, staff=staff)
        again = partial(
            self.show,
            request,
            "add.html",
            title=_("Add a closed day"),
            submit=_("Show what changes"),
            form=form,
            hint=_("Steps of a plan say whether they move, stay or are left out on weekends and closed days."),
            back=_list(),
        )
        if not form.is_valid():
            return again()
        wish = Wish(
            change=lambda: add_closed_day(by=staff, now=timezone.now(), **form.cleaned_data),
            title=_("What a closed day changes"),
            submit=_("Close on this day"),
            done=gettext("The clinic is closed on this day."),
            to=lambda _closed: str(_list()["url"]),
            again=again,
            back=_list(),
            form=form,
            is_clinical=False,
        )
        return ask_first(self, request, wish)

    def show_row(self, request: HttpRequest, row: ClosedDay, **_filled: Any) -> HttpResponse:
        return self.show(request, "closed_day.html", title=_title(row), closed_day=row, back=_list())

    def remove(self, request: HttpRequest, row: ClosedDay) -> HttpResponse:
        wish = Wish(
            change=lambda: remove_closed_day(self.find(request, row.pk), by=self.staff(request), now=timezone.now()),
            title=_("What opening on this day changes"),
            submit=_("Open on this day"),
            done=gettext("The clinic is open on this day."),
            to=lambda _nothing: str(_list()["url"]),
            again=self.again(request, row),
            back={"title": _title(row), "url": url_of(row)},
            is_clinical=False,
        )
        return ask_first(self, request, wish)


def _title(row: ClosedDay) -> str:
    return f"{date_format(row.day, 'D, M j, Y')} {row.name}".strip()


def _list() -> dict[str, Any]:
    return {"title": _("Closed days"), "url": reverse("admin:counseling_closedday_changelist")}

"""What somebody looks for in a list: it names people, so it is posted and kept in their session, never in an address.

Signing out ends the session, and what was looked for with it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect

KEY = "sought"
NOT_KEPT = ("q", "p")
"""A new search begins on the first page."""


class SearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=100)


def sought(request: HttpRequest, place: str) -> str:
    """What the person looks for in the list of this name; empty for everything."""
    text: str = request.session.get(KEY, {}).get(place, "")
    return text


def search_for(request: HttpRequest, place: str) -> HttpResponseRedirect:
    """Remember what was posted, or forget it where nothing usable or ``clear`` was, and go back to the list."""
    form = SearchForm(request.POST)
    text = form.cleaned_data["q"] if form.is_valid() and "clear" not in request.POST else ""
    request.session[KEY] = {**request.session.get(KEY, {}), place: text}
    kept = request.GET.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    return HttpResponseRedirect(f"{request.path}?{kept.urlencode()}" if kept else request.path)


class SearchedList(ChangeList):
    """A list of what the person looks for according to their session; the address has no say in it."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        self.query = sought(request, self.opts.label_lower)
        rows: QuerySet[Any] = super().get_queryset(request, *args, **kwargs)
        return rows

"""Two clients and what they are to each other."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.enums import OtherRole
from counseling.actions.relationships import relate_clients
from counseling.admin.forms import StaffForm
from counseling.admin.scoped import ScopedAdmin, url_of
from counseling.enums import RelationshipKind
from counseling.models import Case, Client, Relationship, StaffMember
from counseling.permissions import Permission


class RelationshipForm(StaffForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=RelationshipKind.choices)
    first = forms.ModelChoiceField(label=_("First person"), queryset=Client.objects.none())
    first_role = forms.ChoiceField(
        label=_("The first person is the second's"), choices=OtherRole.choices, initial=OtherRole.PARTNER
    )
    second = forms.ModelChoiceField(label=_("Second person"), queryset=Client.objects.none())
    second_role = forms.ChoiceField(
        label=_("The second person is the first's"),
        choices=OtherRole.choices,
        initial=OtherRole.PARTNER,
        help_text=_("The questions use this word: “my partner”, “my mother”."),
    )

    def __init__(self, *args: Any, staff: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        for name in ("first", "second"):
            self.fields[name].queryset = Client.objects.visible_to(staff)  # type: ignore[attr-defined]


@admin.register(Relationship)
class RelationshipAdmin(ScopedAdmin[Relationship]):
    permission = Permission.WORK_CASES
    can_add = True
    list_display = ("people", "kind", "created_at")
    search_fields = ("first__given_name", "first__family_name", "second__given_name", "second__family_name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Relationship]:
        return super().get_queryset(request).select_related("first", "second")

    @admin.display(description=_("people"))
    def people(self, relationship: Relationship) -> str:
        return str(relationship)

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        staff = self.staff(request)
        form = RelationshipForm(request.POST or None, initial={"first": request.GET.get("first")}, staff=staff)
        again = partial(
            self.show, request, "add.html", title=_("Add a couple or family pair"), submit=_("Add"), form=form
        )
        if not form.is_valid():
            return again()
        chosen = form.cleaned_data
        return self.perform(
            request,
            lambda: relate_clients(
                chosen["first"],
                chosen["second"],
                kind=RelationshipKind(chosen["kind"]),
                first_role=OtherRole(chosen["first_role"]),
                second_role=OtherRole(chosen["second_role"]),
                by=staff,
                now=timezone.now(),
            ),
            done=gettext("The relationship is recorded. You can open a case for it now."),
            to=url_of,
            again=again,
            form=form,
        )

    def show_row(self, request: HttpRequest, row: Relationship, **_filled: Any) -> HttpResponse:
        cases = Case.objects.visible_to(self.staff(request)).with_people().filter(relationship=row)
        return self.show(
            request, "relationship.html", title=str(row), relationship=row, cases=cases.order_by("-opened_at")
        )

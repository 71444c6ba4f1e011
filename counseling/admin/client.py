"""A client: contact details, what they agreed to, and where they are counseled."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.actions.clients import register_client, update_client
from counseling.actions.consents import grant_consent, withdraw_consent
from counseling.actions.suspensions import lift_suspension
from counseling.admin.changing import Wish, ask_first
from counseling.admin.forms import StaffForm, ZoneField, focus_on
from counseling.admin.onward import onward
from counseling.admin.scoped import ScopedAdmin, url_of
from counseling.contact import is_suspended
from counseling.enums import ConsentPurpose, Language
from counseling.models import Case, Client, Consent, PlanStop, Relationship, StaffMember
from counseling.permissions import Permission

EMAIL = ConsentPurpose.FOLLOW_UP_EMAIL


class ClientForm(StaffForm):
    given_name = forms.CharField(label=_("Given name"), max_length=100)
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    time_zone = ZoneField(label=_("Time zone"), help_text=_("Without a time zone nothing is sent."))
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    email_is_safe = forms.BooleanField(
        label=_("Safe to email"),
        required=False,
        help_text=_("Ask at intake: does anybody else read this mailbox? Unless it is safe, nothing is sent."),
    )


def _details_of(client: Client) -> dict[str, Any]:
    return {name: getattr(client, name) for name in ClientForm.base_fields}


@admin.register(Client)
class ClientAdmin(ScopedAdmin[Client]):
    permission = Permission.WORK_CASES
    can_add = True
    list_display = ("full_name", "agrees_to_email", "time_zone", "language")
    search_fields = ("given_name", "family_name")
    search_help_text = _("Name, or a whole email address")
    moves = {"save": "save_details", "grant": "grant", "withdraw": "withdraw", "lift": "lift"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        agreed = Consent.objects.standing().filter(client=OuterRef("pk"), purpose=EMAIL)
        return super().get_queryset(request).annotate(agreed=Exists(agreed))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Client], search_term: str
    ) -> tuple[QuerySet[Client], bool]:
        if "@" in search_term:
            return queryset & Client.objects.with_email(search_term), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("agrees to email"), boolean=True)
    def agrees_to_email(self, client: Any) -> bool:
        return bool(client.agreed)

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        staff = self.staff(request)
        started = {"time_zone": staff.clinic.time_zone, "language": staff.clinic.language, "email_is_safe": True}
        form = ClientForm(request.POST or None, initial=started, staff=staff)
        again = partial(self.show, request, "add.html", title=_("Register a client"), submit=_("Register"), form=form)
        if not form.is_valid():
            return again()
        return self.perform(
            request,
            lambda: register_client(by=staff, now=timezone.now(), **form.cleaned_data),
            done=gettext("The client is registered."),
            to=url_of,
            again=again,
            form=form,
        )

    def show_row(self, request: HttpRequest, row: Client, **filled: Any) -> HttpResponse:
        staff = self.staff(request)
        form = filled.get("form") or ClientForm(initial=_details_of(row), staff=staff)
        to_fix, back = request.GET.get("fix", ""), onward(request, "")
        focus_on(form, to_fix)
        return self.show(
            request,
            "client.html",
            title=row.full_name,
            client=row,
            form=form,
            to_fix=to_fix,
            back={"title": _("Back to where you came from"), "url": back} if back else None,
            agreed=row.agrees_to(EMAIL),
            suspended=is_suspended(row),
            plan_stops=PlanStop.objects.standing().visible_to(staff).filter(client=row).select_related("plan"),
            consents=row.consents.select_related("recorded_by", "withdrawn_by").order_by("-granted_at"),
            cases=_cases_of(row, staff),
            relationships=_relationships_of(row, staff),
        )

    def save_details(self, request: HttpRequest, client: Client) -> HttpResponse:
        staff = self.staff(request)
        form = ClientForm(request.POST, staff=staff)
        again = self.again(request, client, form=form)
        if not form.is_valid():
            return again()
        wish = Wish(
            change=lambda: update_client(
                self.find(request, client.pk), by=staff, now=timezone.now(), **form.cleaned_data
            ),
            title=_("What another time zone changes"),
            submit=_("Save, and move them"),
            done=gettext("The details are saved."),
            to=lambda saved: onward(request, url_of(saved)),
            again=again,
            back={"title": client.full_name, "url": url_of(client)},
            form=form,
        )
        return ask_first(self, request, wish)

    def grant(self, request: HttpRequest, client: Client) -> HttpResponse:
        return self.perform(
            request,
            lambda: grant_consent(client, purpose=EMAIL, by=self.staff(request), now=timezone.now()),
            done=gettext("Recorded: the client agrees to follow-ups by email."),
            to=lambda _consent: onward(request, url_of(client)),
            again=self.again(request, client),
        )

    def withdraw(self, request: HttpRequest, client: Client) -> HttpResponse:
        return self.perform(
            request,
            lambda: withdraw_consent(client, purpose=EMAIL, by=self.staff(request), now=timezone.now()),
            done=gettext("Recorded: nothing more is emailed to this client."),
            to=lambda _consent: url_of(client),
            again=self.again(request, client),
        )

    def lift(self, request: HttpRequest, client: Client) -> HttpResponse:
        return self.perform(
            request,
            lambda: lift_suspension(client, by=self.staff(request), now=timezone.now()),
            done=gettext("Emails go to this address again."),
            to=url_of,
            again=self.again(request, client),
        )


def _cases_of(client: Client, staff: StaffMember) -> QuerySet[Case]:
    theirs = Q(client=client) | Q(relationship__first=client) | Q(relationship__second=client)
    return Case.objects.visible_to(staff).with_people().filter(theirs).order_by("-opened_at")


def _relationships_of(client: Client, staff: StaffMember) -> QuerySet[Relationship]:
    theirs = Q(first=client) | Q(second=client)
    return Relationship.objects.visible_to(staff).select_related("first", "second").filter(theirs)

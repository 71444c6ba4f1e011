"""One finding: what was seen, how sure it is, and the counselor's judgement of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from counseling.actions.audit import record_answers_read
from counseling.actions.reviews import (
    check_decidable,
    claim_finding,
    confirm_finding,
    dismiss_finding,
    watch_finding,
)
from counseling.admin.chart import draw_path
from counseling.admin.forms import DayInput, StaffForm
from counseling.admin.queue import show_queue
from counseling.admin.scoped import ScopedAdmin, url_of
from counseling.enums import Decision, FindingStatus, Pattern
from counseling.exceptions import IllegalMove
from counseling.models import Finding, Review
from counseling.permissions import Permission
from counseling.queries.finding_page import finding_page
from counseling.queries.headlines import headline, with_headlines

RESULT = {
    Decision.CLAIM: FindingStatus.IN_REVIEW,
    Decision.CONFIRM: FindingStatus.CONFIRMED,
    Decision.DISMISS: FindingStatus.DISMISSED,
    Decision.WATCH: FindingStatus.WATCHING,
}
DONE: dict[str, str | Promise] = {
    Decision.CLAIM: _("You have taken this finding into review."),
    Decision.CONFIRM: _("Recorded: you confirm it."),
    Decision.DISMISS: _("Recorded: you dismiss it."),
    Decision.WATCH: _("It comes back to the queue on that day."),
}


class DecisionForm(StaffForm):
    """A judgement, on the evidence as it stood when the page was opened (``seen``)."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Your reasons"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to dismiss. Kept with the evidence as you saw it."),
    )
    until = forms.DateField(label=_("Or look again on"), required=False, widget=DayInput())

    def clean_seen(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError as error:
            raise ValidationError(_("Open the page again.")) from error

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        if self.data.get("move") == Decision.WATCH and not chosen.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose the day on which you want to look again."))
        return chosen


@admin.register(Finding)
class FindingAdmin(ScopedAdmin[Finding]):
    permission = Permission.REVIEW_FINDINGS
    moves = dict.fromkeys(map(str, Decision), "decide")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        case = ("case__clinic", "case__client", "case__relationship__first", "case__relationship__second", "case__lead")
        people = (*case, "subject", "claimed_by", "decided_by")
        return with_headlines(super().get_queryset(request)).select_related(*people, "thresholds")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return show_queue(self, request)

    def show_row(self, request: HttpRequest, row: Finding, **filled: Any) -> HttpResponse:
        staff = self.staff(request)
        page = finding_page(row, language=get_language() or "en")
        record_answers_read(page.read, by=staff, now=timezone.now())
        return self.show(
            request,
            "finding.html",
            title=headline(row),
            finding=row,
            page=page,
            chart=draw_path(page.path, size=page.size, is_gap=page.is_gap),
            form=filled.get("form") or DecisionForm(staff=staff),
            can={decision.value: self._may_decide(row, decision) for decision in Decision},
            back={"title": _("Review queue"), "url": reverse("admin:counseling_finding_changelist")},
        )

    def decide(self, request: HttpRequest, finding: Finding) -> HttpResponse:
        decision = Decision(request.POST["move"])
        form = DecisionForm(request.POST, staff=self.staff(request))
        again = self.again(request, finding, form=form)
        if not form.is_valid():
            return again()
        return self.perform(
            request,
            self._decision(request, finding, decision, form.cleaned_data),
            done=str(DONE[decision]),
            to=lambda review: url_of(review.finding),
            again=again,
            form=form,
        )

    def _decision(
        self, request: HttpRequest, finding: Finding, decision: Decision, chosen: dict[str, Any]
    ) -> Callable[[], Review]:
        """The one action that this judgement calls."""
        judge: dict[str, Any] = {"by": self.staff(request), "now": timezone.now(), "seen": chosen["seen"]}
        actions: dict[Decision, Callable[[], Review]] = {
            Decision.CLAIM: lambda: claim_finding(finding, **judge),
            Decision.CONFIRM: lambda: confirm_finding(finding, reason=chosen["reason"], **judge),
            Decision.DISMISS: lambda: dismiss_finding(finding, reason=chosen["reason"], **judge),
            Decision.WATCH: lambda: watch_finding(finding, until=chosen["until"], reason=chosen["reason"], **judge),
        }
        return actions[decision]

    @staticmethod
    def _may_decide(finding: Finding, decision: Decision) -> bool:
        if decision == Decision.WATCH and finding.pattern == Pattern.SAFETY:
            return False
        try:
            check_decidable(finding, RESULT[decision])
        except IllegalMove:
            return False
        return True

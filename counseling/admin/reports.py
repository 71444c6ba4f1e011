"""The reports of a clinic's admin: two tables on one page, and each of them as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from counseling.actions.exports import record_export
from counseling.admin.forms import StaffForm
from counseling.admin.pages import StaffView, register_page
from counseling.clock import today_in
from counseling.conf import conf
from counseling.enums import StaffRole
from counseling.models import StaffMember
from counseling.permissions import Permission
from counseling.queries.reports.base import Line, Period, month_before
from counseling.queries.reports.findings import findings_by_month
from counseling.queries.reports.follow_ups import follow_ups_by_month
from counseling.spreadsheets import SUPPRESSED, csv_lines, disclosed

LEADING = (StaffRole.COUNSELOR, StaffRole.SUPERVISOR)
USUAL_MONTHS = 6
MOST_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Report:
    """One table: its words, and the query whose figures stand under ``columns``."""

    slug: str
    title: str | Promise
    explanation: str | Promise
    columns: tuple[str | Promise, ...]
    query: Callable[..., list[Line]]

    @property
    def url_name(self) -> str:
        return f"counseling_report_{self.slug.replace('-', '_')}"


REPORTS = (
    Report(
        "follow-ups",
        gettext_lazy("Follow-ups"),
        gettext_lazy("By the month in which they were due, and what has become of them so far."),
        (gettext_lazy("Planned"), gettext_lazy("Sent"), gettext_lazy("Answered"), gettext_lazy("Expired")),
        follow_ups_by_month,
    ),
    Report(
        "findings",
        gettext_lazy("Findings"),
        gettext_lazy("By the month in which they were raised, and by the month in which somebody decided."),
        (gettext_lazy("Raised"), gettext_lazy("Decided")),
        findings_by_month,
    ),
)


class MonthField(forms.DateField):
    """A month, as the first of its days."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "size": 7, "placeholder": "2026-01"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m"], **kwargs)


class ReportForm(StaffForm):
    first = MonthField(label=gettext_lazy("From"))
    last = MonthField(label=gettext_lazy("To"))
    counselor = forms.ModelChoiceField(
        StaffMember.objects.none(),
        label=gettext_lazy("Counselor"),
        required=False,
        empty_label=gettext_lazy("All counselors"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues: forms.ModelChoiceField[StaffMember] = self.fields["counselor"]  # type: ignore[assignment]
        colleagues.queryset = (
            StaffMember.objects.visible_to(self.staff).filter(role__in=LEADING).order_by("display_name", "id")
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and not 0 <= _months_between(first, last) < MOST_MONTHS:
            self.add_error("last", _("Choose a month from the first one on, at most %d months in all.") % MOST_MONTHS)
        return values

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])

    def run(self, report: Report) -> list[Line]:
        """The report's lines for what was chosen, in the clinic of the person who asks."""
        counselor = self.cleaned_data["counselor"]
        return report.query(self.staff.clinic, self.period, counselor=counselor.pk if counselor else None)


@register_page("reports/", name="counseling_reports", title=gettext_lazy("Reports"), permission=Permission.RUN_REPORTS)
def show_reports(request: HttpRequest, staff: StaffMember) -> HttpResponse:
    form = _form(request, staff)
    tables = [_table(report, form) for report in REPORTS] if form.is_valid() else []
    context = {
        **site.each_context(request),
        "title": _("Reports"),
        "form": form,
        "tables": tables,
        "choices": urlencode(_chosen(form)) if form.is_valid() else "",
    }
    status = 200 if form.is_valid() else 400
    return TemplateResponse(request, "counseling/admin/reports/reports.html", context, status=status)


def _register_download(report: Report) -> None:
    """A page without a title: an address, and no place in the navigation."""

    @register_page(f"reports/{report.slug}.csv", name=report.url_name, permission=Permission.RUN_REPORTS)
    @_guarded
    def download(request: HttpRequest, staff: StaffMember) -> HttpResponse:
        form = _form(request, staff)
        if not form.is_valid():
            return show_reports(request, staff)
        record_export(report.slug, by=staff, now=timezone.now(), **_chosen(form))
        return _csv_response(report, form)


def _guarded(view: StaffView) -> StaffView:
    """Behind the project's ``EXPORT_GUARD``, when it has one."""

    @wraps(view)
    def guarded(request: HttpRequest, staff: StaffMember) -> HttpResponse:
        guard = conf().export_guard
        download: StaffView = import_string(guard)(view) if guard else view
        return download(request, staff)

    return guarded


def _form(request: HttpRequest, staff: StaffMember) -> ReportForm:
    data = request.GET.copy()
    for name, month in _usual_months(staff, now=timezone.now()).items():
        data.setdefault(name, month.strftime("%Y-%m"))
    return ReportForm(data, staff=staff)


def _usual_months(staff: StaffMember, *, now: datetime) -> dict[str, date]:
    """Half a year up to this month."""
    first = last = today_in(staff.clinic.time_zone, now=now).replace(day=1)
    for _month in range(USUAL_MONTHS - 1):
        first = month_before(first)
    return {"first": first, "last": last}


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _table(report: Report, form: ReportForm) -> dict[str, Any]:
    lines = form.run(report)
    sums = [sum(figure.count for figure in column) for column in zip(*(line.figures for line in lines), strict=True)]
    return {
        "report": report,
        "rows": [(line, list(zip(report.columns, line.figures, strict=True))) for line in lines],
        "totals": list(zip(report.columns, sums, strict=False)),  # no line, no sum
        "url_name": f"admin:{report.url_name}",
    }


def _chosen(form: ReportForm) -> dict[str, str]:
    counselor = form.cleaned_data["counselor"]
    months = {"first": f"{form.period.first:%Y-%m}", "last": f"{form.period.last:%Y-%m}"}
    return {**months, "counselor": str(counselor.pk) if counselor else ""}


def _csv_response(report: Report, form: ReportForm) -> HttpResponse:
    name = f"{report.slug}-{form.period.first:%Y-%m}-{form.period.last:%Y-%m}.csv"
    response: Any = StreamingHttpResponse(  # of the stubs' other family of responses
        csv_lines(_csv_rows(report, form)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
    streaming: HttpResponse = response
    return streaming


def _csv_rows(report: Report, form: ReportForm) -> Iterator[list[int | str]]:
    """No totals: a suppressed figure could be worked out from them."""
    yield [_("Month"), _("Counselor"), *map(str, report.columns)]
    for line in form.run(report):
        figures = [disclosed(figure.count, figure.people) for figure in line.figures]
        yield [f"{line.month:%Y-%m}", line.counselor, *figures]
    yield [str(report.explanation)]
    yield [_("%s stands for figures about fewer than five people, none included.") % SUPPRESSED]


for _report in REPORTS:
    _register_download(_report)

"""What the staff templates need beyond Django: the navigation, and instants in a reader's words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.change import RELIABLE_Z, Trend
from assessments.models import Score
from counseling import explanations
from counseling.admin.navigation import links_for
from counseling.admin.remedies import remedy
from counseling.admin.sending_alarm import alarms_to_show
from counseling.clock import today_in
from counseling.enums import SESSION_ANCHORS, Anchor, Asks, Cadence, Reason
from counseling.ledger_words import reply_meaning
from counseling.models import PlanStep
from counseling.permissions import staff_of
from counseling.planning.changes import Change, ChangeKind, Slot
from counseling.queries.headlines import headline

DAYS_A_MONTH = 30.44

register = template.Library()
register.filter(headline)
register.filter(remedy)


@register.inclusion_tag("counseling/admin/navigation.html", takes_context=True)
def staff_navigation(context: dict[str, Any]) -> dict[str, Any]:
    request = context["request"]
    return {"links": links_for(request), "alarms": alarms_to_show() if staff_of(request.user) else []}


@register.filter
def moment(instant: datetime | None) -> str:
    """The day in words or as a date, and the time, on the wall of the page's time zone."""
    if instant is None:
        return ""
    local = timezone.localtime(instant)
    return _("%(day)s, %(time)s") % {"day": day(local.date()), "time": formats.time_format(local.time())}


@register.filter
def day(value: date | datetime | None) -> str:
    """Today, yesterday or tomorrow in words; else the date with its weekday, or its year when that is another one."""
    if value is None:
        return ""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    today = today_in(timezone.get_current_timezone_name(), now=timezone.now())
    near = {
        today: _("Today"),
        today + timedelta(days=1): _("Tomorrow"),
        today - timedelta(days=1): _("Yesterday"),
    }
    return near.get(on) or formats.date_format(on, _("D, M j") if on.year == today.year else _("M j, Y"))


@register.filter
def wall_clock(local: datetime) -> str:
    """The time on somebody else's wall, with the weekday where theirs is another than the page's."""
    time = formats.time_format(local.time())
    other_day = local.date() != timezone.localtime(local).date()
    return f"{formats.date_format(local.date(), 'D')} {time}" if other_day else time


@register.filter
def reply(code: int) -> str:
    """What a mail server's refusal says, with its code."""
    return reply_meaning(str(code))


@register.filter
def percent(probability: float | None) -> str:
    return "" if probability is None else f"{explanations.percent(probability)} %"


@register.filter
def sureness(probability: float) -> str:
    """How sure, in words that go with the number."""
    return explanations.sureness(probability)


@register.filter
def reason(code: str) -> str:
    """Why something was not sent or ended, in words; a code nobody wrote words for, as it is."""
    return str(Reason(code).label) if code in Reason.values else code


@register.filter
def points(value: float, ends: tuple[float, float] | None) -> str:
    """A score without more digits than its scale bears: whole points of a hundred, tenths of a short scale."""
    wide = ends is not None and ends[1] - ends[0] >= 100
    return floatformat(value, 0 if wide else -1)


@register.filter
def half_band(score: Score, ends: tuple[float, float] | None) -> str:
    """Half the width of the score's 95 % band, X ± 1.96 SEM."""
    return points(RELIABLE_Z * score.sem, ends) if score.sem else ""


@register.filter
def a_month(trend: Trend, ends: tuple[float, float] | None) -> str:
    """A trend's slope in points a month, with its sign, and ± its 95 % band where its error is known."""
    if trend.slope is None:
        return ""
    slope = f"{'+' if trend.slope > 0 else ''}{points(trend.slope * DAYS_A_MONTH, ends)}"
    return slope if trend.error is None else f"{slope} ±{points(RELIABLE_Z * trend.error * DAYS_A_MONTH, ends)}"


@register.filter
def exact(instant: datetime) -> str:
    """To the microsecond, to be compared when it comes back."""
    return instant.isoformat()


@register.filter
def slot(when: Slot | None, with_place: bool = True) -> str:
    """The day and hour on the client's own wall and, for whoever may know, where that is."""
    if when is None:
        return ""
    place = when.time_zone.rpartition("/")[2].replace("_", " ") if with_place else _("local time")
    day_there = formats.date_format(when.local_date, _("D, M j, Y"))
    return _("%(day)s, %(time)s (%(place)s)") % {
        "day": day_there,
        "time": formats.time_format(when.local_time),
        "place": place,
    }


WHAT_BECOMES = {
    ChangeKind.CANCELLED: gettext_lazy("Cancelled"),
    ChangeKind.LEFT_OUT: gettext_lazy("Left out"),
    ChangeKind.PAUSED: gettext_lazy("Waits"),
}


@register.filter
def what_becomes(change: Change) -> str:
    """What becomes of a follow-up that has no time from now on."""
    return str(WHAT_BECOMES[change.kind])


@register.filter
def rhythm(step: PlanStep) -> str:
    """When a plan's step asks, as in: Every 2 weeks, 12 times, from the day the plan starts, at 9 a.m."""
    parts = [_how_often(step), _from_when(step), _("at %(hour)s") % {"hour": formats.time_format(step.send_at)}]
    if step.asks == Asks.NAMED:
        parts.append(_("to one person"))
    return ", ".join(part for part in parts if part)


def _how_often(step: PlanStep) -> str:
    if step.anchor in SESSION_ANCHORS:
        return ""
    if step.cadence == Cadence.ONCE:
        return str(step.get_cadence_display())
    units = {
        Cadence.DAILY: ngettext("Every day", "Every %(every)d days", step.every),
        Cadence.WEEKLY: ngettext("Every week", "Every %(every)d weeks", step.every),
        Cadence.MONTHLY: ngettext("Every month", "Every %(every)d months", step.every),
    }
    times = ngettext("once", "%(times)d times", step.occurrences) % {"times": step.occurrences}
    return f"{units[Cadence(step.cadence)] % {'every': step.every}}, {times}"


def _from_when(step: PlanStep) -> str:
    """As in: 3 months after the case is closed, 1 day before each session."""
    once = {
        Anchor.START: (_("on the day the plan starts"), _("%(wait)s after the plan starts")),
        Anchor.CASE_OPENED: (_("on the day the case was opened"), _("%(wait)s after the case was opened")),
        Anchor.DISCHARGE: (_("on the day the case is closed"), _("%(wait)s after the case is closed")),
    }
    anchors = {
        Anchor.START: (_("from the day the plan starts"), _("from %(wait)s after the plan starts")),
        Anchor.CASE_OPENED: (_("from the day the case was opened"), _("from %(wait)s after the case was opened")),
        Anchor.DISCHARGE: (_("from the day the case is closed"), _("from %(wait)s after the case is closed")),
        Anchor.BEFORE_SESSION: (_("Before each session"), _("%(wait)s before each session")),
        Anchor.AFTER_SESSION: (_("After each session"), _("%(wait)s after each session")),
    }
    anchor = Anchor(step.anchor)
    at_once, later = once[anchor] if step.cadence == Cadence.ONCE and anchor in once else anchors[anchor]
    days, months = abs(step.offset_days), step.offset_months
    waits = [
        ngettext("%(n)d month", "%(n)d months", months) % {"n": months} if months else "",
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
    ]
    wait = _(" and ").join(part for part in waits if part)
    return later % {"wait": wait} if wait else at_once

"""What the staff templates need beyond Django: the navigation, and instants in a reader's words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.change import Trend
from assessments.models import Score
from counseling import explanations
from counseling.admin.navigation import links_for
from counseling.admin.remedies import remedy
from counseling.admin.sending_alarm import alarms_to_show
from counseling.clock import today_in
from counseling.enums import Cadence, Reason
from counseling.ledger_words import reply_meaning
from counseling.models import PlanStep
from counseling.permissions import staff_of
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
    return points(1.96 * score.sem, ends) if score.sem else ""


@register.filter
def a_month(trend: Trend, ends: tuple[float, float] | None) -> str:
    """A trend's slope in points a month, with its sign, and ± its 95 % band where its error is known."""
    if trend.slope is None:
        return ""
    slope = f"{'+' if trend.slope > 0 else ''}{points(trend.slope * DAYS_A_MONTH, ends)}"
    return slope if trend.error is None else f"{slope} ±{points(1.96 * trend.error * DAYS_A_MONTH, ends)}"


@register.filter
def exact(instant: datetime) -> str:
    """To the microsecond, to be compared when it comes back."""
    return instant.isoformat()


@register.filter
def rhythm(step: PlanStep) -> str:
    """How often a plan's step asks: "Every 2 weeks, 12 times"."""
    if step.cadence == Cadence.ONCE:
        return str(step.get_cadence_display())
    units = {
        Cadence.DAILY: ngettext("Every day", "Every %(every)d days", step.every),
        Cadence.WEEKLY: ngettext("Every week", "Every %(every)d weeks", step.every),
        Cadence.MONTHLY: ngettext("Every month", "Every %(every)d months", step.every),
    }
    times = ngettext("once", "%(times)d times", step.occurrences) % {"times": step.occurrences}
    return f"{units[Cadence(step.cadence)] % {'every': step.every}}, {times}"

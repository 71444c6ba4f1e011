"""What clients are sent, one function an email. Neutral to anybody who glances at the screen: no names, no topic.

Nothing depends on another person, so that an email can never tell whether a partner has answered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import css_inline
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from counseling.links import form_link, stop_link
from counseling.models import FollowUp

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Email:
    """A rendered email. ``stop_link`` belongs into its unsubscribe header as well."""

    language: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    stop_link: str = field(repr=False)


def invitation(follow_up: FollowUp) -> Email:
    """Asks a client to answer. ``follow_up.client`` is read; nothing is queried when it is loaded."""
    with translation.override(follow_up.client.language):
        return _render("invitation", gettext("A few questions for you"), follow_up)


def reminder(follow_up: FollowUp) -> Email:
    """Says once more that the form is open. The same for everybody, whatever a partner did."""
    with translation.override(follow_up.client.language):
        return _render("reminder", gettext("Your questions are still open"), follow_up)


def _render(name: str, subject: str, follow_up: FollowUp) -> Email:
    client = follow_up.client
    last_moment = follow_up.expires_at.astimezone(ZoneInfo(follow_up.time_zone))
    context = {
        "subject": subject,
        "form_link": form_link(follow_up),
        "stop_link": stop_link(client),
        "last_moment": date_format(last_moment, "DATETIME_FORMAT"),
    }
    return Email(
        language=client.language,
        subject=subject,
        text=render_to_string(f"counseling/emails/{name}.txt", context).strip() + "\n",
        html=_inliner.inline(render_to_string(f"counseling/emails/{name}.html", context)),
        stop_link=context["stop_link"],
    )

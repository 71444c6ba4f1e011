"""What clients are sent, one function an email. Neutral to anybody who glances at the screen: no names, no topic.

Nothing depends on another person, so that an email can never tell whether a partner has answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import css_inline
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext_lazy

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
    return _written("invitation", follow_up)


def reminder(follow_up: FollowUp) -> Email:
    """Says once more that the form is open. The same for everybody, whatever a partner did."""
    return _written("reminder", follow_up)


_SUBJECTS = {
    "invitation": gettext_lazy("A few questions for you"),
    "reminder": gettext_lazy("Your questions are still open"),
}
_GAPS = {name: f"https://gap.invalid/{name}" for name in ("form_link", "stop_link", "last_moment")}


@dataclass(frozen=True, slots=True)
class _Letter:
    """An email as it reads to everybody, with gaps where the links and the last moment go."""

    subject: str
    text: str
    html: str


@cache
def _letter(name: str, language: str) -> _Letter:
    """Rendering and inlining styles takes a hundred times as long as filling the gaps, so it is done once."""
    with translation.override(language):
        context = {"subject": str(_SUBJECTS[name]), **_GAPS}
        text = render_to_string(f"counseling/emails/{name}.txt", context).strip() + "\n"
        html = _inliner.inline(render_to_string(f"counseling/emails/{name}.html", context))
        return _Letter(context["subject"], text, html)


def _written(name: str, follow_up: FollowUp) -> Email:
    client = follow_up.client
    letter = _letter(name, client.language)
    links = {"form_link": form_link(follow_up), "stop_link": stop_link(follow_up)}
    filling = {**links, "last_moment": _last_moment(follow_up.expires_at, follow_up.time_zone, client.language)}
    return Email(
        language=client.language,
        subject=letter.subject,
        text=_filled(letter.text, filling),
        html=_filled(letter.html, {gap: escape(words) for gap, words in filling.items()}),
        stop_link=links["stop_link"],
    )


def _filled(letter: str, filling: Mapping[str, str]) -> str:
    for gap, words in filling.items():
        letter = letter.replace(_GAPS[gap], words)
    return letter


@lru_cache
def _last_moment(expires_at: datetime, zone: str, language: str) -> str:
    with translation.override(language):
        return date_format(expires_at.astimezone(ZoneInfo(zone)), "DATETIME_FORMAT")

"""Words and numbers for the pages about questionnaires."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessments.definition import text_for

register = template.Library()

LEFT_OUT = {
    "not_asked": _("not asked"),
    "missing": _("not answered"),
    "declined": _("declined"),
    "own_words": _("in own words"),
    "pair_incomplete": _("its pair is not answered"),
}


@register.filter
def spoken(texts: Mapping[str, str]) -> str:
    """A text of a definition in the reader's language."""
    return text_for(texts, get_language() or "en")


@register.filter
def figure(value: float | None) -> str:
    """A number with at most two decimals, none of them idle; a dash where there is none."""
    if value is None:
        return "–"
    return number_format(f"{value:.2f}".rstrip("0").rstrip("."))


@register.filter
def left_out(reason: str) -> str:
    """Why an answer did not count."""
    return str(LEFT_OUT[reason])

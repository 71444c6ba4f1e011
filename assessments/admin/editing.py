"""Writing a definition: the text with live checks beside it, saved only when nothing is wrong with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.actions.versions import draft_version, edit_draft
from assessments.admin.base import MOVED_ON, Screen, find_version, page_of, redirect
from assessments.definition import Definition
from assessments.drafting import Checked, check_text, laid_out
from assessments.exceptions import IllegalMove, StaleState
from assessments.models import Instrument, InstrumentVersion

BLANK = """{
  "slug": "name-in-addresses",
  "title": {"en": "Title"},
  "languages": ["en"],
  "period": {"en": "Please answer for the last two weeks."},
  "notice": {"en": "New and not yet validated. Not a diagnosis."},
  "declined": {"en": "Prefer not to say"},
  "option_sets": {
    "frequency": [
      {"value": 0, "text": {"en": "Never"}},
      {"value": 1, "text": {"en": "Sometimes"}},
      {"value": 2, "text": {"en": "Often"}}
    ]
  },
  "blocks": [
    {
      "id": "first",
      "title": {"en": "First page"},
      "items": [
        {"id": "q1", "text": {"en": "I looked forward to the day."}, "kind": "choice", "options": "frequency"},
        {"id": "q2", "text": {"en": "I found it hard to begin."}, "kind": "choice", "options": "frequency"}
      ]
    }
  ],
  "scales": [
    {
      "id": "score",
      "title": {"en": "Score"},
      "kind": "sum",
      "items": ["q1", "q2"],
      "reversed": ["q2"],
      "minimum": 2,
      "direction": "higher_is_better"
    }
  ]
}
"""


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the posted text, as a piece of a page."""
    text, slug = request.POST.get("definition", ""), request.POST.get("slug") or None
    return render(request, "admin/assessments/faults.html", {"checked": check_text(_lines(text), slug=slug)})


def edit(screen: Screen, request: HttpRequest, object_id: object) -> HttpResponse:
    version = find_version(object_id, draft=request.method != "POST")
    slug = version.instrument.slug
    if request.method != "POST":
        return _show(screen, request, version, text=laid_out(version.definition), digest=version.digest)
    text, digest = _lines(request.POST.get("definition", "")), request.POST.get("digest", "")
    checked = check_text(text, slug=slug)
    if checked.definition is None or "check" in request.POST:
        return _show(screen, request, version, text=text, digest=digest, checked=checked)
    try:
        _save(screen, request, version, checked.definition, digest)
    except (IllegalMove, StaleState):
        messages.error(request, MOVED_ON)
        return _show(screen, request, version, text=text, digest=digest, checked=checked, status=409)
    return redirect(request, page_of(version, "edit"), _("The draft is saved."))


def write_new(screen: Screen, request: HttpRequest) -> HttpResponse:
    """A questionnaire of a name that is not there yet, from a small example."""
    if request.method != "POST":
        return _show(screen, request, None, text=BLANK)
    text = _lines(request.POST.get("definition", ""))
    checked = check_text(text)
    if checked.definition is None or "check" in request.POST:
        return _show(screen, request, None, text=text, checked=checked)
    if Instrument.objects.filter(slug=checked.definition.slug).exists():
        messages.error(request, _("There is a questionnaire of that name. Choose another slug, or copy its version."))
        return _show(screen, request, None, text=text, checked=checked, status=409)
    with transaction.atomic():
        version = draft_version(checked.definition)
        screen.note(request, version, "written")
    return redirect(request, page_of(version, "edit"), _("The questionnaire is kept as a draft."))


@transaction.atomic
def _save(
    screen: Screen, request: HttpRequest, version: InstrumentVersion, definition: Definition, digest: str
) -> None:
    before = version.digest
    edit_draft(version, definition=definition, digest=digest)
    if version.digest != before:
        screen.note(request, version, "edited")


def _show(
    screen: Screen,
    request: HttpRequest,
    version: InstrumentVersion | None,
    *,
    text: str,
    checked: Checked | None = None,
    **context: Any,
) -> HttpResponse:
    title = _("Edit %(version)s") % {"version": version} if version else _("Write a questionnaire")
    slug = version.instrument.slug if version else ""
    return screen.show(
        request,
        "edit.html",
        title=title,
        version=version,
        text=text,
        slug=slug,
        checked=checked or check_text(text, slug=slug or None),
        **context,
    )


def _lines(text: str) -> str:
    """Browsers send line ends as CR LF."""
    return text.replace("\r\n", "\n")

"""Publish, retire, discard and copy: each asked once more on a page that says what it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.actions.versions import copy_to_draft, discard_draft, publish_version, retire_version
from assessments.admin.base import MOVED_ON, Screen, find_version, page_of, redirect
from assessments.admin.comparing import difference_context
from assessments.cautions import cautions_in
from assessments.differences import differences
from assessments.enums import VersionStatus
from assessments.exceptions import IllegalMove, StaleState
from assessments.models import Instrument, InstrumentVersion


class Move(NamedTuple):
    """From which states it is offered, the action, and the words around it."""

    sources: frozenset[str]
    action: Callable[[InstrumentVersion], InstrumentVersion | None]
    title: Promise
    explained: Promise
    button: Promise
    done: Promise
    what: str


def _publish(version: InstrumentVersion) -> InstrumentVersion:
    return publish_version(version, now=timezone.now())


def _retire(version: InstrumentVersion) -> InstrumentVersion:
    return retire_version(version, now=timezone.now())


MOVES = {
    "publish": Move(
        frozenset({VersionStatus.DRAFT}),
        _publish,
        title=_("Publish %(version)s"),
        explained=_(
            "Whoever is asked from now on gets this version, and it never changes again: a correction is a version of "
            "its own."
        ),
        button=_("Publish"),
        done=_("It is published: whoever is asked from now on gets this version."),
        what="published",
    ),
    "retire": Move(
        frozenset({VersionStatus.PUBLISHED}),
        _retire,
        title=_("Retire %(version)s"),
        explained=_(
            "Nobody is asked it anew, also where a follow-up plan would. What is out can still be answered, and every "
            "answer stays as it is. A retired version is not published again; copy it to a new draft for that."
        ),
        button=_("Retire"),
        done=_("It is retired: nobody is asked it anew."),
        what="retired",
    ),
    "discard": Move(
        frozenset({VersionStatus.DRAFT}),
        discard_draft,
        title=_("Discard %(version)s"),
        explained=_(
            "The draft is deleted for good; nobody has answered it. Download it first if you may want it again."
        ),
        button=_("Discard the draft"),
        done=_("The draft is discarded."),
        what="discarded",
    ),
    "copy": Move(
        frozenset(VersionStatus.values),
        copy_to_draft,
        title=_("Copy %(version)s to a new draft"),
        explained=_("A new draft begins with what this version says. This version stays as it is."),
        button=_("Copy to a new draft"),
        done=_("Here is your draft."),
        what="copied",
    ),
}


def move(screen: Screen, request: HttpRequest, object_id: object, *, name: str) -> HttpResponse:
    """The page that asks, and on POST the move itself: only on what the page showed (``seen``, ``current``)."""
    version, asked = find_version(object_id), MOVES[name]
    if request.method != "POST":
        return _ask(screen, request, version, name)
    try:
        result = _do(screen, request, version, asked)
    except (IllegalMove, StaleState):
        messages.error(request, MOVED_ON)
        return HttpResponseRedirect(page_of(version))
    return redirect(request, _next(version, result, name), str(asked.done))


def _ask(screen: Screen, request: HttpRequest, version: InstrumentVersion, name: str) -> HttpResponse:
    asked = MOVES[name]
    if version.status not in asked.sources:
        raise Http404("No such move from here")
    current = _current(version)
    context: dict[str, Any] = {"current": current, "explained": asked.explained, "button": asked.button}
    if name == "publish":
        context["cautions"] = cautions_in(version.definition)
    if name == "publish" and current:
        context |= difference_context(differences(current.definition, version.definition))
    title = str(asked.title) % {"version": version}
    return screen.show(request, "move.html", title=title, version=version, move=name, **context)


@transaction.atomic
def _do(screen: Screen, request: HttpRequest, version: InstrumentVersion, asked: Move) -> InstrumentVersion | None:
    current = _current(version)
    if request.POST.get("seen") != version.digest or request.POST.get("current", "") != (
        str(current.pk) if current else ""
    ):
        raise StaleState(f"version {version.pk} is not as it was shown")
    result = asked.action(version)
    screen.note(request, result or version, asked.what)
    return result


def _current(version: InstrumentVersion) -> InstrumentVersion | None:
    """The published version that this one would take over from."""
    published = InstrumentVersion.objects.published().filter(instrument=version.instrument_id)
    return published.exclude(pk=version.pk).select_related("instrument").first()


def _next(version: InstrumentVersion, result: InstrumentVersion | None, name: str) -> str:
    if name == "copy" and result:
        return page_of(result, "edit")
    if result:
        return page_of(result)
    stays = Instrument.objects.filter(pk=version.instrument_id).exists()
    if stays:
        return reverse("admin:assessments_instrument_change", args=[version.instrument_id])
    return reverse("admin:assessments_instrument_changelist")

"""Nothing that was planned changes unseen: what a button would move, cancel or add is shown, and then done as shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from counseling.admin.scoped import explain
from counseling.exceptions import CounselingError
from counseling.models import Case, StaffMember
from counseling.planning.changes import Change, ChangeKind, Changes
from counseling.planning.rehearsal import ChangedSinceShown, do_as_shown, rehearse


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to change. ``change`` reads the rows it changes anew each time it is called."""

    change: Callable[[], Any]
    title: str | Promise
    submit: str | Promise
    done: str
    to: Callable[[Any], str]
    again: Callable[[], HttpResponse]
    back: dict[str, Any]
    form: forms.Form | None = None
    is_clinical: bool = True
    """Whether who asks works with the people; others see cases without names."""


class Screen(Protocol):
    """Whatever shows pages to a staff member: an admin screen, or a page by itself."""

    def staff(self, request: HttpRequest) -> StaffMember: ...
    def show(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse: ...


def ask_first(screen: Screen, request: HttpRequest, wish: Wish) -> HttpResponse:
    """Show what the wish would change of what is planned; do it once that was seen, or when it changes nothing.

    What was seen comes back as a digest. When it is different by now, the new state is shown instead of doing it.
    """
    shown = request.POST.get("shown")
    if shown is None:
        try:
            changes = rehearse(wish.change)
        except CounselingError as error:
            return _refuse(request, error, wish)
        if matters(changes):
            return show_changes(screen, request, wish, changes)
        shown = changes.digest
    return _do(screen, request, wish, shown)


def _do(screen: Screen, request: HttpRequest, wish: Wish, shown: str) -> HttpResponse:
    try:
        result = do_as_shown(wish.change, shown=shown)
    except ChangedSinceShown:
        return _show_anew(screen, request, wish)
    except CounselingError as error:
        return _refuse(request, error, wish)
    messages.success(request, wish.done)
    return HttpResponseRedirect(wish.to(result))


def _show_anew(screen: Screen, request: HttpRequest, wish: Wish) -> HttpResponse:
    messages.warning(request, gettext("Not done yet: what this changes is different by now. This is how it stands."))
    try:
        response = show_changes(screen, request, wish, rehearse(wish.change))
    except CounselingError as error:
        return _refuse(request, error, wish)
    response.status_code = ChangedSinceShown.http_status
    return response


def _refuse(request: HttpRequest, error: CounselingError, wish: Wish) -> HttpResponse:
    explain(request, error, wish.form)
    response = wish.again()
    response.status_code = error.http_status
    return response


def matters(changes: Changes) -> bool:
    """Whether something that is planned becomes different. That a day had passed before is no news by itself."""
    return any(change.kind != ChangeKind.LEFT_OUT or change.follow_up for change in changes.rows)


def show_changes(screen: Screen, request: HttpRequest, wish: Wish, changes: Changes) -> HttpResponse:
    """The changes, with a button that posts again what was posted, and the digest of what was shown."""
    staff = screen.staff(request)
    theirs = _visible_cases(changes, staff)
    known = [change for change in changes if change.enrollment.case_id in theirs]
    shown = known if wish.is_clinical else list(changes)
    return screen.show(
        request,
        "changes.html",
        title=wish.title,
        submit=wish.submit,
        summary=summarize(shown) if shown else gettext("Nothing in your own cases changes."),
        groups=by_person(known) if wish.is_clinical else by_case(changes, theirs),
        elsewhere=len(changes) - len(shown),
        posted=[(name, value) for name, values in request.POST.lists() if name not in _OWN for value in values],
        shown=changes.digest,
        back=wish.back,
    )


_OWN = frozenset({"csrfmiddlewaretoken", "shown"})


@dataclass(frozen=True, slots=True)
class Group:
    """What changes for one person, or in one case."""

    title: str
    changes: list[Change]
    is_known: bool = True
    """Whether the reader works with these people, and may know where they live."""

    @property
    def summary(self) -> str:
        return summarize(self.changes)


def by_person(changes: Iterable[Change]) -> list[Group]:
    groups: dict[UUID, list[Change]] = defaultdict(list)
    for change in changes:
        groups[change.client.pk].append(change)
    return sorted((Group(str(rows[0].client), rows) for rows in groups.values()), key=lambda group: group.title)


def _visible_cases(changes: Changes, staff: StaffMember) -> set[UUID]:
    cases = {change.enrollment.case_id for change in changes.rows}
    return set(Case.objects.visible_to(staff).filter(pk__in=cases).values_list("pk", flat=True))


def by_case(changes: Changes, theirs: Collection[UUID]) -> list[Group]:
    """Cases by name where the person works on them (``theirs``); of the others, only whose they are."""
    groups: dict[UUID, list[Change]] = defaultdict(list)
    for change in changes:
        groups[change.enrollment.case_id].append(change)
    found = (
        Group(_title(rows[0].enrollment.case, is_known=case in theirs), rows, is_known=case in theirs)
        for case, rows in groups.items()
    )
    return sorted(found, key=lambda group: group.title)


def _title(case: Case, *, is_known: bool) -> str:
    if is_known:
        return str(case)
    return gettext("A case of %(lead)s") % {"lead": case.lead}


def summarize(changes: Iterable[Change]) -> str:
    """In one sentence: 12 invitations move, 3 are cancelled, 2 are new."""
    counts = Counter(change.kind for change in changes)
    said = [_count(kind, counts[kind]) for kind in _IN_ORDER if counts[kind]]
    if not said:
        return gettext("Nothing changes.")
    first = _IN_ORDER[[bool(counts[kind]) for kind in _IN_ORDER].index(True)]
    invitations = ngettext("%(n)s invitation", "%(n)s invitations", counts[first]) % {"n": counts[first]}
    return ", ".join([f"{invitations} {said[0].partition(' ')[2]}", *said[1:]]) + "."


_IN_ORDER = (
    ChangeKind.MOVED,
    ChangeKind.CANCELLED,
    ChangeKind.ADDED,
    ChangeKind.LEFT_OUT,
    ChangeKind.PAUSED,
    ChangeKind.RESUMED,
)


def _count(kind: ChangeKind, n: int) -> str:
    words = {
        ChangeKind.MOVED: ngettext("%(n)s moves", "%(n)s move", n),
        ChangeKind.CANCELLED: ngettext("%(n)s is cancelled", "%(n)s are cancelled", n),
        ChangeKind.ADDED: ngettext("%(n)s is new", "%(n)s are new", n),
        ChangeKind.LEFT_OUT: ngettext("%(n)s is left out", "%(n)s are left out", n),
        ChangeKind.PAUSED: ngettext("%(n)s waits", "%(n)s wait", n),
        ChangeKind.RESUMED: ngettext("%(n)s stays as planned", "%(n)s stay as planned", n),
    }
    return words[kind] % {"n": n}

"""One block of questions a page. Every button on it, also Back and the languages, saves what the page holds.

A private page shows only what was just chosen on it, never what it saved: whoever holds the link may be looking. It
takes every new choice, because a conflict would tell that something else was saved.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.definition import Answers
from assessments.enums import ResponseStatus
from assessments.forms import BlockForm, block_form
from assessments.models import Response
from counseling.actions.answering import change_language, save_block
from counseling.exceptions import StaleState
from counseling.models import FollowUp
from counseling.web import addresses, walk
from counseling.web.crisis import crisis_resources, remember_call
from counseling.web.languages import chosen_language, other_languages
from counseling.web.pages import draft_page, show

LONGEST_REVISION = 10


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def answer_part(request: HttpRequest, follow_up: FollowUp, draft: Response, number: int) -> HttpResponse:
    """Show a block with what the draft holds, or save it and go where the pressed button leads."""
    part = walk.find_part(follow_up.version.definition, draft.answers, number)
    if part is None:
        return redirect(addresses.go_on_address(follow_up, draft))
    form = _form(request, follow_up, draft, part)
    if request.method != "POST":
        return show(request, "part.html", _context(request, follow_up, draft, part, form))
    response = _save(request, follow_up, draft, part, form)
    remember_call(response, request, follow_up, given=_given(form))
    return response


def _save(request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part, form: BlockForm) -> HttpResponse:
    revision = draft.revision if follow_up.version.definition.is_private(part.block) else _revision(request)
    before = draft.answers
    try:
        draft = save_block(follow_up, part.block.id, answers=_given(form), revision=revision, now=timezone.now())
    except StaleState:
        return _show_conflict(request, follow_up, draft, part)
    if language := chosen_language(request.POST, follow_up):
        change_language(follow_up, language=language)
        return redirect(request.get_full_path())
    if request.POST.get("go") == "back":
        return redirect(_way_back(request, follow_up, draft, part))
    if not form.is_valid():
        return show(request, "part.html", _context(request, follow_up, draft, part, form))
    return redirect(_way_on(request, follow_up, draft, part, before))


def _show_conflict(request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part) -> HttpResponse:
    """Another tab saved first: nothing is overwritten unseen, and nothing that was chosen here is lost."""
    draft.refresh_from_db()
    if draft.status != ResponseStatus.DRAFT:
        return redirect(addresses.receipt_address(follow_up))
    form = _form(request, follow_up, draft, part)
    context = {**_context(request, follow_up, draft, part, form), "is_changed_elsewhere": True}
    return show(request, "part.html", context, status=StaleState.http_status)


def _context(
    request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part, form: BlockForm
) -> dict[str, object]:
    return {
        "part": part,
        "form": form,
        "revision": draft.revision,
        "crisis": crisis_resources(request, follow_up, given=_given(form)),
        "other_languages": other_languages(follow_up.version.definition, draft.language),
    }


def _form(request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part) -> BlockForm:
    form = block_form(
        follow_up.version.definition,
        part.block,
        language=draft.language,
        other_term=draft.other_term,
        seed=str(draft.pk),
        data=request.POST if request.method == "POST" else None,
        initial=draft.answers,
    )
    if form.private:
        _hide_saved(form, draft.answers)
    return form


def _hide_saved(form: BlockForm, saved: Answers) -> None:
    """Show the page as if nothing had been chosen yet; a question left open keeps what is saved."""
    form.initial = {}
    for item_id, field in form.fields.items():
        field.required = field.required and saved.get(item_id, "") == ""


def _given(form: BlockForm) -> dict[str, Any]:
    """The answers just sent, complete or not; none on a page that was only opened."""
    if not form.is_bound:
        return {}
    form.is_valid()  # cleans what was sent, the first time
    return {item_id: value for item_id, value in form.answers.items() if value != "" or not form.private}


def _revision(request: HttpRequest) -> int:
    """The draft's revision when the page was shown; one that never was, when the page does not say."""
    revision = request.POST.get("revision", "")
    return int(revision) if revision.isdecimal() and len(revision) < LONGEST_REVISION else -1


def _way_on(request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part, before: Answers) -> str:
    definition, checking = follow_up.version.definition, addresses.is_checking(request.GET)
    if checking:
        following = walk.part_after_change(definition, before, draft.answers)
    else:
        following = walk.part_after(definition, draft.answers, part.number)
    if following is None:
        return addresses.check_address(follow_up)
    return addresses.part_address(follow_up, following, checking=checking)


def _way_back(request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part) -> str:
    if addresses.is_checking(request.GET):
        return addresses.check_address(follow_up)
    before = walk.part_before(follow_up.version.definition, draft.answers, part.number)
    return addresses.part_address(follow_up, before) if before else addresses.introduction_address(follow_up)

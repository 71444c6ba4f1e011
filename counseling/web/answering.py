"""One block of questions a page. Every button on it, also Back and the languages, saves what the page holds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.enums import ResponseStatus
from assessments.forms import BlockForm, block_form
from assessments.models import Response
from counseling.actions.answering import change_language, save_block
from counseling.exceptions import StaleState
from counseling.models import FollowUp
from counseling.web import addresses, walk
from counseling.web.crisis import crisis_resources
from counseling.web.languages import chosen_language, other_languages
from counseling.web.pages import draft_page, show


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def answer_part(request: HttpRequest, follow_up: FollowUp, draft: Response, number: int) -> HttpResponse:
    """Show a block with what the draft holds, or save it and go where the pressed button leads."""
    part = walk.find_part(follow_up.version.definition, draft.answers, number)
    if part is None:
        return redirect(addresses.go_on_address(follow_up, draft))
    form = _form(request, follow_up, draft, part)
    if request.method == "POST":
        return _save(request, follow_up, draft, part, form)
    return show(request, "part.html", _context(follow_up, draft, part, form))


def _save(request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part, form: BlockForm) -> HttpResponse:
    is_complete = form.is_valid()
    try:
        draft = save_block(
            follow_up, part.block.id, answers=form.answers, revision=_revision(request), now=timezone.now()
        )
    except StaleState:
        return _show_conflict(request, follow_up, draft, part)
    if language := chosen_language(request.POST, follow_up):
        change_language(follow_up, language=language)
        return redirect(request.get_full_path())
    if request.POST.get("go") == "back":
        return redirect(_way_back(request, follow_up, draft, part))
    if not is_complete:
        return show(request, "part.html", _context(follow_up, draft, part, form))
    return redirect(_way_on(request, follow_up, draft, part))


def _show_conflict(request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part) -> HttpResponse:
    """Another tab saved first: nothing is overwritten unseen, and nothing that was chosen here is lost."""
    draft.refresh_from_db()
    if draft.status != ResponseStatus.DRAFT:
        return redirect(addresses.receipt_address(follow_up))
    form = _form(request, follow_up, draft, part)
    context = {**_context(follow_up, draft, part, form), "is_changed_elsewhere": True}
    return show(request, "part.html", context, status=StaleState.http_status)


def _context(follow_up: FollowUp, draft: Response, part: walk.Part, form: BlockForm) -> dict[str, object]:
    return {
        "part": part,
        "form": form,
        "revision": draft.revision,
        "crisis": crisis_resources(follow_up, draft),
        "other_languages": other_languages(follow_up.version.definition, draft.language),
    }


def _form(request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part) -> BlockForm:
    return block_form(
        follow_up.version.definition,
        part.block,
        language=draft.language,
        other_term=draft.other_term,
        data=request.POST if request.method == "POST" else None,
        initial=draft.answers,
    )


def _revision(request: HttpRequest) -> int:
    """The draft's revision when the page was shown; one that never was, when the page does not say."""
    revision = request.POST.get("revision", "")
    return int(revision) if revision.isdecimal() else -1


def _way_on(request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part) -> str:
    if addresses.is_checking(request.GET):
        return addresses.go_on_address(follow_up, draft, checking=True)
    following = walk.part_after(follow_up.version.definition, draft.answers, part.number)
    return addresses.part_address(follow_up, following) if following else addresses.check_address(follow_up)


def _way_back(request: HttpRequest, follow_up: FollowUp, draft: Response, part: walk.Part) -> str:
    if addresses.is_checking(request.GET):
        return addresses.check_address(follow_up)
    before = walk.part_before(follow_up.version.definition, draft.answers, part.number)
    return addresses.part_address(follow_up, before) if before else addresses.introduction_address(follow_up)

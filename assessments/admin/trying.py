"""The scoring sandbox: enter answers, see every scale with its working. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.admin.base import Screen, find_version
from assessments.alerts import raised_alerts
from assessments.answers import unanswered, visible_questions
from assessments.definition import Definition
from assessments.forms import BlockForm, preview_forms
from assessments.sample_answers import LEVELS, sample_answers
from assessments.wording import Words


def try_scoring(screen: Screen, request: HttpRequest, object_id: object) -> HttpResponse:
    version = find_version(object_id)
    definition, language = version.definition, get_language() or "en"
    answers, forms = _entered(definition, language, request.POST if request.method == "POST" else None)
    context = _scored(definition, answers, language) if request.method == "POST" else {}
    return screen.show(
        request,
        "try.html",
        title=_("Try the scoring of %(version)s") % {"version": version},
        version=version,
        pages=forms,
        levels=LEVELS,
        is_wrong=any(form.errors for form in forms),
        **context,
    )


def _entered(definition: Definition, language: str, data: Any) -> tuple[dict[str, Any], list[BlockForm]]:
    """The answers that could be read, and the pages with what is asked after them. What is missing is no fault here."""
    if data is None or "clear" in data:
        return {}, list(preview_forms(definition, language, answers={}, heading_level=4))
    if data.get("fill") in LEVELS:
        answers = sample_answers(definition, data["fill"])
        return answers, list(preview_forms(definition, language, answers=answers, heading_level=4))
    answers = {}
    for form in preview_forms(definition, language, data=data):
        form.is_valid()
        answers |= form.answers
    pages = list(preview_forms(definition, language, answers=answers, data=data, heading_level=4))
    for form in pages:
        for name in [name for name, found in form.errors.as_data().items() if found[0].code == "required"]:
            del form.errors[name]
    return answers, pages


def _scored(definition: Definition, answers: Mapping[str, Any], language: str) -> dict[str, Any]:
    from assessments.working import working_of  # numpy: nothing that the web server need load to start

    asked = visible_questions(definition, answers)
    given = {item.id: answers[item.id] for item in asked if answers.get(item.id, "") not in ("", [])}
    words = Words.about(definition, language)
    missing = unanswered(definition, given)
    raised = raised_alerts(definition, given, submitted=not missing)
    return {
        "workings": working_of(definition, given),
        "alerts": [(alert, _named(words, definition.item(alert.item))) for alert in raised],
        "company": [item for item in definition.privacy if given.get(item.item) == item.equals],
        "hidden": [item for item in definition.questions() if item not in asked],
        "missing": missing,
    }


def _named(words: Words, item: Any) -> str:
    return words.of(item.text)

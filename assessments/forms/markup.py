"""How a page's parts are written down: headings, words to read, and each question with its help and fault.

Written by hand and not by a template: a page of thirty questions has some two hundred inputs, and this is a tenth of
the time. Every text goes through ``format_html``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.conf import settings
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from assessments.definition import DisplayItem, Group
from assessments.forms.field import QuestionField
from assessments.wording import Words

LOWEST_HEADING = 6
NOTHING = SafeString("")

GROUP = '<fieldset class="question{}" id="{}"{}><legend class="question__text"{}>{}</legend>{}{}</fieldset>'
SINGLE = '<div class="question{}"><label class="question__text" for="{}"{}>{}</label>{}{}</div>'


def page_language() -> str:
    """Of the page around, and of our own words in a form."""
    return get_language() or settings.LANGUAGE_CODE


def foreign(language: str) -> SafeString:
    """The attributes of what is written in a language; none where the page around is in it too."""
    return NOTHING if language == page_language() else written_in(language)


def written_in(language: str) -> SafeString:
    direction = "rtl" if language.split("-", maxsplit=1)[0] in settings.LANGUAGES_BIDI else "ltr"
    return format_html(' lang="{}" dir="{}"', language, direction)


def question(bound: BoundField, *, ours: SafeString) -> SafeString:
    """One question; ``ours`` are the attributes of our own words inside a form of another language."""
    field, auto_id = cast(QuestionField, bound.field), bound.auto_id
    fault = str(bound.errors[0]) if bound.errors else ""
    notes = [
        _note(auto_id, "helptext", "help", str(field.help_text), NOTHING),
        _note(auto_id, "hint", "help", field.hint, ours),
        _fault(auto_id, fault, ours),
    ]
    describing = _describing(auto_id, field, fault)
    style = f"{f' question--{field.style}' if field.style else ''}{' question--error' if fault else ''}"
    inputs = field.inputs(bound.html_name, auto_id, bound.value(), describing)
    written = (_text(field, ours), joined(notes), inputs)
    if field.is_group:
        return format_html(GROUP, style, auto_id, describing, _label_id(auto_id, field), *written)
    return format_html(SINGLE, style, auto_id, _label_id(auto_id, field), *written)


def heading(group: Group, words: Words, level: int | None) -> SafeString:
    """Where a group begins: its title, unless it has no level to stand at, and its help."""
    help_text = note(words.of(group.help))
    if level is None:
        return help_text
    depth, title = min(level, LOWEST_HEADING), _with_prefix(group.prefix, words.of(group.title))
    return format_html('<h{} class="group">{}</h{}>', depth, title, depth) + help_text


def note(text: str) -> SafeString:
    return format_html('<p class="group__help">{}</p>', text) if text else NOTHING


def words_to_read(item: DisplayItem, words: Words) -> SafeString:
    return format_html('<p class="words">{}</p>', _with_prefix(item.prefix, words.of(item.text)))


def joined(parts: Iterable[SafeString]) -> SafeString:
    return SafeString("".join(parts))


def _text(field: QuestionField, ours: SafeString) -> SafeString | str:
    text = _with_prefix(field.item.prefix, str(field.label))
    if field.item.required:
        return text
    return format_html('{} <span class="question__optional"{}>({})</span>', text, ours, gettext("optional"))


def _with_prefix(prefix: str | None, text: str) -> SafeString | str:
    return format_html('<span class="prefix">{}</span> {}', prefix, text) if prefix else text


def _note(auto_id: str, ending: str, style: str, text: str, language: SafeString) -> SafeString:
    if not text:
        return NOTHING
    return format_html('<p class="question__{}" id="{}_{}"{}>{}</p>', style, auto_id, ending, language, text)


def _fault(auto_id: str, fault: str, ours: SafeString) -> SafeString:
    if not fault:
        return NOTHING
    return format_html(
        '<p class="question__error" id="{}_error"{}><span class="visually-hidden">{}</span> {}</p>',
        auto_id,
        ours,
        gettext("Error:"),
        fault,
    )


def _describing(auto_id: str, field: QuestionField, fault: str) -> SafeString:
    """What is read out with the question's inputs beside its label."""
    notes = {"helptext": field.help_text, "hint": field.hint, "error": fault}
    endings = [*(ending for ending, text in notes.items() if text), *field.describes]
    ids = " ".join(f"{auto_id}_{ending}" for ending in endings)
    described = format_html(' aria-describedby="{}"', ids) if ids else NOTHING
    return described + SafeString(' aria-invalid="true"') if fault and not field.is_group else described


def _label_id(auto_id: str, field: QuestionField) -> SafeString:
    """Only where the box that declines is described by it."""
    return format_html(' id="{}_label"', auto_id) if field.has_declining_box else NOTHING

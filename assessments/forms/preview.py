"""A questionnaire's pages as the client sees them, for those who write and check it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assessments.answers import visible_items
from assessments.definition import Definition
from assessments.forms.page import BlockForm, page_form
from assessments.wording import Words


def preview_forms(
    definition: Definition,
    language: str,
    *,
    role: str = "partner",
    answers: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    heading_level: int = 4,
) -> Iterator[BlockForm]:
    """One form a page, about this role, in the order written; the headings of groups begin at ``heading_level``.

    Without ``answers`` every question is shown, whatever it depends on; with answers, or none yet (``{}``), what a
    person sees who gave them. ``data``, as posted, binds every form: all pages may stand in one form element.
    """
    words = Words.about(definition, language, role)
    given = answers or {}
    shown = definition.items() if answers is None else visible_items(definition, given)
    visible = {item.id for item in shown}
    for block in definition.blocks:
        items = [item for item in block.items if item.id in visible]
        if items:
            yield page_form(words, block, items, data=data, initial=given, heading_level=heading_level)

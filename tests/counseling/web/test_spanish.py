from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation.template import templatize

import counseling

TEMPLATES = Path(counseling.__file__).parent / "templates" / "counseling" / "web"
CALL = re.compile(r"\b(gettext|pgettext|ngettext)\((u.+?)\)\s")
TEXT = re.compile(r"""u('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


def messages_in(template: Path) -> list[tuple[str, list[str]]]:
    """What makemessages finds in a template: which lookup, and the texts it is given."""
    calls = CALL.findall(templatize(template.read_text()))
    return [(lookup, [ast.literal_eval(text) for text in TEXT.findall(arguments)]) for lookup, arguments in calls]


def look_up(lookup: str, texts: list[str]) -> str:
    number = [1] if lookup == "ngettext" else []
    return getattr(translation, lookup)(*texts, *number)


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_every_word_of_the_client_pages_is_there_in_spanish(template: Path):
    untranslated = []
    for lookup, texts in messages_in(template):
        with translation.override("es"):
            if look_up(lookup, texts) in texts:
                untranslated.append(texts)
    assert untranslated == []


def test_the_check_finds_the_messages():
    found = messages_in(TEMPLATES / "introduction.html")
    assert ("gettext", ["Start"]) in found
    assert ("ngettext", ["About %(minutes)s minute.", "About %(minutes)s minutes."]) in found

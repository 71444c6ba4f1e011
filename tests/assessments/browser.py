"""What a browser makes of a form: the fields it would send, as HTML says (no script runs)."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from assessments.definition import Definition
from assessments.forms import block_form


class _Controls(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self._area: str | None = None
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "textarea":
            self._area, self._text = found["name"], ""
        elif tag == "input" and (found["type"] not in {"radio", "checkbox"} or "checked" in found):
            self.sent.append((found["name"] or "", found["value"] or ""))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.sent.append((self._area, self._text.removeprefix("\n").replace("\n", "\r\n")))
            self._area = None


def controls(html: str) -> list[tuple[str, str]]:
    """Names and values of what would be sent, in order."""
    return _Controls(html).sent


def posted(html: str) -> QueryDict:
    """The same as a view receives it."""
    return QueryDict(urlencode(controls(html)))


def page_sent(definition: Definition, number: int, answers: dict[str, Any]) -> list[tuple[str, str]]:
    """What is sent from a page on which these answers were given."""
    language = definition.languages[0]
    page = block_form(
        definition, definition.blocks[number], language=language, other_term="my partner", initial=answers
    )
    return controls(str(page))

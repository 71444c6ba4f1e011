"""Texts with their translations, and the languages that a questionnaire can then be asked in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from assessments.definition.base import unprintable
from assessments.fhir.codes import TRANSLATION
from assessments.fhir.nodes import Node
from assessments.fhir.report import Report

Texts = dict[str, str]

LONGEST_TEXT = 5000
FOR_CLIENTS = frozenset({"title", "text", "help", "unit", "low", "high"})

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?")
_PLACEHOLDER = re.compile(r"\{(?:other|Other|your_other)\}")


class Tongue(NamedTuple):
    """The language that a file's own texts are in, and whether they may speak of ``{other}``."""

    base: str
    placeholders: bool = False

    def texts(self, node: Node, name: str) -> Texts | None:
        """A text and its translations, by language; None where there is no text."""
        wording = node.text(name)
        if wording is None:
            return None
        found = {self.base: wording}
        beside = node.node(f"_{name}")
        for translation in beside.extensions(TRANSLATION) if beside else ():
            found = {**_translation(translation), **found}
        return self.checked(found, node, name)

    def checked(self, texts: Texts, node: Node, name: str) -> Texts:
        """The same texts, once whatever cannot be shown was refused."""
        for wording in texts.values():
            if len(wording) > LONGEST_TEXT:
                node.refuse(f"is longer than {LONGEST_TEXT} characters; shorten it", name)
            elif fault := unprintable(wording):
                node.refuse(fault, name)
            elif re.search(r"[{}]", _PLACEHOLDER.sub("", wording) if self.placeholders else wording):
                node.refuse("has braces, which mark placeholders here; write round brackets", name)
        return texts


def language_code(tag: str) -> str | None:
    """A language as in "en", "pt-BR" or "zh-Hans"; None for what is none."""
    found = _LANGUAGE.fullmatch(tag.strip())
    if found is None:
        return None
    language, script, region = found.groups()
    part = script.title() if script else region.upper() if region else None
    return language.lower() + (f"-{part}" if part else "")


def without_incomplete_languages(data: dict[str, Any], base: str, report: Report) -> dict[str, Any]:
    """The same data with the languages that every text of it is in, the base first."""
    texts = list(_client_texts(data))
    every = list(dict.fromkeys(language for text in texts for language in text))
    offered = [base, *(language for language in every if language != base and all(language in text for text in texts))]
    for language in set(every) - set(offered):
        missing = sum(language not in text for text in texts)
        report.note(
            "Questionnaire", f'is not offered in "{language}": {missing} of {len(texts)} texts have no translation'
        )
    staff = {"scales": data["scales"]} if "scales" in data else {}  # whose texts need not be in every language
    return {**_only(data, frozenset(offered)), **staff, "languages": offered}


def _translation(node: Node) -> Texts:
    parts = {part.text("url"): part.value() for part in node.nodes("extension")}
    tag, content = parts.get("lang"), parts.get("content")
    language = language_code(tag.data) if tag and isinstance(tag.data, str) else None
    if language is None or content is None or not isinstance(content.data, str) or not content.data.strip():
        node.note("is a translation without a language or a text; it is left out")
        return {}
    return {language: content.data}


def _client_texts(part: Any) -> Iterator[Mapping[str, str]]:
    if isinstance(part, list):
        for each in part:
            yield from _client_texts(each)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in FOR_CLIENTS and isinstance(value, dict):
                yield value
            elif key != "scales":
                yield from _client_texts(value)


def _only(part: Any, languages: frozenset[str]) -> Any:
    if isinstance(part, list):
        return [_only(each, languages) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        key: {language: text for language, text in value.items() if language in languages}
        if key in FOR_CLIENTS and isinstance(value, dict)
        else _only(value, languages)
        for key, value in part.items()
    }

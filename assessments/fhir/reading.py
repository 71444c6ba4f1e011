"""A FHIR Questionnaire as a definition: faithfully, or not at all. Pure.

``read_questionnaire`` is the whole; ``read_plain`` is what FHIR alone says, which the export compares with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.definition import Definition, load_definition
from assessments.exceptions import InvalidDefinition, Problem, UnreadableQuestionnaire
from assessments.fhir.codes import Release
from assessments.fhir.enabling import changed_expressions
from assessments.fhir.files import source_of, terminology_in
from assessments.fhir.leftovers import patched, split
from assessments.fhir.nodes import Node
from assessments.fhir.option_sets import OptionSets
from assessments.fhir.outline import Outline, outlined
from assessments.fhir.paging import pages_of
from assessments.fhir.parts import Part, parts_of, slugged
from assessments.fhir.questions import Questions, codings
from assessments.fhir.report import Report
from assessments.fhir.review import review
from assessments.fhir.shapes import release_of
from assessments.fhir.terminology import Terminology
from assessments.fhir.wording import Texts, Tongue, language_code, without_incomplete_languages

Data = dict[str, Any]

ONLY_POINTS = 'says no more of its scoring than what each answer counts; "total" is their sum'
NO_SCORES = "has no scores; it is asked, but not scored"
UNTITLED = "Questionnaire"
LONGEST_TITLE = 200
LONGEST_NAME = 500
LONGEST_SLUG = 60
_NUMBERS = frozenset({"integer", "decimal", "quantity"})
_PLACE = re.compile(r"\$\.blocks\[(\d+)\]\.items\[(\d+)\]")


@dataclass(frozen=True)
class Reading:
    """``definition``, and in ``notes`` what of the file was not taken over: a path and what it is."""

    definition: Definition
    notes: tuple[Problem, ...]


def read_questionnaire(
    data: Any, *, terminology: Iterable[Any] = (), language: str = "en", slug: str | None = None
) -> Reading:
    """Read a Questionnaire, or the only one in a Bundle, from JSON data.

    ``terminology``: further ValueSets, CodeSystems and Bundles of them. ``language``: of the texts, where the file
    names none. ``slug``: the definition's name, where it is not to be made from the title. Raises
    UnreadableQuestionnaire with every place that cannot be asked faithfully.
    """
    source = source_of(data)
    supplied = [*source.terminology, *(each for given in terminology for each in terminology_in(given))]
    questionnaire, patch = split(source.questionnaire)
    plain, report, places = _read(questionnaire, supplied, language=language, slug=slug, ours=patch is not None)
    report.raise_if_refused()
    if patch is None:
        _note_scoring(plain, report)
    else:
        plain = {**patched(plain, patch), **({"slug": slug} if slug else {})}
    definition = _definition(plain, places)
    for problem in changed_expressions(definition, source.questionnaire) if patch is not None else ():
        report.refuse(*problem)
    report.raise_if_refused()
    return Reading(definition, report.notes)


def read_plain(questionnaire: Data) -> Data:
    """What a Questionnaire that was written here says without our extension, as a definition's data."""
    return _read(questionnaire, (), language="en", slug=None, ours=True)[0]


def _read(
    questionnaire: Data, supplied: Sequence[Data], *, language: str, slug: str | None, ours: bool
) -> tuple[Data, Report, dict[str, str]]:
    report = Report()
    root = Node(questionnaire, "Questionnaire", report)
    tongue = Tongue(_base_language(root, language), placeholders=ours)
    parts = parts_of(root)
    sets = OptionSets(tongue, Terminology(root, supplied, tongue))
    release = release_of(root)
    outline = outlined(parts, Questions(tongue, sets), stu3=release == "STU3")
    review(root, skipped={part.node.path for top in parts for part in top.walk() if part.left_out is not None})
    if not report.problems and not any(row.asks for row in outline.rows):
        root.refuse("asks nothing that can be answered here", "item")
    if root.text("status") == "retired":
        root.note("is retired by its publisher; look for the version that took its place", "status")
    title = _title(root, tongue)
    data = {
        "slug": slug or _slug(root, title),
        "title": title,
        **_body(outline, sets),
        "origin": {**_origin(root, release), **_totals(parts)},
    }
    places = {item_id: question.part.node.path for item_id, question in outline.items.items()}
    return without_incomplete_languages(data, tongue.base, report), report, places


def _body(outline: Outline, sets: OptionSets) -> Data:
    pages = [[outline.items[row.id].data for row in page] for page in pages_of(outline.rows)]
    body: Data = {"blocks": [{"id": f"page_{number}", "items": items} for number, items in enumerate(pages, start=1)]}
    if sets.data:
        body["option_sets"] = sets.data
    if outline.groups:
        body["groups"] = outline.groups
    if scales := _total(outline):
        body["scales"] = scales
    return body


def _total(outline: Outline) -> list[Data]:
    """One sum of everything that has scores: what a form means that says no more."""
    scored = [
        item_id
        for item_id, question in outline.items.items()
        if question.listed is not None and question.listed.scored in {"all", "some"} and question.data["kind"] != "gate"
    ]
    if not scored:
        return []
    total = {"id": "total", "title": {"en": "Total"}, "kind": "sum", "items": scored, "minimum": len(scored)}
    return [{**total, "prorate": False, "direction": "neutral"}]


def _base_language(root: Node, wanted: str) -> str:
    written = root.text("language")
    language = language_code(written or wanted)
    if language is None:
        root.refuse("is no language tag, such as en or de-CH; correct it", "language")
    elif written is None:
        root.note(f'names no language; its texts are taken to be "{language}"')
    return language or "en"


def _title(root: Node, tongue: Tongue) -> Texts:
    displays = (tongue.texts(code, "display") for code in root.nodes("code"))
    title = tongue.texts(root, "title") or tongue.texts(root, "name") or next(filter(None, displays), None)
    if title is None:
        title = {tongue.base: root.text("id") or _last_of(root.text("url")) or UNTITLED}
        root.note(f'is missing; it is called "{title[tongue.base]}" until somebody names it', "title")
    elif max(map(len, title.values())) > LONGEST_TITLE:
        root.refuse(f"is longer than {LONGEST_TITLE} characters; shorten it", "title")
    return title


def _last_of(url: str | None) -> str:
    """What an address without its version ends with."""
    return (url or "").partition("|")[0].rstrip("/").rpartition("/")[2]


def _slug(root: Node, title: Texts) -> str:
    words = (*title.values(), root.text("name"), root.text("id"), _last_of(root.text("url")))
    found = next(filter(None, (slugged(text or "", "-") for text in words)), None)
    if found is None and not root.report.problems:
        root.refuse("has no title, name, id or url that a name in Latin letters can be made of; give a slug")
    return (found or "form")[:LONGEST_SLUG].rstrip("-")


def _origin(root: Node, release: Release) -> Data:
    """Who wrote the form and under which names it is known, as far as that fits."""
    origin: Data = {"standard": "fhir", "release": release}
    for name, longest in (("url", LONGEST_NAME), ("version", LONGEST_NAME), ("name", LONGEST_NAME)):
        _keep_short(root, name, longest, origin)
    identifiers = [
        Node({"system": node.data.get("system"), "code": node.data.get("value")}, node.path, node.report)
        for node in root.nodes("identifier")
    ]
    for name, found in (("identifiers", codings(identifiers)), ("codes", codings(root.nodes("code")))):
        if found:
            origin[name] = found
    _keep_short(root, "publisher", LONGEST_NAME, origin)
    _keep_short(root, "copyright", 5000, origin)
    return origin


def _totals(parts: Iterable[Part]) -> Data:
    """The numbers that are not asked: a response may hold them, and they are not read."""
    left_out = (part for top in parts for part in top.walk() if part.left_out is not None)
    numbers = (part.link_id for each in left_out for part in each.walk() if part.kind in _NUMBERS)
    found = list(dict.fromkeys(numbers))
    return {"totals": found} if found else {}


def _keep_short(root: Node, name: str, longest: int, origin: Data) -> None:
    text = root.text(name)
    if text is not None and len(text) > longest:
        root.note(f"is longer than {longest} characters; the rest is cut off", name)
    if text is not None:
        origin[name] = text[:longest]


def _note_scoring(data: Mapping[str, Any], report: Report) -> None:
    if data.get("scales"):
        report.note("Questionnaire", ONLY_POINTS)
    else:
        report.note("Questionnaire", NO_SCORES)


def _definition(data: Data, places: Mapping[str, str]) -> Definition:
    try:
        return load_definition(json.dumps(data))
    except InvalidDefinition as error:
        raise _unreadable(error, _fhir_paths(data, places)) from error


def _fhir_paths(data: Data, places: Mapping[str, str]) -> dict[tuple[str, str], str]:
    return {
        (str(page), str(number)): places[item["id"]]
        for page, block in enumerate(data["blocks"])
        for number, item in enumerate(block["items"])
        if item.get("id") in places
    }


def _unreadable(error: InvalidDefinition, places: Mapping[tuple[str, str], str]) -> UnreadableQuestionnaire:
    """The same problems, their paths in the file's terms where they are about one of its items."""
    problems = []
    for path, message in error.problems:
        found = _PLACE.match(path)
        place = places.get((found[1], found[2])) if found else None
        inside = path[found.end() :] if found else ""
        problems.append(Problem(f"{place}{inside}" if place else path.replace("$", "Questionnaire", 1), message))
    return UnreadableQuestionnaire(problems)

"""A definition written as a FHIR Questionnaire. Pure.

The native part says what is asked, in every language, with its answers, scores and conditions, so that other programs
can use it. What FHIR has no words for goes into one extension (``leftovers.py``), with which ``read_questionnaire``
returns the very same definition.
"""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

from assessments.definition import Definition, Origin
from assessments.fhir.codes import DEFINITION, QUESTIONNAIRES
from assessments.fhir.item_writing import ItemWriter, coded, worded
from assessments.fhir.leftovers import as_text, leftovers, split
from assessments.fhir.links import links_of
from assessments.fhir.reading import read_plain

Data = dict[str, Any]
WrittenRelease = Literal["R4", "R4B", "R5"]
WRITTEN_RELEASES: tuple[WrittenRelease, ...] = get_args(WrittenRelease)
PublicationStatus = Literal["draft", "active", "retired"]


def write_questionnaire(
    definition: Definition,
    *,
    release: WrittenRelease = "R5",
    version_number: int | None = None,
    status: PublicationStatus = "draft",
) -> Data:
    """The whole definition as one Questionnaire, ready for JSON. An imported one keeps its own address and version."""
    written = _native(definition, release=release, version_number=version_number, status=status)
    native, _ = split(_with(written, {}))
    return _with(written, leftovers(read_plain(native), json.loads(definition.canonical())))


def canonical_of(definition: Definition, version_number: int | None = None) -> tuple[str, str | None]:
    """The address and the version that a Questionnaire and its responses name: an imported one keeps its own."""
    if definition.origin is not None and definition.origin.url:
        return definition.origin.url, definition.origin.version
    return f"{QUESTIONNAIRES}/{definition.slug}", None if version_number is None else str(version_number)


def _with(questionnaire: Data, patch: Data) -> Data:
    return {**questionnaire, "extension": [{"url": DEFINITION, "valueString": as_text(patch)}]}


def _native(
    definition: Definition, *, release: WrittenRelease, version_number: int | None, status: PublicationStatus
) -> Data:
    url, version = canonical_of(definition, version_number)
    described = {} if definition.notice is None else worded("description", definition.notice, definition)
    named = {"url": url, "version": version, **_origin(definition)}
    return {
        "resourceType": "Questionnaire",
        "language": definition.languages[0],
        **{key: value for key, value in named.items() if value},
        "status": status,
        **worded("title", definition.title, definition),
        **described,
        "item": ItemWriter(definition, links_of(definition), release).items(),
    }


def _origin(definition: Definition) -> Data:
    """What a Questionnaire says of itself: as it was imported, or our own name in the form FHIR wants."""
    origin = definition.origin or Origin(standard="fhir", release="R5", name=_name(definition.slug))
    identifiers = [{"system": each.system, "value": each.code} for each in origin.identifiers]
    return {
        "identifier": [{key: value for key, value in each.items() if value} for each in identifiers],
        "name": origin.name,
        "publisher": origin.publisher,
        "copyright": origin.copyright,
        "code": coded(origin.codes),
    }


def _name(slug: str) -> str:
    """``two-way-pulse`` as ``TwoWayPulse``."""
    return "".join(word.capitalize() for word in slug.split("-"))

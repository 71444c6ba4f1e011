from __future__ import annotations

import json

import pytest

from assessments.fhir.leftovers import split
from assessments.fhir.writing import WRITTEN_RELEASES, canonical_of, write_questionnaire
from tests.assessments.factories import every_kind, two_way_check_in, words

BASE = "https://interdepend.example/fhir"
ORIGIN = {"standard": "fhir", "release": "R4"}
IMPORTED = {
    **ORIGIN,
    "url": "https://example.org/Questionnaire/q",
    "version": "2.1",
    "name": "Q",
    "identifiers": [{"system": "https://example.org", "code": "q-1"}, {"code": "q"}],
    "codes": [{"system": "http://loinc.org", "code": "1-8", "display": "Q"}],
    "publisher": "Somebody",
    "copyright": "© Somebody",
}


def patch_in(questionnaire):
    return json.loads(questionnaire["extension"][0]["valueString"])


def test_one_of_our_own_is_named_after_itself():
    definition = two_way_check_in()
    questionnaire = write_questionnaire(definition, version_number=3, status="active")
    head = {name: value for name, value in questionnaire.items() if name not in {"item", "extension"}}
    assert [name for name in head if name.startswith("_")] == ["_title", "_description"]
    assert {name: value for name, value in head.items() if not name.startswith("_")} == {
        "resourceType": "Questionnaire",
        "language": "en",
        "url": f"{BASE}/Questionnaire/two-way-check-in",
        "version": "3",
        "name": "TwoWayCheckIn",
        "status": "active",
        "title": "Two-Way Check-In",
        "description": definition.notice["en"],
    }


def test_an_imported_one_keeps_its_own_names():
    questionnaire = write_questionnaire(every_kind(origin=IMPORTED), version_number=3)
    assert {name: value for name, value in questionnaire.items() if name not in {"item", "extension"}} == {
        "resourceType": "Questionnaire",
        "language": "en",
        "url": IMPORTED["url"],
        "version": "2.1",
        "name": "Q",
        "identifier": [{"system": "https://example.org", "value": "q-1"}, {"value": "q"}],
        "code": [{"system": "http://loinc.org", "code": "1-8", "display": "Q"}],
        "status": "draft",
        "title": "Every kind",
        "publisher": "Somebody",
        "copyright": "© Somebody",
    }


def test_an_imported_one_without_an_address_gets_ours():
    assert canonical_of(every_kind(origin=IMPORTED), 3) == (IMPORTED["url"], "2.1")
    assert canonical_of(every_kind(origin={**ORIGIN, "version": "2.1"}), 3) == (
        f"{BASE}/Questionnaire/every-kind",
        "3",
    )
    assert canonical_of(every_kind()) == (f"{BASE}/Questionnaire/every-kind", None)


def test_what_fhir_has_no_words_for_is_all_that_is_left_over():
    questionnaire = write_questionnaire(two_way_check_in())
    patch = patch_in(questionnaire)
    assert patch.keys() <= {
        *("slug", "period", "notice", "declined", "origin", "scales", "mirrors", "alerts", "privacy"),
        *("items", "groups", "group_order", "blocks", "block_order", "option_names"),
    }
    assert patch["items"].pop("period") is None
    fields = {field for item in patch["items"].values() for field in item}
    assert fields <= {"declinable", "required", "expected", "kind", "group", "sensitive"}
    assert len(json.dumps(patch)) * 8 < len(json.dumps(questionnaire))


def test_a_plain_form_leaves_little_over():
    """As other programs write them: no titled pages, and nobody declines."""
    facts = {"kind": "choice", "options": "answers_1", "declinable": False, "required": False}
    plain = every_kind(
        title=words("Plain"),
        slug="plain",
        declined=None,
        groups=[],
        option_sets={"answers_1": [{"value": n, "text": words(f"Answer {n}")} for n in range(3)]},
        blocks=[{"id": "page_1", "items": [{"id": f"q{n}", "text": words("?"), **facts} for n in range(3)]}],
    )
    assert patch_in(write_questionnaire(plain)) == {"origin": None, "scales": None}


@pytest.mark.parametrize("release", WRITTEN_RELEASES)
def test_the_same_definition_is_always_the_same_text(release):
    first, second = (json.dumps(write_questionnaire(every_kind(), release=release)) for _ in range(2))
    assert first == second


def test_only_the_root_has_our_extension():
    native, _ = split(write_questionnaire(two_way_check_in()))
    assert "StructureDefinition/definition" not in json.dumps(native)

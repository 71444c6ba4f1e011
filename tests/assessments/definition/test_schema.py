"""The JSON Schema that editors check questionnaire files with."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator

from assessments.conf import SHIPPED_CATALOG
from assessments.definition.schema import definition_schema
from tests.assessments.factories import every_kind, small_data

SCHEMA = definition_schema()
PUBLISHED = Path(__file__).parents[3] / "docs" / "reference" / "definition.schema.json"


def faults(data) -> list[str]:
    return [error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(data)]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_documented_schema_is_the_codes():
    """Made with `python manage.py definition_schema > docs/reference/definition.schema.json`."""
    assert json.loads(PUBLISHED.read_text()) == SCHEMA


def test_the_command_prints_it():
    printed = StringIO()
    call_command("definition_schema", stdout=printed)
    assert json.loads(printed.getvalue()) == SCHEMA


@pytest.mark.parametrize("file", sorted(SHIPPED_CATALOG.glob("*.json")), ids=lambda file: file.stem)
def test_every_shipped_questionnaire_follows_it(file):
    assert faults(json.loads(file.read_text())) == []


def test_every_kind_of_question_follows_it():
    assert faults(json.loads(every_kind().canonical())) == []


def test_a_misspelt_field_is_found():
    data = small_data()
    data["scales"][0]["reverse"] = ["a"]
    assert faults(data) == ["$.scales[0]"]

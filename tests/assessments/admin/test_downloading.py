from __future__ import annotations

import json

import pytest

from assessments.definition import load_definition
from assessments.fhir.reading import read_questionnaire
from tests.assessments.admin.people import of_version

pytestmark = pytest.mark.django_db


def test_our_own_format_reads_back_as_the_same(reader, version):
    answer = reader.get(of_version(version, "download", "json"))
    assert load_definition(answer.content) == version.definition
    assert answer.headers["Content-Disposition"] == 'attachment; filename="small-1.json"'


@pytest.mark.parametrize("kind", ["fhir-r4", "fhir-r4b", "fhir-r5"])
def test_fhir_reads_back_as_the_same(reader, version, kind):
    answer = reader.get(of_version(version, "download", kind))
    written = json.loads(answer.content)
    assert read_questionnaire(written).definition == version.definition
    assert (written["resourceType"], written["status"], written["version"]) == ("Questionnaire", "active", "1")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="small-1.{kind}.json"'


def test_no_other_format_is_there(reader, version):
    assert reader.get(of_version(version, "download", "xml")).status_code == 404

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.models import InstrumentVersion
from tests.assessments.factories import small_data, words

pytestmark = pytest.mark.django_db


def load() -> list[str]:
    out = StringIO()
    call_command("load_instruments", stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def own(settings, tmp_path):
    """A clinic's own file, in a folder the settings name."""
    settings.ASSESSMENTS = {"CATALOG_DIRS": [tmp_path]}
    return tmp_path / "small.json"


SHIPPED = ["intake-goals", "session-feedback", "two-way-check-in", "two-way-pulse", "wellbeing-pulse"]


def test_the_shipped_catalog_is_published_once():
    assert load() == [f"{slug} 1: published" for slug in SHIPPED]
    assert load() == [f"{slug} 1: unchanged" for slug in SHIPPED]
    assert InstrumentVersion.objects.count() == len(SHIPPED)


def test_a_changed_file_becomes_the_next_version_and_the_first_stays(own):
    own.write_text(json.dumps(small_data()))
    assert load()[-1] == "small 1: published"
    first = InstrumentVersion.objects.get(instrument__slug="small")
    own.write_text(json.dumps({**small_data(), "period": words("Yesterday.")}))
    assert load()[-1] == "small 2: published as the next version"
    stored = first.definition_json
    first.refresh_from_db()
    assert (first.status, first.definition_json) == ("retired", stored)


def test_a_file_that_only_looks_different_changes_nothing(own):
    own.write_text(json.dumps(small_data()))
    load()
    own.write_text(json.dumps(small_data(), indent=4, sort_keys=True))
    assert load()[-1] == "small 1: unchanged"


def test_a_file_that_cannot_be_used_stops_everything_and_says_where(own):
    own.write_text(json.dumps({**small_data(), "title": {"es": "Poco"}}))
    with pytest.raises(CommandError, match=r'small\.json cannot be used:\n\$\.title: has no "en"; add the wording'):
        load()
    assert InstrumentVersion.objects.count() == 0


def test_a_key_that_is_written_twice_is_refused(own):
    """The second would silently win: alerts could be lost that way."""
    own.write_text(json.dumps(small_data()).rstrip()[:-1] + ', "alerts": []}')
    with pytest.raises(CommandError, match="written twice"):
        load()


def test_a_file_that_is_no_text_is_refused(own):
    own.write_bytes(b"\xff\xfe{")
    with pytest.raises(CommandError, match="not UTF-8"):
        load()

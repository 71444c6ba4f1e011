"""What the database itself keeps about questionnaires, also against hands that bypass the code."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from assessments.actions.versions import draft_version, publish_version, retire_version
from assessments.exceptions import DefinitionTampered
from assessments.models import Instrument, InstrumentVersion
from tests.assessments.factories import NOW, draft_response, published, small

pytestmark = pytest.mark.django_db

DELETE = "DELETE FROM assessments_instrumentversion WHERE id = %s"


@contextmanager
def refused(match: str | None = None):
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        yield


def run(statement: str, *parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def stored(version: InstrumentVersion) -> Any:
    """The key as this database stores it."""
    return version._meta.pk.get_db_prep_value(version.pk, connection)


@pytest.fixture
def version():
    return published(small())


@pytest.fixture
def retired(version):
    return retire_version(version, now=NOW)


# --- Immutable once published ---------------------------------------------------------------------

CHANGES = [
    "UPDATE assessments_instrumentversion SET definition_json = '{}' WHERE id = %s",
    "UPDATE assessments_instrumentversion SET digest = '0' WHERE id = %s",
    "UPDATE assessments_instrumentversion SET number = 9 WHERE id = %s",
    "UPDATE assessments_instrumentversion SET status = 'draft', published_at = NULL, retired_at = NULL WHERE id = %s",
    "UPDATE assessments_instrumentversion SET published_at = '2020-01-01 00:00:00' WHERE id = %s",
]


@pytest.mark.parametrize("statement", CHANGES)
@pytest.mark.parametrize("state", ["version", "retired"])
def test_raw_sql_cannot_change_what_was_published(request, state, statement):
    row = request.getfixturevalue(state)
    with refused("never changes"):
        run(statement, stored(row))


@pytest.mark.parametrize(
    "change", ["retired_at = '2020-01-01 00:00:00'", "retired_at = NULL, status = 'published'"], ids=["moved", "undone"]
)
def test_the_day_it_was_retired_stays(retired, change):
    with refused("never changes"):
        run(f"UPDATE assessments_instrumentversion SET {change} WHERE id = %s", stored(retired))


COLUMNS = "id, instrument_id, number, status, definition_json, digest, published_at, retired_at"


@pytest.mark.parametrize(
    "values",
    [
        "id, instrument_id, 7, 'retired', '{}', '0', published_at, published_at",
        "'00000000000000000000000000000001', instrument_id, number, 'retired', '{}', '0', published_at, published_at",
        "'00000000000000000000000000000001', instrument_id, 7, status, '{}', '0', published_at, retired_at",
    ],
    ids=["id", "number", "the one published"],
)
def test_no_row_takes_the_place_of_what_was_published(version, values):
    replacing = " OR REPLACE" if connection.vendor == "sqlite" else ""
    with refused():
        run(
            f"INSERT{replacing} INTO assessments_instrumentversion ({COLUMNS}) "
            f"SELECT {values} FROM assessments_instrumentversion"
        )
    assert InstrumentVersion.objects.get().definition_json == version.definition_json


@pytest.mark.parametrize("taken", ["status = 'published', published_at = '2020-01-01 00:00:00+00:00'", "number = 1"])
def test_no_draft_is_moved_over_what_was_published(version, taken):
    draft = draft_version(small(period={"en": "Yesterday."}))
    verb = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"
    with refused():
        run(f"{verb} assessments_instrumentversion SET {taken} WHERE id = %s", stored(draft))
    assert InstrumentVersion.objects.get(pk=version.pk).digest == version.digest


def test_the_orm_cannot_either(version):
    other = Instrument.objects.create(slug="other", title="Other")
    with refused("never changes"):
        InstrumentVersion.objects.filter(pk=version.pk).update(instrument=other)
    version.definition_json = "{}"
    with refused("never changes"):
        version.save()


def test_a_draft_may_still_change():
    draft = draft_version(small())
    changed = small(period={"en": "Yesterday."})
    values = {"definition_json": changed.canonical(), "digest": changed.digest()}
    assert InstrumentVersion.objects.filter(pk=draft.pk).update(**values) == 1
    draft.refresh_from_db()
    assert draft.definition == changed


def test_a_draft_may_be_deleted():
    draft = draft_version(small())
    assert run(DELETE, stored(draft)) == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's flush is a DELETE, which must stay possible")
@pytest.mark.parametrize("state", ["version", "retired"])
def test_raw_sql_cannot_delete_what_was_published(request, state):
    row = request.getfixturevalue(state)
    with refused("never changes"):
        run(DELETE, stored(row))


def test_an_answered_version_cannot_be_deleted(version):
    draft_response(version)
    with refused():
        run(DELETE, stored(version))
        connection.check_constraints()


@pytest.mark.django_db(transaction=True)
def test_a_database_with_published_versions_can_be_flushed(version):
    """The rest is in the teardown: it empties the tables."""
    assert InstrumentVersion.objects.published().get() == version


# --- Constraints ----------------------------------------------------------------------------------


def test_numbers_are_unique_and_count_from_one(version):
    with refused():
        InstrumentVersion.objects.create(instrument=version.instrument, number=1)
    with refused():
        InstrumentVersion.objects.create(instrument=version.instrument, number=0)


def test_only_one_version_is_published(version):
    draft = draft_version(small(period={"en": "Yesterday."}))
    with refused():
        InstrumentVersion.objects.filter(pk=draft.pk).update(status="published", published_at=NOW)


@pytest.mark.parametrize(
    "values",
    [
        {"status": "draft", "retired_at": NOW},
        {"status": "draft", "published_at": NOW},
        {"status": "published"},
        {"status": "published", "published_at": NOW, "retired_at": NOW},
        {"status": "retired", "published_at": NOW},
        {"status": "retired", "retired_at": NOW},
        {"status": "unknown"},
    ],
)
def test_states_match_their_timestamps(values):
    draft = draft_version(small())
    with refused():
        InstrumentVersion.objects.filter(pk=draft.pk).update(**values)


# --- Reading --------------------------------------------------------------------------------------


def test_a_definition_is_parsed_once_per_text(version):
    again = InstrumentVersion.objects.get(pk=version.pk)
    assert (again.definition, again.definition is version.definition) == (small(), True)


def test_a_text_that_does_not_match_its_digest_is_refused():
    draft = draft_version(small())
    draft.definition_json = small(period={"en": "Yesterday."}).canonical()
    with pytest.raises(DefinitionTampered, match=str(draft.pk)):
        _ = draft.definition
    with pytest.raises(DefinitionTampered):
        publish_version(draft, now=NOW)


def test_lists_leave_the_definition_in_the_database(version, django_assert_num_queries):
    with django_assert_num_queries(1):
        row = InstrumentVersion.objects.without_definition().of("small").get()
    assert row.get_deferred_fields() == {"definition_json"}


def test_names(version):
    assert (str(version.instrument), str(version)) == ("Small", "Small · 1")

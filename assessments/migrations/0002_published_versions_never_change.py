"""Triggers that keep the words and rules of a version once it was published.

Both databases refuse to change its text, digest, number or instrument, the days it was published and retired, and to
make it a draft again. PostgreSQL also refuses to delete it. SQLite does not: Django empties SQLite's tables with DELETE
(``flush``), which a trigger could not tell from a loss. There an answered version is still kept by the response's
foreign key; and since ``OR REPLACE`` deletes the row in the way without a word to any trigger, none may be put in its place.

SQLite drops a table's triggers whenever a migration rebuilds it: one that alters ``InstrumentVersion`` must end with
``install`` again, and the tests say so when it doesn't.
"""

from django.db import migrations

CHANGES_FOR_GOOD = """
    OLD.status <> 'draft' AND (
        NEW.status = 'draft'
        OR NEW.definition_json <> OLD.definition_json
        OR NEW.digest <> OLD.digest
        OR NEW.number <> OLD.number
        OR NEW.instrument_id <> OLD.instrument_id
        OR NEW.id <> OLD.id
        OR NEW.published_at IS NULL
        OR NEW.published_at <> OLD.published_at
        OR (OLD.retired_at IS NOT NULL AND (NEW.retired_at IS NULL OR NEW.retired_at <> OLD.retired_at))
    )
"""

TAKES_ITS_PLACE = """
    EXISTS (
        SELECT 1 FROM assessments_instrumentversion AS kept WHERE kept.status <> 'draft' AND (
            kept.id = NEW.id
            OR (kept.instrument_id = NEW.instrument_id AND kept.number = NEW.number)
            OR (kept.instrument_id = NEW.instrument_id AND kept.status = 'published' AND NEW.status = 'published')
        )
    )
"""

SQLITE = [
    f"""
    CREATE TRIGGER assessments_version_keep BEFORE UPDATE ON assessments_instrumentversion
    WHEN {CHANGES_FOR_GOOD}
    BEGIN SELECT RAISE(ABORT, 'a published instrument version never changes'); END
    """,
    f"""
    CREATE TRIGGER assessments_version_place BEFORE INSERT ON assessments_instrumentversion
    WHEN {TAKES_ITS_PLACE}
    BEGIN SELECT RAISE(ABORT, 'a published instrument version never changes'); END
    """,
    f"""
    CREATE TRIGGER assessments_version_move BEFORE UPDATE ON assessments_instrumentversion
    WHEN OLD.status = 'draft' AND {TAKES_ITS_PLACE}
    BEGIN SELECT RAISE(ABORT, 'a published instrument version never changes'); END
    """,
]

POSTGRESQL = [
    """
    CREATE FUNCTION assessments_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a published instrument version never changes' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER assessments_version_keep BEFORE UPDATE ON assessments_instrumentversion
    FOR EACH ROW WHEN ({CHANGES_FOR_GOOD}) EXECUTE FUNCTION assessments_version_refuse()
    """,
    """
    CREATE TRIGGER assessments_version_stay BEFORE DELETE ON assessments_instrumentversion
    FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION assessments_version_refuse()
    """,
]

UNDO = {
    "sqlite": [f"DROP TRIGGER assessments_version_{name}" for name in ("keep", "place", "move")],
    "postgresql": ["DROP FUNCTION assessments_version_refuse() CASCADE"],
}


def install(_apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


def remove(_apps, schema_editor):
    for statement in UNDO.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]

"""What check constraints cannot say: append-only tables, and one clinic on both sides of a reference.

SQLite's ``INSERT OR REPLACE`` deletes without a word to any trigger, so there no row may be put in another's place.

Plans add follow-ups by the thousand. Asked row by row whether clinics match, PostgreSQL took a third of the time for that,
so there it is asked once for all that a statement adds.
"""

from django.db import migrations

APPEND_ONLY = ("auditevent", "deliveryevent", "findingevent", "providernotice", "review", "thresholdset")
UNDELETABLE = ("auditevent",)
UNIQUE_TOO = {
    "auditevent": "(kept.clinic_id = NEW.clinic_id AND kept.sequence = NEW.sequence)",
    "providernotice": "(kept.provider = NEW.provider AND kept.event_id = NEW.event_id)",
    "thresholdset": "(kept.clinic_id = NEW.clinic_id AND kept.number = NEW.number)",
}
ADDED_MANY_AT_ONCE = ("followup",)
# (table, columns that point at a row of the same clinic, the table they point at)
SAME_CLINIC = (
    ("relationship", ("first_id", "second_id"), "client"),
    ("case", ("client_id",), "client"),
    ("case", ("relationship_id",), "relationship"),
    ("case", ("lead_id",), "staffmember"),
    ("followup", ("client_id",), "client"),
    ("followup", ("case_id",), "case"),
    ("finding", ("subject_id",), "client"),
    ("finding", ("case_id",), "case"),
)


def _mismatch(columns, target):
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM counseling_{target} t WHERE t.id = NEW.{column} AND t.clinic_id <> NEW.clinic_id)"
        for column in columns
    )


def _sqlite():
    for table in APPEND_ONLY:
        yield (
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON counseling_{table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        yield (
            f"CREATE TRIGGER {table}_no_replacement BEFORE INSERT ON counseling_{table} "
            f"WHEN EXISTS (SELECT 1 FROM counseling_{table} AS kept WHERE kept.id = NEW.id OR {UNIQUE_TOO.get(table, 'FALSE')}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    for table in UNDELETABLE:
        yield (
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON counseling_{table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    for table, columns, target in SAME_CLINIC:
        for event in ("INSERT", f"UPDATE OF clinic_id, {', '.join(columns)}"):
            yield (
                f"CREATE TRIGGER {table}_{target}_{event[:6].lower()} BEFORE {event} ON counseling_{table} "
                f"WHEN {_mismatch(columns, target)} "
                f"BEGIN SELECT RAISE(ABORT, '{table} and {target} must share a clinic'); END"
            )


def _postgresql():
    yield (
        "CREATE FUNCTION counseling_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$"
    )
    for table in APPEND_ONLY:
        events = "UPDATE OR DELETE" if table in UNDELETABLE else "UPDATE"
        yield (
            f"CREATE TRIGGER {table}_append_only BEFORE {events} ON counseling_{table} "
            "FOR EACH ROW EXECUTE FUNCTION counseling_append_only()"
        )
    for table, columns, target in SAME_CLINIC:
        function = f"counseling_{table}_{target}_clinic"
        yield (
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {_mismatch(columns, target)} THEN "
            f"RAISE EXCEPTION '{table} and {target} must share a clinic' USING ERRCODE = 'check_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        events = "UPDATE" if table in ADDED_MANY_AT_ONCE else "INSERT OR UPDATE"
        yield (
            f"CREATE TRIGGER {table}_{target}_clinic BEFORE {events} OF clinic_id, {', '.join(columns)} "
            f"ON counseling_{table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    for table in ADDED_MANY_AT_ONCE:
        checks = "".join(
            f"IF EXISTS (SELECT 1 FROM added JOIN counseling_{target} AS t ON t.id = added.{column} "
            f"WHERE t.clinic_id <> added.clinic_id) THEN "
            f"RAISE EXCEPTION '{table} and {target} must share a clinic' USING ERRCODE = 'check_violation'; END IF; "
            for owner, columns, target in SAME_CLINIC
            for column in columns
            if owner == table
        )
        function = f"counseling_{table}_added_clinics"
        yield f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {checks}RETURN NULL; END $$"
        yield (
            f"CREATE TRIGGER {table}_added_clinics AFTER INSERT ON counseling_{table} "
            f"REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )


def _sqlite_undo():
    for table in APPEND_ONLY:
        yield f"DROP TRIGGER {table}_no_update"
        yield f"DROP TRIGGER {table}_no_replacement"
    for table in UNDELETABLE:
        yield f"DROP TRIGGER {table}_no_delete"
    for table, _columns, target in SAME_CLINIC:
        yield f"DROP TRIGGER {table}_{target}_insert"
        yield f"DROP TRIGGER {table}_{target}_update"


def _postgresql_undo():
    yield "DROP FUNCTION counseling_append_only() CASCADE"
    for table, _columns, target in SAME_CLINIC:
        yield f"DROP FUNCTION counseling_{table}_{target}_clinic() CASCADE"
    for table in ADDED_MANY_AT_ONCE:
        yield f"DROP FUNCTION counseling_{table}_added_clinics() CASCADE"


GUARD = {"sqlite": _sqlite, "postgresql": _postgresql}
UNDO = {"sqlite": _sqlite_undo, "postgresql": _postgresql_undo}


def guard(apps, schema_editor):
    for statement in GUARD[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("counseling", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]

"""What a provider told once is never rewritten, like every other ledger."""

from django.db import migrations

ON = {
    "sqlite": (
        "CREATE TRIGGER providernotice_no_update BEFORE UPDATE ON counseling_providernotice "
        "BEGIN SELECT RAISE(ABORT, 'providernotice is append-only'); END"
    ),
    "postgresql": (
        "CREATE TRIGGER providernotice_append_only BEFORE UPDATE ON counseling_providernotice "
        "FOR EACH ROW EXECUTE FUNCTION counseling_append_only()"
    ),
}
OFF = {
    "sqlite": "DROP TRIGGER providernotice_no_update",
    "postgresql": "DROP TRIGGER providernotice_append_only ON counseling_providernotice",
}


def guard(apps, schema_editor):
    schema_editor.execute(ON[schema_editor.connection.vendor], params=None)


def unguard(apps, schema_editor):
    schema_editor.execute(OFF[schema_editor.connection.vendor], params=None)


class Migration(migrations.Migration):
    dependencies = [("counseling", "0010_bounces_and_stops")]

    operations = [migrations.RunPython(guard, unguard)]

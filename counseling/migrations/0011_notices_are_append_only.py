"""What a provider told once is never rewritten, like every other ledger."""

from django.db import migrations

NO_UPDATE = """
CREATE TRIGGER providernotice_no_update BEFORE UPDATE ON counseling_providernotice
BEGIN SELECT RAISE(ABORT, 'providernotice is append-only'); END
"""
NO_REPLACEMENT = """
CREATE TRIGGER providernotice_no_replacement BEFORE INSERT ON counseling_providernotice
WHEN EXISTS (SELECT 1 FROM counseling_providernotice AS kept WHERE kept.id = NEW.id
             OR (kept.provider = NEW.provider AND kept.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'providernotice is append-only'); END
"""
APPEND_ONLY = """
CREATE TRIGGER providernotice_append_only BEFORE UPDATE ON counseling_providernotice
FOR EACH ROW EXECUTE FUNCTION counseling_append_only()
"""
ON = {"sqlite": (NO_UPDATE, NO_REPLACEMENT), "postgresql": (APPEND_ONLY,)}
OFF = {
    "sqlite": ("DROP TRIGGER providernotice_no_update", "DROP TRIGGER providernotice_no_replacement"),
    "postgresql": ("DROP TRIGGER providernotice_append_only ON counseling_providernotice",),
}


def guard(apps, schema_editor):
    for statement in ON[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for statement in OFF[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("counseling", "0010_bounces_and_stops")]

    operations = [migrations.RunPython(guard, unguard)]

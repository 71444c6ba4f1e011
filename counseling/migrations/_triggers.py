"""SQLite rebuilds a table to change its constraints, loses the triggers on it, and stumbles over those that read it."""

_lifted = []


def lift(apps, schema_editor):
    """Take every trigger away, to be put back by `restore` in the same migration."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        _lifted[:] = cursor.fetchall()
    for name, _sql in _lifted:
        schema_editor.execute(f'DROP TRIGGER "{name}"', params=None)


def restore(apps, schema_editor):
    for _name, sql in _lifted:
        schema_editor.execute(sql, params=None)
    _lifted.clear()

"""Plain SQL for the few statements that run once for every email; the ORM takes longer to put them together than the
database to run them. Table and column names are the models'; `execute` adapts values to the database at hand.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import DateTimeField, UUIDField

_UUID, _DATETIME = UUIDField(), DateTimeField()


def execute(cursor: CursorWrapper, statement: str, **facts: Any) -> CursorWrapper:
    """Run the statement with its ``%(names)s`` filled in; the cursor, for rows or their number."""
    cursor.execute(statement, {name: _adapted(value) for name, value in facts.items()})
    return cursor


def _adapted(value: Any) -> Any:
    if isinstance(value, UUID):
        return _UUID.get_db_prep_value(value, connection)
    return _DATETIME.get_db_prep_value(value, connection) if isinstance(value, datetime) else value

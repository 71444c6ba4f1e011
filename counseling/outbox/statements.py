"""Plain SQL for the few statements that run for every group of emails; the ORM takes longer to put them together than
the database to run them. Table and column names are the models'; values are adapted to the database at hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.dateparse import parse_datetime


def execute(cursor: CursorWrapper, statement: str, **facts: Any) -> CursorWrapper:
    """Run the statement with its ``%(names)s`` filled in, ``IN %(names)s`` with a list of ids; the cursor, for rows."""
    values: dict[str, Any] = {}
    for name, value in facts.items():
        if not isinstance(value, list):
            values[name] = adapted(value)
        elif connection.vendor == "postgresql":
            statement = statement.replace(f"IN %({name})s", f"= ANY(%({name})s::uuid[])")
            values[name] = _array(value)
        else:
            each = {f"{name}_{number}": adapted(one) for number, one in enumerate(value)}
            statement = statement.replace(f"IN %({name})s", f"IN ({', '.join(f'%({key})s' for key in each)})")
            values |= each
    cursor.execute(statement, values)
    return cursor


def insert(cursor: CursorWrapper, table: str, columns: Mapping[str, str], rows: Collection[Sequence[Any]]) -> None:
    """Add the rows in one statement (SQLite: as few as it takes); none, when there are none.

    ``columns`` are names with PostgreSQL's types.
    """
    if not rows:
        return
    into = f"INSERT INTO {table} ({', '.join(columns)})"
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
        every_column = [_array(column) for column in zip(*rows, strict=True)]
        cursor.execute(f"{into} SELECT * FROM unnest({arrays})", every_column)  # noqa: S608
    else:
        for some in _portions(rows, len(columns)):
            values = [adapted(value) for row in some for value in row]
            cursor.execute(f"{into} VALUES {_placeholders(some, columns)}", values)


def update(cursor: CursorWrapper, table: str, columns: Mapping[str, str], rows: Collection[Sequence[Any]]) -> None:
    """Set the columns of many rows, each to its own values, in one statement; the first column is the key."""
    if not rows:
        return
    key, *others = columns
    changes = ", ".join(f"{name} = given.{name}" for name in others)
    names = ", ".join(columns)
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
        every_column = [_array(column) for column in zip(*rows, strict=True)]
        given = f"unnest({arrays}) AS given({names})"
        cursor.execute(f"UPDATE {table} SET {changes} FROM {given} WHERE {table}.{key} = given.{key}", every_column)  # noqa: S608
    else:
        for some in _portions(rows, len(columns)):
            given = f"WITH given({names}) AS (VALUES {_placeholders(some, columns)})"
            values = [adapted(value) for row in some for value in row]
            cursor.execute(f"{given} UPDATE {table} SET {changes} FROM given WHERE {table}.{key} = given.{key}", values)  # noqa: S608


MOST_VALUES = 30_000
"""SQLite fills in no more than 32,766 values of one statement."""


def _portions(rows: Collection[Sequence[Any]], width: int) -> Iterator[list[Sequence[Any]]]:
    every, most = list(rows), max(1, MOST_VALUES // width)
    for first in range(0, len(every), most):
        yield every[first : first + most]


def _placeholders(rows: Collection[Sequence[Any]], columns: Collection[str]) -> str:
    return ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))


def _array(values: Iterable[Any]) -> str:
    """PostgreSQL's own words for an array; the driver takes several times as long to find them."""
    words: dict[Any, str] = {}  # most columns hold few values, many times
    return "{" + ",".join([words.get(value) or words.setdefault(value, _word(value)) for value in values]) + "}"


def _word(value: Any) -> str:
    if value is None:
        return "NULL"
    text = str(value)
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def for_update(clause: str) -> str:
    """The locking clause where the database has row locks; SQLite's transactions hold the whole database."""
    return f" FOR NO KEY UPDATE{clause}" if connection.features.has_select_for_no_key_update else ""


def adapted(value: Any) -> Any:
    """A value, or a key to compare with one read back, in the database's own form."""
    if connection.vendor == "postgresql":
        return value
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, time):
        return connection.ops.adapt_timefield_value(value)
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def as_instant(value: Any) -> datetime:
    """An instant as plain SQL reads it: SQLite has text for it, without a zone."""
    instant: datetime | None = parse_datetime(value) if isinstance(value, str) else value
    if instant is None:
        raise ValueError("this is no instant")
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def commit_with_the_next(cursor: CursorWrapper) -> None:
    """Have this transaction's commit not wait for the disk.

    PostgreSQL writes its log in order, so the next commit that waits takes it along. What can be lost is each worker's
    last, when the database server itself dies.
    """
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL synchronous_commit TO off")


def let_go_after(cursor: CursorWrapper, *, seconds: int) -> None:
    """Have the database end this transaction, and free its rows, once its process has said nothing for so long.

    A machine that is put to sleep in the middle of it would hold them until it wakes.
    """
    if connection.vendor == "postgresql":
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [f"{seconds}s"])

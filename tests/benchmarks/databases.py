"""A PostgreSQL database of a benchmark's own, gone when it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import setup_databases, teardown_databases


@contextmanager
def throwaway_database() -> Iterator[None]:
    """Create a migrated database beside the configured one, use it as the default, and drop it in the end.

    `make bench` points the settings at PostgreSQL on this machine. Raises `RuntimeError` on any other engine: figures
    from SQLite say nothing about a clinic's server.
    """
    if connection.vendor != "postgresql":
        raise RuntimeError("This benchmark needs PostgreSQL: run it through `make bench`, or set DATABASE_URL")
    connection.settings_dict["TEST"]["NAME"] = f"interdepend_bench_{os.getpid()}"
    created = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(created, verbosity=0)

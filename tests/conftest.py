"""What every test shares. Folders with servers of their own are marked by where they lie, so no test can forget to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import settings

FOLDERS_APART = ("services", "e2e", "faults")

# The gate repeats the same examples, so that it fails for a change and not for a throw of the dice.
settings.register_profile("unhurried", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(tests).parts[0]
        if folder in FOLDERS_APART:
            item.add_marker(folder)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Transactional tests empty SQLite's tables with DELETE, which the audit trail refuses: let them.

    tests/counseling/models/test_guards.py puts the guard back for its own test.
    """
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER auditevent_no_delete")


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A request leaves its language active in the thread; the next test begins with the default."""
    yield
    translation.deactivate()

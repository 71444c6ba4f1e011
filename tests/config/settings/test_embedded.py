from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

INSPECT = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.db import connection
with connection.cursor() as cursor:
    journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
import config.urls_embedded
print(json.dumps({
    "journal": journal,
    "synchronous": synchronous,
    "begin": connection.transaction_mode,
    "secret": settings.SECRET_KEY,
    "loaded": [name for name in ("celery", "numpy", "css_inline") if name in sys.modules],
}))
"""


def start(var: Path) -> dict[str, object]:
    """What embedded mode looks like from a process of its own, with its files in ``var``."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", INSPECT],
        cwd=ROOT,
        env=inherited | {"DJANGO_SETTINGS_MODULE": "config.settings.embedded", "VAR_DIR": str(var)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded") / "var"


@pytest.fixture(scope="module")
def found(var: Path) -> dict[str, object]:
    """A first start, which makes its files."""
    return start(var)


def test_it_keeps_everything_under_one_folder_and_finds_it_again(var: Path, found: dict[str, object]):
    assert start(var) == found
    assert {path.name for path in var.iterdir()} == {"interdepend.sqlite3", "secrets.json"}
    assert (var / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_sqlite_is_durable_and_its_writers_queue_up(found: dict[str, object]):
    full = 2
    assert (found["journal"], found["synchronous"], found["begin"]) == ("wal", full, "IMMEDIATE")


def test_the_web_server_loads_nothing_that_only_workers_need(found: dict[str, object]):
    """Celery takes about as long to import as everything else together."""
    assert found["loaded"] == []

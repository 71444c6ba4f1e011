"""A complete environment for production mode, for tests that start it in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

COMPLETE = {
    "SECRET_KEY": "a-Secret-0123456789" * 4,
    "ALLOWED_HOSTS": "clinic.example",
    "PUBLIC_URL": "https://clinic.example",
    "DATABASE_URL": "postgresql://clinic@database.invalid/clinic",
    "REDIS_URL": "redis://queue.invalid:6379/0",
    "EMAIL_URL": "submission://clinic:p%40ss@mail.invalid",
    "DEFAULT_FROM_EMAIL": "clinic@clinic.example",
    "FIELD_KEYS": f"2:{KEY},1:{KEY}",
    "TOKEN_KEYS": f"1:{KEY}",
    "INDEX_KEY": KEY,
}


def run_production(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in production mode with exactly these variables, warnings being errors."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=ROOT,
        env=inherited | {"DJANGO_SETTINGS_MODULE": "config.settings.production"} | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

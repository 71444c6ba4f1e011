"""The wheel is what a clinic's own Django project installs: both apps, whole, and nothing around them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("assessments", "counseling")

HOST_SETTINGS = """
from base64 import b64encode

SECRET_KEY = "host"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "rest_framework",
    "assessments",
    "counseling",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
key = b64encode(b"0" * 32).decode()
COUNSELING = {"FIELD_KEYS": [f"1:{key}"], "TOKEN_KEYS": [f"1:{key}"], "INDEX_KEY": key}
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def source_files(app: str) -> set[str]:
    files = (path for path in (ROOT / app).rglob("*") if path.is_file())
    return {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}


def test_it_holds_every_file_of_the_two_apps_and_nothing_else(wheel: zipfile.ZipFile):
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == set().union(*map(source_files, APPS))


@pytest.mark.parametrize(
    "kind",
    [
        "assessments/catalog/",
        "assessments/py.typed",
        "counseling/locale/es/LC_MESSAGES/django.mo",
        "counseling/py.typed",
        "counseling/static/",
        "counseling/templates/",
    ],
)
def test_it_holds_what_is_not_code(wheel: zipfile.ZipFile, kind: str):
    assert [name for name in wheel.namelist() if name.startswith(kind)] != []


def test_it_says_which_pythons_and_which_license(wheel: zipfile.ZipFile):
    (metadata,) = (wheel.read(name).decode() for name in wheel.namelist() if name.endswith("/METADATA"))
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: MIT" in metadata


@pytest.mark.parametrize("command", [["check", "--fail-level", "WARNING"], ["migrate", "--verbosity", "0"]])
def test_another_project_runs_it_with_the_documented_settings(
    wheel: zipfile.ZipFile, tmp_path: Path, command: list[str]
):
    wheel.extractall(tmp_path)
    (tmp_path / "host_settings.py").write_text(HOST_SETTINGS)
    run = subprocess.run(
        [sys.executable, "-m", "django", *command, "--settings", "host_settings"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")

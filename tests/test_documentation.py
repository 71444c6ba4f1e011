"""The reference lists everything there is to set and to run."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

import assessments.conf
import counseling.conf

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"


@pytest.mark.parametrize("conf", [assessments.conf, counseling.conf], ids=lambda conf: conf.SETTING)
def test_every_key_of_the_apps_settings_is_documented_and_no_other(conf):
    section = (REFERENCE / "settings.md").read_text().split(f"## `{conf.SETTING}`")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `([A-Z_]+)`", section, re.MULTILINE)
    assert sorted(documented) == sorted(field.name.upper() for field in fields(conf.Conf))


def test_every_management_command_is_documented_and_no_other():
    section = (REFERENCE / "commands.md").read_text().split("## `manage.py`")[1].split("\n## ")[0]
    files = (path for app in ("assessments", "config", "counseling") for path in (ROOT / app).rglob("commands/*.py"))
    commands = {path.stem for path in files if not path.name.startswith("_")}
    assert set(re.findall(r"^`([a-z_]+)`$", section, re.MULTILINE)) == commands


@pytest.mark.parametrize(
    "target", re.findall(r"^([a-z][a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
)
def test_every_make_target_is_documented(target: str):
    assert target == "help" or f"`make {target}" in (REFERENCE / "commands.md").read_text()


@pytest.mark.parametrize("mode", ["production", "embedded"])
def test_every_environment_variable_is_documented(mode: str):
    read = re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", (ROOT / "config" / "settings" / f"{mode}.py").read_text())
    text = (REFERENCE / "settings.md").read_text().split(f"## {mode.title()}")[1].split("\n## ")[0]
    assert [name for name in read if f"`{name}`" not in text] == []

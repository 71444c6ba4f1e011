"""The pinned sets in requirements/ hold what pyproject.toml declares, in versions it allows, and nothing it dropped."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+).*?(?=^[\w.-]+==|\Z)", re.MULTILINE | re.DOTALL)


def extra(name: str) -> list[str]:
    return PROJECT["project"]["optional-dependencies"][name]


def group(name: str) -> list[str]:
    """The requirements of a dependency group, those of the groups it includes among them."""
    found: list[str] = []
    for entry in PROJECT["dependency-groups"][name]:
        found += [entry] if isinstance(entry, str) else group(entry["include-group"])
    return found


APPS = PROJECT["project"]["dependencies"]
SETS = {
    "base": APPS + extra("project"),
    "demo": APPS + extra("project") + extra("demo"),
    "anymail": APPS + extra("project") + extra("anymail"),
    "dev": APPS + extra("project") + extra("demo") + group("dev"),
    "mutants": APPS + extra("project") + extra("demo") + group("mutants"),
    "tools": group("tools"),
}


def pins(name: str) -> dict[str, set[str]]:
    """Every pinned package of a set with its versions; there are several where Pythons differ."""
    found: dict[str, set[str]] = {}
    for pin in PIN.finditer((ROOT / "requirements" / f"{name}.txt").read_text()):
        found.setdefault(canonicalize_name(pin["name"]), set()).add(pin["version"])
    return found


def pinned_for_us(name: str) -> set[str]:
    """The packages that a set says it holds because pyproject.toml names them."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return {canonicalize_name(pin["name"]) for pin in PIN.finditer(text) if "interdepend (pyproject.toml" in pin[0]}


@pytest.mark.parametrize("name", SETS)
def test_every_declared_requirement_is_pinned_in_a_version_it_allows(name):
    pinned = pins(name)
    outside = {
        line: pinned.get(canonicalize_name(Requirement(line).name))
        for line in SETS[name]
        if not (versions := pinned.get(canonicalize_name(Requirement(line).name)))
        or not all(Requirement(line).specifier.contains(version) for version in versions)
    }
    assert outside == {}


@pytest.mark.parametrize("name", ["base", "demo", "dev", "mutants"])
def test_nothing_is_pinned_for_a_requirement_that_is_gone(name):
    assert pinned_for_us(name) == {canonicalize_name(Requirement(line).name) for line in SETS[name]}


@pytest.mark.parametrize("name", ["base", "demo"])
def test_the_smaller_sets_hold_the_developers_versions(name):
    developers = pins("dev")
    assert {package: developers.get(package) for package in pins(name)} == pins(name)


@pytest.mark.parametrize("name", SETS)
def test_every_pin_carries_a_hash(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert [pin["name"] for pin in PIN.finditer(text) if "--hash=sha256:" not in pin[0]] == []


@pytest.mark.parametrize("line", SETS["dev"] + SETS["mutants"] + SETS["tools"])
def test_every_requirement_has_a_lower_bound(line):
    assert [clause.operator for clause in Requirement(line).specifier if clause.operator in {">=", "==", "~="}] != []

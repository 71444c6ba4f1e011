"""What holds for every file of the repository, whatever its language."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

TOP_LEVEL = {
    ".ci", ".editorconfig", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile",
    "README.md", "SECURITY.md", "assessments", "config", "counseling", "docs", "manage.py", "noxfile.py",
    "pyproject.toml", "requirements", "templates", "tests",
}  # fmt: skip

ADDRESS = re.compile(
    r"""
    (?<![\w./$-])/(?:home|root|tmp|Users|work|opt)/[\w.]   # somebody's machine
    | pypi[.]org | pythonhosted[.]org               # where packages come from is each machine's own business
    | npmjs[.](?:com|org) | yarnpkg[.]com | deb[.]debian[.]org
    """,
    re.VERBOSE,
)


def repository_files() -> list[Path]:
    """Everything that is, or is about to be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


def test_the_top_level_holds_nothing_new():
    """What a newcomer sees first stays a list one can read; a new room goes inside one of these."""
    assert {path.relative_to(ROOT).parts[0] for path in repository_files()} - TOP_LEVEL == set()


def test_no_file_names_a_machine_or_a_package_registry():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in repository_files()
        for match in ADDRESS.finditer(text_of(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "name", ["/home/" + "ana/x", "/root" + "/.cache", "see pypi" + ".org", "registry.npmjs" + ".org"]
)
def test_the_address_pattern_finds_what_it_is_for(name: str):
    assert ADDRESS.search(name) is not None


@pytest.mark.parametrize("name", ["https://example.org/home/page", "templates/work/list.html", "tests/tmp/x"])
def test_the_address_pattern_leaves_paths_of_ours_alone(name: str):
    assert ADDRESS.search(name) is None


def test_no_python_version_file_breaks_a_machine_that_lacks_that_version():
    assert not (ROOT / ".python-version").exists()


def test_decision_records_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_page_of_the_documentation_has_a_title():
    untitled = [
        str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md") if not path.read_text().startswith("# ")
    ]
    assert untitled == []

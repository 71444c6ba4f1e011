"""Every page's template: it compiles, something uses it, and a strict content-security policy has nothing to forbid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.template import engines

ROOT = Path(__file__).parents[1]
OURS = ("assessments", "config", "counseling")
FOLDERS = [ROOT / "templates", *(ROOT / app / "templates" for app in OURS)]

# Django and allauth look these up by name.
SERVED_BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}

# Mail programs know no style sheets; what is inline there is put in when the message is rendered.
IS_EMAIL = re.compile(r"/emails?/|/mailbox/message")

FORBIDDEN = re.compile(
    r"""
    \sstyle\s*=                          # inline style
    | \son[a-z]+\s*=\s*["']              # inline handler
    | javascript:
    | <style\b
    | <script\b(?![^>]*\b(?:src|type=["']application/json["']))   # inline script; data is no script
    | (?:src|href)\s*=\s*["'](?:https?:)?//                        # somebody else's server
    """,
    re.VERBOSE | re.IGNORECASE,
)


def templates() -> dict[str, Path]:
    """Every template file by the name it is loaded under."""
    files = ((folder, path) for folder in FOLDERS for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path for folder, path in files}


def replaces_somebody_elses(name: str) -> bool:
    others = (app for app in apps.get_app_configs() if app.name.partition(".")[0] not in OURS)
    return any((Path(app.path) / "templates" / name).exists() for app in others)


@pytest.mark.parametrize("name", templates())
def test_it_compiles(name: str):
    assert engines["django"].get_template(name).template.origin.template_name == name


def test_something_uses_it():
    code = "".join(path.read_text() for app in OURS for path in (ROOT / app).rglob("*.py"))
    texts = {name: path.read_text() for name, path in templates().items()}
    unused = [
        name
        for name in texts
        if name not in SERVED_BY_NAME
        and not replaces_somebody_elses(name)
        and not any(f'"{called}"' in code for called in ways_to_call(name))
        and not any(name in text for other, text in texts.items() if other != name)
    ]
    assert unused == []


def ways_to_call(name: str) -> list[str]:
    """In full, or by file name within an entry point's own folder; an email by its name for both its forms."""
    path = Path(name)
    return [name, path.name, path.stem] if path.parent.name == "emails" else [name, path.name]


def pages() -> list[str]:
    found = templates().items()
    return [name for name, path in found if path.suffix in {".html", ".svg"} and not IS_EMAIL.search(str(path))]


@pytest.mark.parametrize("name", pages())
def test_a_strict_policy_has_nothing_to_forbid(name: str):
    assert [match[0].strip() for match in FORBIDDEN.finditer(templates()[name].read_text())] == []

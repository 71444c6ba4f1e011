"""The rules of the house that a machine can check. CONTRIBUTING.md says them in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).parents[1]
APPS = ("assessments", "counseling")

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
VAGUE_FILES = {"utils.py", "helpers.py", "misc.py", "tools.py"}
VAGUE_VERBS = ("process_", "handle_", "manage_")


def python_files(*folders: str) -> list[Path]:
    files = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in files if "migrations" not in path.parts]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(node: ast.AST) -> set[str]:
    """The last names of everything called within: `a.b.c()` counts as `c`."""
    called = (inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call))
    return {func.id if isinstance(func, ast.Name) else getattr(func, "attr", "") for func in called}


def keywords(node: ast.AST) -> set[str]:
    called = (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))
    return {keyword.arg for call in called for keyword in call.keywords if keyword.arg}


def where(path: Path, node: ast.AST | None = None) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


# --- Size and names ------------------------------------------------------------------------------


def test_no_file_is_longer_than_one_can_keep_in_mind():
    pages = (path for folder in (*APPS, "config", "templates") for path in (ROOT / folder).rglob("*"))
    paths = (*python_files(*APPS, "config", "tests"), *(path for path in pages if path.suffix in {".html", ".css"}))
    lengths = {where(path): len(path.read_text().splitlines()) for path in paths}
    assert {place: lines for place, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen():
    found = [
        where(path, function)
        for path in python_files(*APPS, "config")
        for function in functions(path)
        if function.end_lineno - function.lineno >= LONGEST_FUNCTION
    ]
    assert found == []


def test_names_say_what_a_thing_is():
    files = [where(path) for path in python_files(*APPS, "config", "tests") if path.name in VAGUE_FILES]
    verbs = [
        where(path, function)
        for path in python_files(*APPS, "config")
        for function in functions(path)
        if function.name.startswith(VAGUE_VERBS) and function.name.islower()  # aiosmtpd calls handle_DATA
    ]
    assert files + verbs == []


# --- Due work is rows ----------------------------------------------------------------------------


def test_no_task_is_queued_for_later():
    """Intent lives in the database (decision 0003)."""
    late = [where(path) for path in python_files(*APPS) if keywords(parsed(path)) & {"eta", "countdown"}]
    assert late == []


def test_a_task_is_queued_only_once_its_transaction_is_committed():
    early = [where(path) for path in python_files(*APPS) if calls(parsed(path)) & {"delay", "apply_async"}]
    assert early == []


# --- Actions -------------------------------------------------------------------------------------


def action_modules() -> list[Path]:
    return [path for path in python_files("counseling/actions") if path.name not in {"__init__.py", "base.py"}]


def actions(path: Path) -> list[ast.FunctionDef]:
    """The functions that others call to change something: they are told who asks or when it happens."""
    top = (node for node in parsed(path).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"))
    return [function for function in top if {"by", "now"} & {argument.arg for argument in function.args.kwonlyargs}]


def decorators(function: ast.FunctionDef) -> set[str]:
    bare = (item.func if isinstance(item, ast.Call) else item for item in function.decorator_list)
    return {item.id for item in bare if isinstance(item, ast.Name)}


def test_every_action_runs_in_one_transaction():
    loose = [
        f"{where(path, function)} {function.name}"
        for path in action_modules()
        for function in actions(path)
        if "action" not in decorators(function)
    ]
    assert loose == []


UNAUDITED = {
    "save_block": "a draft's own revision and time are its trace; starting and sending it are audited",
}


def test_every_action_leaves_an_audit_event():
    bodies = {
        node.name: calls(node)
        for path in action_modules()
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef)
    }
    recording = {"record"}
    while grown := {name for name, called in bodies.items() if called & recording} - recording:
        recording |= grown
    silent = [
        f"{where(path, function)} {function.name}"
        for path in action_modules()
        for function in actions(path)
        if function.name not in recording | UNAUDITED.keys()
    ]
    assert silent == []


def test_an_action_takes_its_subject_first_and_the_rest_by_name():
    """Two may go first where one is said of the other, as in relating two clients."""
    positional = [
        f"{where(path, function)} {function.name}"
        for path in action_modules()
        for function in actions(path)
        if len(function.args.posonlyargs + function.args.args) > 2
    ]
    assert positional == []


# --- Models --------------------------------------------------------------------------------------

OUR_MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]


def test_saving_has_no_side_effects():
    overridden = [
        f"{model._meta.label}.{method}"
        for model in OUR_MODELS
        for method in ("save", "delete")
        if method in vars(model)
    ]
    assert overridden == []


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_the_key_is_made_before_saving_and_cannot_be_guessed(model: type[models.Model]):
    key = model._meta.pk
    assert (type(key).__name__, getattr(key.default, "__name__", None)) == ("UUIDField", "uuid7")


# How sending itself is doing: the installation's, without a word about anybody.
OF_NO_CLINIC = {"DomainRate", "Heartbeat", "MailCircuit"}
OF_ITS_CLINIC = [
    model for model in OUR_MODELS if model._meta.app_label == "counseling" and model.__name__ not in OF_NO_CLINIC
]

# Reached only through the row they belong to, and seen by whoever sees that.
PARTS = {"ApiToken", "Clinic", "DeliveryEvent", "FindingEvent", "PlanStep", "ProviderNotice"}


@pytest.mark.parametrize("model", OF_ITS_CLINIC, ids=lambda model: model._meta.label)
def test_every_row_belongs_to_one_clinic(model: type[models.Model]):
    assert hasattr(model, "clinic_id")


@pytest.mark.parametrize("model", OF_ITS_CLINIC, ids=lambda model: model._meta.label)
def test_every_row_knows_who_may_see_it(model: type[models.Model]):
    assert hasattr(model._default_manager, "visible_to") is (model.__name__ not in PARTS)


DATA_CLASSES = {"public", "personal", "clinical", "secret"}


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_every_field_is_classified_once(model: type[models.Model]):
    text = (ROOT / "docs" / "reference" / "data.md").read_text()
    _, _, section = text.partition(f"## `{model._meta.label}`\n")
    lines = dict(line[2:].split(": ", 1) for line in section.split("\n\n")[0].splitlines())
    classified = [name for names in lines.values() for name in names.split(", ")]
    assert set(lines) <= DATA_CLASSES
    assert sorted(classified) == sorted(field.name for field in model._meta.concrete_fields)


def test_who_and_when_are_set_together():
    """Where both `x_by` and `x_at` may be empty, the database keeps them in step."""
    loose = []
    for model in OUR_MODELS:
        checks = (item for item in model._meta.constraints if isinstance(item, models.CheckConstraint))
        tied = [columns_in(check.condition) for check in checks]
        optional = {field.name for field in model._meta.concrete_fields if field.null}
        pairs = ({name, f"{name.removesuffix('_by')}_at"} for name in optional if name.endswith("_by"))
        loose += [(model._meta.label, pair) for pair in pairs if pair <= optional and not any(pair <= t for t in tied)]
    assert loose == []


def columns_in(condition: object) -> set[str]:
    """The columns that a check constraint's condition speaks of."""
    if isinstance(condition, models.Q):
        return set().union(*map(columns_in, condition.children))
    lookup, _ = condition
    return {lookup.split("__")[0]}

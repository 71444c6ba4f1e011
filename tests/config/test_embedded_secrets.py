from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from config import embedded_secrets
from config.embedded_secrets import load_or_create
from counseling.conf import key_ring


def test_the_first_start_makes_them_and_the_next_ones_read_them(tmp_path: Path):
    path = tmp_path / "var" / "secrets.json"
    made = load_or_create(path)
    assert load_or_create(path) == made


def test_only_the_owner_may_read_them_whatever_the_umask(tmp_path: Path):
    before = os.umask(0)
    try:
        load_or_create(tmp_path / "secrets.json")
    finally:
        os.umask(before)
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_they_are_keys_as_the_app_expects_them(tmp_path: Path):
    made = load_or_create(tmp_path / "secrets.json")
    fields, tokens = key_ring(tuple(made["field_keys"])), key_ring(tuple(made["token_keys"]))
    index = key_ring((f"index:{made['index_key']}",))
    keys = [*fields.values(), *tokens.values(), *index.values()]
    assert [len(key) for key in keys] == [32, 32, 32]
    assert len(set(keys)) == 3


def test_two_starts_at_the_same_moment_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "secrets.json"
    generate = embedded_secrets._generate

    def generate_while_another_process_finishes() -> embedded_secrets.Secrets:
        path.write_text(json.dumps({**generate(), "secret_key": "the other process was first"}))
        return generate()

    monkeypatch.setattr(embedded_secrets, "_generate", generate_while_another_process_finishes)
    assert load_or_create(path)["secret_key"] == "the other process was first"
    assert [found.name for found in tmp_path.iterdir()] == ["secrets.json"]

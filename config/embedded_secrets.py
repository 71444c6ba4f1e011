"""The secrets of an embedded installation: made on its first start, kept in one file only its owner can read."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TypedDict


class Secrets(TypedDict):
    """Key entries are written ``"id:base64 of 32 bytes"``, newest first, as `counseling.conf` reads them."""

    secret_key: str
    field_keys: list[str]
    token_keys: list[str]
    index_key: str


def load_or_create(path: Path) -> Secrets:
    """Read the file, making it first when there is none.

    Safe when web server and worker start at the same moment: the first to link its finished draft wins and both read
    that one. A lost file is not replaced quietly in any harmful way: what the old keys encrypted no longer opens.
    """
    if not path.exists():
        _create(path)
    found: Secrets = json.loads(path.read_text(encoding="utf-8"))
    return found


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(json.dumps(_generate(), indent=2), encoding="utf-8")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        draft.unlink()


def _generate() -> Secrets:
    return {
        "secret_key": secrets.token_urlsafe(64),
        "field_keys": [f"1:{_random_key()}"],
        "token_keys": [f"1:{_random_key()}"],
        "index_key": _random_key(),
    }


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()

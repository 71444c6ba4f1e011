from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.exceptions import KeyMissing, LinkUnusable
from counseling.tokens import (
    link_token,
    matches,
    read_stop_token,
    short_ref,
    stop_token,
    token_digest,
)

KEYS = {"k2": b"2" * 32, "k1": b"1" * 32}
FOLLOW_UP = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
NONCE = "5b3f0f6f3a9f4b0c8d1e2f3a4b5c6d7e"


def token(**changes: Any) -> str:
    values: dict[str, Any] = {"keys": KEYS, "key_id": "k2", "follow_up": FOLLOW_UP, "nonce": NONCE} | changes
    return link_token(values.pop("keys"), values.pop("key_id"), **values)


def test_the_derivation_by_hand():
    parts = (b"counseling: link to one form", FOLLOW_UP.bytes, NONCE.encode())
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    expected = hmac.new(b"2" * 32, message, hashlib.sha256).digest()
    assert urlsafe_b64decode(token() + "=") == expected


def test_a_retry_writes_the_same_link():
    assert token() == token()


@pytest.mark.parametrize("changes", [{"key_id": "k1"}, {"follow_up": UUID(int=7)}, {"nonce": NONCE[::-1]}])
def test_any_other_input_gives_another_link(changes):
    assert token(**changes) != token()


def test_a_link_is_43_characters_safe_in_an_address():
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token())


def test_a_missing_key_is_named_and_never_replaced():
    with pytest.raises(KeyMissing, match="link key 'k9' is not among the configured ones"):
        token(key_id="k9")


def test_the_stored_digest():
    assert token_digest(token()) == hashlib.sha256(token().encode()).hexdigest()


def test_only_the_token_itself_matches_its_digest():
    digest = token_digest(token())
    assert matches(token(), digest) is True
    assert matches(token(key_id="k1"), digest) is False
    assert matches(digest, digest) is False


def test_the_clean_address_names_the_form_and_does_not_open_it():
    digest = token_digest(token())
    ref = short_ref(digest)
    assert re.fullmatch(r"[A-Za-z0-9_-]{16}", ref)
    assert ref not in (token()[:16], digest[:16])
    assert matches(ref, digest) is False
    assert short_ref(token_digest(token(key_id="k1"))) != ref


def test_a_stop_link_reads_back():
    signed = stop_token(KEYS, about=FOLLOW_UP)
    assert re.fullmatch(r"[A-Za-z0-9_-]{64}", signed)
    assert read_stop_token(KEYS, signed) == FOLLOW_UP


def test_a_stop_link_outlives_a_rotation_and_dies_with_its_key():
    signed = stop_token({"k1": KEYS["k1"]}, about=FOLLOW_UP)
    assert read_stop_token(KEYS, signed) == FOLLOW_UP
    with pytest.raises(LinkUnusable):
        read_stop_token({"k2": KEYS["k2"]}, signed)


def test_stopping_does_not_open_the_form():
    signed = stop_token(KEYS, about=FOLLOW_UP)
    assert token(nonce="") not in signed
    with pytest.raises(LinkUnusable):
        read_stop_token(KEYS, token())


def test_a_stop_link_needs_a_key():
    with pytest.raises(KeyMissing, match="no key to sign a stop link"):
        stop_token({}, about=FOLLOW_UP)


@given(st.text(max_size=80))
def test_guesses_are_refused(guess):
    with pytest.raises(LinkUnusable):
        read_stop_token(KEYS, guess)


@given(position=st.integers(0, 63), letter=st.sampled_from("Aa0_-= é"))
def test_a_changed_stop_link_is_refused(position, letter):
    signed = stop_token(KEYS, about=FOLLOW_UP)
    changed = signed[:position] + letter + signed[position + 1 :]
    if changed != signed:
        with pytest.raises(LinkUnusable):
            read_stop_token(KEYS, changed)

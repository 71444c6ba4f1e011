from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.conf import conf
from counseling.encryption import blind_index, decrypt, encrypt, key_id_of
from counseling.exceptions import CiphertextInvalid, KeyMissing

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()


def use_keys(settings, *entries):
    settings.COUNSELING = {**settings.COUNSELING, "FIELD_KEYS": list(entries)}


@given(st.text())
def test_opens_what_it_sealed(plaintext):
    assert decrypt(encrypt(plaintext, place="a.b.1.c"), place="a.b.1.c") == plaintext


def test_sealing_twice_gives_different_values():
    assert encrypt("same", place="p") != encrypt("same", place="p")


@pytest.mark.parametrize("elsewhere", ["a.b.2.c", "a.b.1.d", "a.x.1.c"])
def test_a_value_moved_elsewhere_does_not_open(elsewhere):
    with pytest.raises(CiphertextInvalid, match=elsewhere):
        decrypt(encrypt("secret", place="a.b.1.c"), place=elsewhere)


def test_an_altered_value_does_not_open():
    sealed = encrypt("secret", place="p")
    altered = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with pytest.raises(CiphertextInvalid):
        decrypt(altered, place="p")


@pytest.mark.parametrize("stored", ["secret", "v1:test:***", "v1:test:"])
def test_what_was_never_sealed_is_refused_rather_than_returned(stored):
    with pytest.raises(CiphertextInvalid):
        decrypt(stored, place="p")


def test_the_newest_key_seals_and_old_ones_still_open(settings):
    use_keys(settings, OLD)
    sealed = encrypt("secret", place="p")
    use_keys(settings, NEW, OLD)
    assert decrypt(sealed, place="p") == "secret"
    assert key_id_of(encrypt("secret", place="p")) == "new"


def test_a_lost_key_is_named(settings):
    use_keys(settings, OLD)
    sealed = encrypt("secret", place="p")
    use_keys(settings, NEW)
    with pytest.raises(KeyMissing, match="'old'"):
        decrypt(sealed, place="p")


def test_the_blind_index_ignores_case_and_space_and_needs_the_key(settings):
    index = blind_index(" Ana@Mail.Example ")
    assert index == blind_index("ana@mail.example")
    settings.COUNSELING = {**settings.COUNSELING, "INDEX_KEY": base64.b64encode(b"i" * 32).decode()}
    assert conf().index_key.startswith("aWlp")
    assert blind_index("ana@mail.example") != index

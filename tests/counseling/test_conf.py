from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from counseling.checks import check_settings, check_webhook_secret
from counseling.conf import conf, key_ring, keys


def change(settings, **values):
    settings.COUNSELING = {**settings.COUNSELING, **values}


def test_settings_are_read_anew_when_they_change(settings):
    change(settings, LEASE_SECONDS=5)
    assert conf().lease_seconds == 5


def test_the_shipped_settings_raise_no_message():
    assert check_settings() == []


def test_an_unknown_key_warns_and_lists_the_known_ones(settings):
    change(settings, LEASE_SECOND=5)
    [message] = check_settings()
    assert message.id == "counseling.W001"
    assert "LEASE_SECOND'" in message.msg
    assert "LEASE_SECONDS" in message.hint


@pytest.mark.parametrize("missing", ["FIELD_KEYS", "TOKEN_KEYS", "INDEX_KEY"])
def test_a_missing_secret_is_an_error(settings, missing):
    change(settings, **{missing: ()})
    assert [message.id for message in check_settings()] == ["counseling.E001"]
    with pytest.raises(ImproperlyConfigured):
        keys()


@pytest.mark.parametrize("entry", ["abc", "1:c2hvcnQ=", ":QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=", "1:***"])
def test_a_malformed_key_is_named_by_position_and_never_shown(entry):
    with pytest.raises(ImproperlyConfigured, match="key number 1") as error:
        key_ring((entry,))
    assert entry.partition(":")[2][:6] not in str(error.value) or not entry.partition(":")[2]


def test_the_same_id_twice_is_refused():
    entry = "1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
    with pytest.raises(ImproperlyConfigured, match="key number 2"):
        key_ring((entry, entry))


def test_key_material_is_not_shown():
    assert "0123456789" not in repr(keys())


def test_where_anymail_is_installed_its_webhooks_need_a_secret(settings, monkeypatch):
    assert check_webhook_secret() == []
    monkeypatch.setattr(apps, "is_installed", lambda name: name == "anymail")
    assert [message.id for message in check_webhook_secret()] == ["counseling.E002"]
    settings.ANYMAIL = {"WEBHOOK_SECRET": "provider:secret"}
    assert check_webhook_secret() == []
    settings.ANYMAIL, settings.ANYMAIL_WEBHOOK_SECRET = {}, ["provider:secret"]
    assert check_webhook_secret() == []

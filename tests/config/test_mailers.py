from __future__ import annotations

import django
import pytest
from django.core import mail

from config.mailers import SMTP, mail_settings, options_from_url


def test_from_django_6_1_on_a_mailer_is_configured(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(django, "VERSION", (6, 1, 3, "final", 0))
    assert mail_settings(host="mail.example", port=587, use_tls=True) == {
        "MAILERS": {
            "default": {"BACKEND": SMTP, "OPTIONS": {"host": "mail.example", "port": 587, "use_tls": True}},
        }
    }


@pytest.mark.parametrize("version", [(5, 2, 19, "final", 0), (6, 0, 10, "final", 0)])
def test_before_that_the_older_settings_say_the_same(monkeypatch: pytest.MonkeyPatch, version: tuple[object, ...]):
    monkeypatch.setattr(django, "VERSION", version)
    assert mail_settings(host="mail.example", port=587, use_tls=True) == {
        "EMAIL_BACKEND": SMTP,
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": 587,
        "EMAIL_USE_TLS": True,
    }


@pytest.mark.parametrize(
    ("url", "options"),
    [
        (
            "submission://clinic:p%40ss@mail.example",
            {"host": "mail.example", "port": 587, "username": "clinic", "password": "p@ss", "use_tls": True},
        ),
        ("smtps://mail.example", {"host": "mail.example", "port": 465, "use_ssl": True}),
        ("smtp://mail.example:2525", {"host": "mail.example", "port": 2525}),
    ],
)
def test_an_address_gives_the_options(url: str, options: dict[str, object]):
    assert options_from_url(url) == {"timeout": 30} | options


def test_the_tests_mail_stays_here():
    mail.EmailMessage("Subject", "Body", to=["somebody@elsewhere.example"]).send()
    assert [message.to for message in mail.outbox] == [["somebody@elsewhere.example"]]

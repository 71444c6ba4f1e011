from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver

from config.webhooks import webhook_urls
from tests.config.production import COMPLETE, run_production

SECRET = "provider:0123456789abcdefghij"
POSTMARK = {
    "EMAIL_URL": "anymail://postmark",
    "ANYMAIL_WEBHOOK_SECRET": SECRET,
    "ANYMAIL_POSTMARK_SERVER_TOKEN": "token",
}


def addresses(entries: list[URLResolver | URLPattern]) -> list[str]:
    return [f"{entry.pattern}{inner.pattern}" for entry in entries for inner in entry.url_patterns]


@pytest.fixture
def installed(monkeypatch):
    monkeypatch.setattr(apps, "is_installed", lambda name: name == "anymail")


def test_the_provider_in_use_has_one_address_and_no_other_has_any(installed, settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}
    assert addresses(webhook_urls()) == ["anymail/postmark/tracking/"]


@pytest.mark.parametrize(
    ("provider", "anymail"), [("", {"WEBHOOK_SECRET": SECRET}), ("postmark", {}), ("postmark", {"WEBHOOK_SECRET": ""})]
)
def test_without_a_provider_or_a_secret_there_is_none(installed, settings, provider, anymail):
    settings.MAIL_PROVIDER, settings.ANYMAIL = provider, anymail
    assert webhook_urls() == []


def test_without_anymail_there_is_none(settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}
    assert webhook_urls() == []


LOOK = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.urls import Resolver404, resolve
from anymail.signals import tracking
from counseling.transport.mailers import _default_backend

def opens(address):
    try:
        return bool(resolve(address))
    except Resolver404:
        return False

print(json.dumps({
    "listens": tracking.has_listeners(),
    "provider": settings.MAIL_PROVIDER,
    "backend": type(_default_backend()).__module__,
    "tracking": opens("/anymail/postmark/tracking/"),
    "inbound": opens("/anymail/postmark/inbound/"),
    "another": opens("/anymail/mailgun/tracking/"),
}))
"""


def test_production_with_a_provider_sends_through_it_and_listens_to_it():
    done = run_production("-c", LOOK, **COMPLETE | POSTMARK)
    assert done.stderr == ""
    assert json.loads(done.stdout) == {
        "listens": True,
        "provider": "postmark",
        "backend": "anymail.backends.postmark",
        "tracking": True,
        "inbound": False,
        "another": False,
    }


def test_production_over_smtp_may_still_listen_to_a_provider():
    provider = {
        "MAIL_PROVIDER": "mailgun",
        "ANYMAIL_WEBHOOK_SECRET": SECRET,
        "ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": "k",
    }
    done = run_production("-c", LOOK, **COMPLETE | provider)
    found = json.loads(done.stdout)
    assert (found["listens"], found["another"], found["tracking"]) == (True, True, False)
    assert found["backend"] == "django.core.mail.backends.smtp"


def test_djangos_deployment_check_finds_nothing_with_a_provider():
    done = run_production("manage.py", "check", "--deploy", "--fail-level", "DEBUG", **COMPLETE | POSTMARK)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (1 silenced).\n"), done.stderr


WITHOUT = """
import sys
sys.modules["anymail"] = None
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
from counseling.transport import open_transport
open_transport()
print([name for name in sys.modules if name.startswith("anymail.")])
"""


def test_everything_starts_without_anymail():
    done = run_production("-c", WITHOUT, **COMPLETE)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    ("variables", "fault"),
    [
        ({"EMAIL_URL": "anymail://nobody"}, "EMAIL_URL: Must be a provider's name as django-anymail writes it"),
        ({"MAIL_PROVIDER": "../x"}, "MAIL_PROVIDER: Must be a provider's name as django-anymail writes it"),
        ({"EMAIL_URL": "anymail://postmark"}, "ANYMAIL_WEBHOOK_SECRET: Environment variable"),
        (
            {"EMAIL_URL": "anymail://postmark", "ANYMAIL_WEBHOOK_SECRET": "hunter2"},
            "ANYMAIL_WEBHOOK_SECRET: Must be user:password, the password of at least 20 characters.",
        ),
    ],
)
def test_a_provider_that_is_set_up_by_half_keeps_production_from_starting(variables, fault):
    done = run_production("-c", "from django.conf import settings; settings.DEBUG", **COMPLETE | variables)
    assert (done.returncode, fault in done.stderr, "hunter2" in done.stderr) == (1, True, False)

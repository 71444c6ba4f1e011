from __future__ import annotations

import json
from typing import Any

import pytest

from tests.config.production import COMPLETE, KEY, run_production

PRINT_SETTINGS = """
import json
from django.conf import settings
names = {names!r}
print(json.dumps({{name: getattr(settings, name, None) for name in names}}))
"""


def settings_of(*names: str, **variables: str) -> dict[str, Any]:
    done = run_production("-c", PRINT_SETTINGS.format(names=names), **COMPLETE | variables)
    assert done.stderr == ""
    values: dict[str, Any] = json.loads(done.stdout)
    return values


def faults_of(**variables: str) -> list[str]:
    """The lines after "Production cannot start": one per variable."""
    done = run_production("-c", "from django.conf import settings; settings.DEBUG", **variables)
    assert done.returncode == 1
    return done.stderr.partition("Production cannot start. Set these variables:\n")[2].splitlines()


def test_it_refuses_to_start_and_names_all_that_is_missing_at_once():
    assert [line.split(":")[0].strip() for line in faults_of()] == sorted(COMPLETE)


def test_it_says_what_is_wrong_without_repeating_any_value():
    wrong = {
        "SECRET_KEY": "hunter2",
        "ALLOWED_HOSTS": "",
        "PUBLIC_URL": "http://clinic.example",
        "DATABASE_URL": "sqlite:///hunter2.sqlite3",
        "REDIS_URL": "memory://hunter2",
        "EMAIL_URL": "console://hunter2",
        "DEFAULT_FROM_EMAIL": "",
        "FIELD_KEYS": f"1:hunter2,1:{KEY}",
        "TOKEN_KEYS": "",
        "INDEX_KEY": "hunter2",
    }
    faults = faults_of(**wrong)
    assert faults == [
        "  ALLOWED_HOSTS: Must not be empty.",
        "  DATABASE_URL: Must be a postgresql:// address.",
        "  DEFAULT_FROM_EMAIL: Must not be empty.",
        "  EMAIL_URL: Must be a submission://, smtps://, smtp:// or anymail:// address.",
        "  FIELD_KEYS: Must be 'id:base64 of 32 bytes' entries, each id once, newest first.",
        "  INDEX_KEY: Must be base64 of 32 bytes.",
        "  PUBLIC_URL: Must be an https:// address without a path.",
        "  REDIS_URL: Must be a redis:// or rediss:// address.",
        "  SECRET_KEY: Must have at least 50 characters.",
        "  TOKEN_KEYS: Must not be empty.",
    ]


def test_djangos_deployment_check_finds_nothing():
    done = run_production("manage.py", "check", "--deploy", "--fail-level", "DEBUG", **COMPLETE)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (1 silenced).\n"), done.stderr


EXPECTED = {
    "DEBUG": False,
    "REQUIRE_MFA": True,
    "ROOT_URLCONF": "config.urls",
    "SECURE_SSL_REDIRECT": True,
    "SECURE_PROXY_SSL_HEADER": None,
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_AGE": 15 * 60,
    "CSRF_COOKIE_SECURE": True,
}


def test_everything_is_https_only_and_a_second_factor_is_required():
    assert settings_of(*EXPECTED) == EXPECTED


def test_a_proxys_word_is_taken_where_one_is_declared_and_the_database_is_pooled():
    url = "postgres://clinic@database.invalid/clinic?sslmode=require"
    variables = {"TRUSTED_PROXY_COUNT": "1", "DATABASE_URL": url, "DB_POOL_SIZE": "3"}
    found = settings_of("SECURE_PROXY_SSL_HEADER", "DATABASES", **variables)
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    [database] = found["DATABASES"].values()
    assert database["OPTIONS"] == {"sslmode": "require", "pool": {"min_size": 1, "max_size": 3, "timeout": 10}}
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (0, True)


@pytest.mark.parametrize("name", ["FIELD_KEYS", "TOKEN_KEYS"])
def test_a_key_is_never_used_under_two_ids_by_mistake(name: str):
    [fault] = faults_of(**COMPLETE | {name: f"1:{KEY},1:{KEY}"})
    assert fault.startswith(f"  {name}: ")

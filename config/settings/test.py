"""Fast and closed: in-memory SQLite unless ``DATABASE_URL`` names another database, no mail leaves, keys are fixed."""

import os
from typing import Any

from environs import Env

from config import logs, mailers
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR

env = Env()

SECRET_KEY = "test"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PUBLIC_URL = "https://clinic.example"

_IN_MEMORY = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": ":memory:",
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
}
DATABASES: dict[str, Any] = {"default": env.dj_db_url("DATABASE_URL") if "DATABASE_URL" in os.environ else _IN_MEMORY}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = "memory://localhost/"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = False
WHITENOISE_USE_FINDERS = False

DEFAULT_FROM_EMAIL = "clinic@clinic.example"
globals().update(mailers.mail_settings("django.core.mail.backends.locmem.EmailBackend"))

MAILBOX_DIR = BASE_DIR / "var" / "mail"  # the tests of the mailbox use a folder of their own

LOGGING = logs.configure(json=False, level="CRITICAL")

_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="  # the 32 characters 0123456789abcdef, twice
COUNSELING = {
    "FIELD_KEYS": [f"test:{_KEY}"],
    "TOKEN_KEYS": [f"test:{_KEY}"],
    "INDEX_KEY": _KEY,
    "PUBLIC_URL": PUBLIC_URL,
    "FROM_EMAIL": "follow-up@clinic.example",
}

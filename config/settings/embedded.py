"""A whole clinic on one laptop: SQLite, one worker, mail kept in a local mailbox; every file under ``var/``.

Serve with ``granian --interface wsgi config.wsgi:application`` and ``python -m config.embedded_worker`` beside it
(``DJANGO_SETTINGS_MODULE=config.settings.embedded``), or let ``manage.py demo`` start both.
Environment, all optional: ``VAR_DIR``, ``PUBLIC_URL``, ``ALLOWED_HOSTS``, ``MAIL_PORT``, ``DEBUG``, ``LOG_LEVEL``.
"""

from environs import Env

from config import embedded_secrets, logs, mailers
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, INSTALLED_APPS

env = Env()

VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
PUBLIC_URL = env.str("PUBLIC_URL", "http://localhost:8000")
ROOT_URLCONF = "config.urls_embedded"
INSTALLED_APPS = [*INSTALLED_APPS, "config.demo"]

_secrets = embedded_secrets.load_or_create(VAR_DIR / "secrets.json")
SECRET_KEY = _secrets["secret_key"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "interdepend.sqlite3",
        "OPTIONS": {
            # Readers never wait for the one writer, and a writer takes its place at BEGIN instead of failing half-way.
            # `synchronous` stays FULL: a committed handoff has to survive a power cut, or its email might go out twice.
            "init_command": "PRAGMA journal_mode = WAL",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = "memory://localhost/"

WHITENOISE_USE_FINDERS = True  # served straight from the source tree, nothing to collect

MAIL_HOST = "127.0.0.1"
MAIL_PORT = env.int("MAIL_PORT", 8025)
MAILBOX_DIR = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = "clinic@localhost"
globals().update(mailers.mail_settings(host=MAIL_HOST, port=MAIL_PORT, timeout=30))

MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

LOGGING = logs.configure(json=False, level=env.str("LOG_LEVEL", "INFO"))

COUNSELING = {
    "FIELD_KEYS": _secrets["field_keys"],
    "TOKEN_KEYS": _secrets["token_keys"],
    "INDEX_KEY": _secrets["index_key"],
    "PUBLIC_URL": PUBLIC_URL,
    "FROM_EMAIL": DEFAULT_FROM_EMAIL,
    "EXPORT_GUARD": "allauth.account.decorators.reauthentication_required",
}

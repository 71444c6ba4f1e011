"""Servers: PostgreSQL and Redis, HTTPS only, every secret from the environment. Refuses to start without them.

Required: ``SECRET_KEY``, ``ALLOWED_HOSTS``, ``PUBLIC_URL`` (https), ``DATABASE_URL`` (PostgreSQL), ``REDIS_URL``,
``EMAIL_URL`` (``submission://user:password@host``, or ``anymail://postmark`` for a provider's API),
``DEFAULT_FROM_EMAIL``, ``FIELD_KEYS`` and ``TOKEN_KEYS`` (comma-separated ``id:base64 of 32 bytes``, newest first),
``INDEX_KEY`` (base64 of 32 bytes).
Optional: ``SECRET_KEY_FALLBACKS``, ``TRUSTED_PROXY_COUNT`` (proxies in front that set X-Forwarded-For and -Proto),
``DB_POOL_SIZE`` (connections per process), ``REQUIRE_MFA``, ``STATIC_ROOT``, ``LOG_LEVEL``, ``MAIL_PROVIDER`` (for
SMTP: whose webhook to open). With a provider: ``ANYMAIL_WEBHOOK_SECRET``, required, and what django-anymail asks for,
each of its settings as ``ANYMAIL_<NAME>``.

Web: ``manage.py collectstatic`` once per release, then ``granian --interface wsgi --host 0.0.0.0 --workers 2
--blocking-threads 8 config.wsgi:application``; leave granian's access log off, it would write link tokens.
Workers: ``celery -A config.celery worker``; exactly one ``celery -A config.celery beat``.
"""

import logging
import os

from environs import Env

from config import environment, logs, mailers
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, INSTALLED_APPS

# --- Environment: all of it is read before any of it is judged ---------------------------------------

env = Env(eager=False)

SECRET_KEY = env.str("SECRET_KEY", validate=environment.long_secret)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", validate=environment.given)
PUBLIC_URL = env.str("PUBLIC_URL", validate=environment.https_url)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", validate=environment.given)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
REQUIRE_MFA = env.bool("REQUIRE_MFA", True)
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")

COUNSELING = {
    "FIELD_KEYS": env.list("FIELD_KEYS", validate=environment.key_entries),
    "TOKEN_KEYS": env.list("TOKEN_KEYS", validate=environment.key_entries),
    "INDEX_KEY": env.str("INDEX_KEY", validate=environment.single_key),
    "PUBLIC_URL": PUBLIC_URL,
    "FROM_EMAIL": DEFAULT_FROM_EMAIL,
    "EXPORT_GUARD": "allauth.account.decorators.reauthentication_required",
}

_database_url = env.str("DATABASE_URL", validate=environment.postgresql_url)
_pool_size = env.int("DB_POOL_SIZE", 8)
_redis_url = env.str("REDIS_URL", validate=environment.redis_url)
_email_url = env.str("EMAIL_URL", validate=environment.mail_url)
MAIL_PROVIDER = mailers.provider_of(_email_url or "") or env.str("MAIL_PROVIDER", "", validate=environment.provider)
if MAIL_PROVIDER:
    env.str("ANYMAIL_WEBHOOK_SECRET", validate=environment.webhook_secret)
_log_level = env.log_level("LOG_LEVEL", logging.INFO)

environment.refuse_incomplete(env)

# --- Services ----------------------------------------------------------------------------------------

DEBUG = False
DATABASES = {"default": environment.pooled_database(_database_url, size=_pool_size)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _redis_url,
        "OPTIONS": {"socket_connect_timeout": 5, "socket_timeout": 5},  # silent Redis must not hold web threads
    }
}
CELERY_BROKER_URL = _redis_url
globals().update(mailers.settings_from_url(_email_url))
if MAIL_PROVIDER:
    INSTALLED_APPS = [*INSTALLED_APPS, "anymail"]
    ANYMAIL = mailers.anymail_settings(os.environ)

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LOGGING = logs.configure(json=True, level=_log_level)

# --- HTTPS -------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^sendingz$"]  # probes come from inside
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Asking browsers to preload a domain is its owner's decision and hard to take back.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

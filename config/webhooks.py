"""The one address at which the email provider tells what became of our emails; none without a provider and a secret."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path


def webhook_urls() -> list[URLResolver | URLPattern]:
    """``anymail/<provider>/tracking/`` of the provider in use; its other addresses, for receiving email, stay shut."""
    secret = getattr(settings, "ANYMAIL", {}).get("WEBHOOK_SECRET")
    if not (apps.is_installed("anymail") and settings.MAIL_PROVIDER and secret):
        return []
    from anymail.urls import urlpatterns

    name = f"{settings.MAIL_PROVIDER}_tracking_webhook"
    return [path("anymail/", include(([each for each in urlpatterns if each.name == name], "anymail")))]

"""Who opens the pages about questionnaires, and by which addresses."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client as Browser
from django.urls import reverse

from assessments.models import InstrumentVersion

AUTHOR = "author"


def is_author(user: Any) -> bool:
    """Stands in for the host project's own rule."""
    return user.username == AUTHOR


def browser_of(username: str, **facts: Any) -> Browser:
    browser = Browser()
    browser.force_login(get_user_model().objects.create(username=username, **{"is_staff": True, **facts}))
    return browser


def of_instrument(page: str, *args: object) -> str:
    return reverse(f"admin:assessments_instrument_{page}", args=args)


def of_version(version: InstrumentVersion, page: str = "change", *args: object) -> str:
    return reverse(f"admin:assessments_instrumentversion_{page}", args=[version.pk, *args])

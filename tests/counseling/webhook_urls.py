"""All of anymail's webhooks, for tests that post to them."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("anymail/", include("anymail.urls"))]

from __future__ import annotations

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class CounselingConfig(AppConfig):
    name = "counseling"
    verbose_name = _("Counseling")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from counseling import checks, receivers  # noqa: F401 - registration needs loaded apps

        if apps.is_installed("django.contrib.admin"):
            from counseling.admin import screens  # noqa: F401 - the site must exist before anything registers on it

        if apps.is_installed("anymail"):
            from anymail.signals import tracking

            from counseling.provider_events import take_event

            tracking.connect(take_event, dispatch_uid="counseling.take_provider_event")

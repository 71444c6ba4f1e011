from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounselingConfig(AppConfig):
    name = "counseling"
    verbose_name = _("Counseling")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from counseling import checks, receivers  # noqa: F401 - registration needs loaded apps

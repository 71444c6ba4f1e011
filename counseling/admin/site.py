"""The admin site whose first page is the work itself."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from counseling.admin.pages import page_urls, staff_page
from counseling.models import Case
from counseling.permissions import staff_of


class CounselingAdminSite(AdminSite):
    """Set it as ``default_site`` of the admin's configuration; the screens register on whatever site is the default.

    A host project with an admin site of its own keeps it: it then has the same screens, with the caseload under
    "Cases", and may add the pages without a model through `counseling.admin.pages.page_urls`.
    """

    site_header = _("Interdepend")
    site_title = _("Interdepend")
    index_title = _("Administration")
    site_url = None
    enable_nav_sidebar = False

    def index(  # type: ignore[override]  # a first page need not be a template's
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The caseload for those who work on cases, the clinic's overview for its admin, the app list for others."""
        from counseling.admin.overview import overview

        staff = staff_of(request.user)
        if staff is None:
            return super().index(request, extra_context)
        if staff.is_clinical:
            return staff_page(self.get_model_admin(Case).changelist_view)(request)
        return staff_page(overview)(request, staff)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [*page_urls(self), *super().get_urls()]

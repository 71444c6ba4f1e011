"""The OpenAPI document, and a page to read and try it. For staff, like everything under this address."""

from __future__ import annotations

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from counseling.api.base import StaffView


class SchemaView(StaffView, SpectacularAPIView):
    """YAML, or JSON for those who ask for it."""


class DocumentationView(StaffView, SpectacularSwaggerSplitView):
    """Its script comes from an address of its own: the page has nothing inline that a strict policy would refuse."""

    url_name = "counseling_api:schema"
    template_name = "counseling/api/docs.html"

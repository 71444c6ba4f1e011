"""The OpenAPI document, and a page to read and try it. For staff, like everything under this address."""

from __future__ import annotations

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request

from counseling.api.base import StaffView

# The style sheet of the page draws its arrows from addresses of that kind.
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"


class SchemaView(StaffView, SpectacularAPIView):
    """YAML, or JSON for those who ask for it."""

    schema = None


class DocumentationView(StaffView, SpectacularSwaggerSplitView):
    """Its script comes from an address of its own: the page has nothing inline that a strict policy would refuse."""

    schema = None
    url_name = "counseling_api:schema"
    template_name = "counseling/api/docs.html"

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        page = super().finalize_response(request, response, *args, **kwargs)
        page.headers["Content-Security-Policy"] = POLICY
        return page

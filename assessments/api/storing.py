"""What an address tells those between it and the reader about keeping its answers."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView


class UnstoredView(APIView):
    """An address whose answers nobody on the way may keep, unless an answer says otherwise itself."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

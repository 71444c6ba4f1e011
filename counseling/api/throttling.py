"""How much one person or program may ask for."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

RATES = {"counseling_read": "600/min", "counseling_write": "120/min"}


class ReadOrWriteThrottle(UserRateThrottle):
    """Reads and writes have a budget each. A host project changes them in DRF's ``DEFAULT_THROTTLE_RATES``."""

    def __init__(self) -> None:
        """The budget depends on the request: it is chosen in `allow_request`."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.scope = "counseling_read" if request.method in SAFE_METHODS else "counseling_write"
        rate: Any = api_settings.DEFAULT_THROTTLE_RATES.get(self.scope, RATES[self.scope])
        self.rate = rate
        self.num_requests, self.duration = self.parse_rate(rate)
        return super().allow_request(request, view)

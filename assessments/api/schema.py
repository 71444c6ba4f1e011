"""How an operation can fail, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class ProblemSerializer(serializers.Serializer[Any]):
    """A place, as a path into what was sent, and what it is about."""

    path = serializers.CharField()
    message = serializers.CharField()


class RefusalSerializer(serializers.Serializer[Any]):
    """``problems`` is there when a questionnaire was refused, ``fields`` when a parameter was."""

    code = serializers.CharField()
    detail = serializers.CharField()
    problems = ProblemSerializer(many=True, required=False)
    fields = serializers.DictField(required=False)  # type: ignore[assignment]


ERRORS = {
    code: OpenApiResponse(RefusalSerializer, phrase)
    for code, phrase in (
        (400, "Bad Request"),
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (415, "Unsupported Media Type"),
        (429, "Too Many Requests"),
    )
}

"""The one mapping from errors to answers. Every error has a ``code`` for programs and a ``detail`` for people."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from counseling.exceptions import CounselingError

SERVER_ERROR = 500


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an expected error; None for the others, which surface as server errors and are logged."""
    if isinstance(error, CounselingError):
        return _answer_situation(error)
    if isinstance(error, Http404):
        error = NotFound()  # the same words, whatever was looked for
    response = exception_handler(error, context)
    if response is not None:
        response.data = _invalid_body(error) if isinstance(error, ValidationError) else _plain_body(response.data)
    return response


def _answer_situation(error: CounselingError) -> Response | None:
    if error.http_status >= SERVER_ERROR:
        return None
    return Response({"code": _code_of(error), "detail": str(error)}, status=error.http_status)


def _code_of(error: CounselingError) -> str:
    """``StaleState`` → ``stale_state``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()


def _invalid_body(error: ValidationError) -> dict[str, Any]:
    fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
    return {"code": "invalid_input", "detail": "Some values cannot be used.", "fields": fields}


def _plain_body(data: dict[str, Any]) -> dict[str, Any]:
    detail = data["detail"]
    return {"code": detail.code if isinstance(detail, ErrorDetail) else "error", "detail": detail}

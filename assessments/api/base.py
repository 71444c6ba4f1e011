"""What every address shares: staff come in the way the host project's REST framework says, and errors look alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import IO, Any

from django.http import Http404
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from assessments.api.storing import UnstoredView
from assessments.exceptions import InvalidDefinition
from assessments.fhir.files import MOST_BYTES
from assessments.permissions import may_author, may_read


class MayReadOrAuthor(BasePermission):
    """Staff read; those who may write questionnaires (``ASSESSMENTS["MAY_AUTHOR"]``) send them."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may_read(request.user) if request.method in {"GET", "HEAD"} else may_author(request.user)


class JsonBytes(BaseParser):
    """The body as it came, no more of it than is needed to see that it is too much: the limits are ``parse_json``'s."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream.read(MOST_BYTES + 1)


class FhirJsonBytes(JsonBytes):
    media_type = "application/fhir+json"


class QuestionnaireView(UnstoredView):
    permission_classes = (MayReadOrAuthor,)
    parser_classes = (JsonBytes, FhirJsonBytes)
    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer,)
    metadata_class = None
    http_method_names = ("get", "head", "post")

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return answer_error


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """A ``code`` for programs, a ``detail`` for people, and what is wrong where; None for what nobody expected."""
    if isinstance(error, InvalidDefinition):
        problems = [problem._asdict() for problem in error.problems]
        detail = "The questionnaire cannot be asked faithfully."
        return Response({"code": "unreadable_questionnaire", "detail": detail, "problems": problems}, status=400)
    response = exception_handler(NotFound() if isinstance(error, Http404) else error, context)
    if response is not None:
        response.data = _body(error, response.data)
    return response


def _body(error: Exception, data: Any) -> dict[str, Any]:
    if isinstance(error, ValidationError):
        return {"code": "invalid_input", "detail": "Some values cannot be used.", "fields": data}
    detail = data["detail"]
    return {"code": detail.code if isinstance(detail, ErrorDetail) else "error", "detail": detail}

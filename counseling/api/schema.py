"""What the OpenAPI document says about every operation alike: who may call it, and how it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class StaffSessionScheme(SessionScheme):  # type: ignore[no-untyped-call]
    target_class = "counseling.api.authentication.StaffSessionAuthentication"


class ErrorSerializer(serializers.Serializer[Any]):
    """`fields` is there when values were refused: for each, what is wrong with it."""

    code = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField(required=False)  # type: ignore[assignment]


class ApiSchema(AutoSchema):
    """Adds the shared error answers to what the view itself declares."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            error = self.resolve_serializer(ErrorSerializer, "response").ref
            for status in self._failures():
                answer = {"description": status.phrase, "content": {"application/json": {"schema": error}}}
                operation["responses"].setdefault(str(status.value), answer)
        return operation

    def get_operation_id(self) -> str:
        """`cases_hold` and not `cases_hold_create`, which is what every POST is to the library."""
        name: str = super().get_operation_id()
        return name if getattr(self.view, "action", "") == "create" else name.removesuffix("_create")

    def _failures(self) -> Iterator[HTTPStatus]:
        writes, on_one_row = self.method != "GET", "{id}" in self.path
        if writes or not on_one_row:
            yield HTTPStatus.BAD_REQUEST
        yield HTTPStatus.UNAUTHORIZED
        yield HTTPStatus.FORBIDDEN
        if on_one_row or not writes:
            yield HTTPStatus.NOT_FOUND
        if writes:
            yield HTTPStatus.CONFLICT
        yield HTTPStatus.TOO_MANY_REQUESTS

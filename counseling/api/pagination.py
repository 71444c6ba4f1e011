"""Lists are read in pages by key, so that the thousandth page costs what the first did."""

from __future__ import annotations

from uuid import UUID

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class KeysetPagination(CursorPagination):
    """Newest first by UUIDv7. A cursor is an address, not a secret: it can only ask for what may be seen anyway."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not _is_key(cursor.position):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def _is_key(position: object) -> bool:
    try:
        UUID(str(position))
    except ValueError:
        return False
    return True

"""The API's two gates: only staff come in, and only a role that holds the view's permission goes on."""

from __future__ import annotations

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from counseling.permissions import allows, staff_of


class StaffOnly(BasePermission):
    """Nobody on the staff answers 401; a role without the view's ``permission`` answers 403, whatever the address.

    Which rows are within reach is decided by the view's queryset: the rest answers 404.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        staff = staff_of(request.user)
        permission = getattr(view, "permission", None)
        return staff is not None and (permission is None or allows(staff, permission))

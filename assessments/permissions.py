"""Who may write questionnaires. What a host project knows about its people decides (``ASSESSMENTS["MAY_AUTHOR"]``)."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from assessments.conf import conf

MODEL_PERMISSIONS = ("assessments.add_instrumentversion", "assessments.change_instrumentversion")


def may_read(user: Any) -> bool:
    """Every active member of staff: what is asked and how it is scored says nothing about anybody."""
    return bool(user.is_active and user.is_staff)


def may_author(user: Any) -> bool:
    """Whether this member of staff may add, edit, publish, retire and discard questionnaires."""
    return may_read(user) and bool(import_string(conf().may_author)(user))


def holds_model_permissions(user: Any) -> bool:
    """The default: Django's own permissions to add and to change versions."""
    return bool(user.has_perms(MODEL_PERMISSIONS))

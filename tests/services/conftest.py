from __future__ import annotations

from tests.stack import django_db_modify_db_settings, sink, stack

__all__ = ["django_db_modify_db_settings", "sink", "stack"]

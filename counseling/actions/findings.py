from __future__ import annotations

from datetime import datetime

from counseling.actions.base import action
from counseling.models import Case


@action
def evaluate_case(case: Case, *, now: datetime) -> None:
    """Look at the case's patterns again."""

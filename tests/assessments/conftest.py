from __future__ import annotations

import pytest

from assessments.scoring import compile_definition


@pytest.fixture(autouse=True)
def _compiled_anew():
    """What another test left compiled would hide a fault in the compiling, and every mutant of it."""
    compile_definition.cache_clear()

"""What the browser sends for one question, or would send for a stored answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

DECLINED = "declined"
"""What the browser sends for "does not apply / prefer not to say": a choice of its own, never a missing answer."""


OWN_WORDS = "own"
"""What the browser sends for "another answer", the one radio button that lets go of all others."""


class Written(str):
    """A text sent beside answers to choose from: what somebody said in their own words, whatever it looks like."""

    __slots__ = ()


class Sent(NamedTuple):
    """The texts in a question's inputs, and whether declining was chosen.

    Not ``present`` is a question that the page did not even hold: what is saved of it stays.
    """

    values: tuple[str, ...] = ()
    declined: bool = False
    present: bool = True

    @property
    def is_empty(self) -> bool:
        return not self.declined and not any(self.values)


def texts_sent(data: Mapping[str, Any], name: str) -> list[str]:
    """Every text sent under a name, without the blanks around it."""
    found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    listed = found if isinstance(found, list | tuple) else [found]
    return [str(text).replace("\x00", "").strip() for text in listed]


def own_words_name(name: str) -> str:
    """The box for an answer that is not among those listed."""
    return f"{name}-own"


def declining_name(name: str) -> str:
    """The checkbox beside an input. Item ids have no hyphen, so that no question is called that."""
    return f"{name}-{DECLINED}"

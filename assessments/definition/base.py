"""What every part of a definition is made of: strict frozen models, ids, texts in several languages, codes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

FALLBACK_LANGUAGE = "en"

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-([A-Z]{2}|[A-Z][a-z]{3}))?$", max_length=8)]
"""A language as in "en", "pt-BR" or "zh-Hans" (BCP 47)."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line ends, and the marks that turn the order of what follows them. The two marks that
only have a direction themselves (U+200E, U+200F) stay: Arabic and Hebrew are written with them."""


def unprintable(text: str) -> str | None:
    """What is wrong with the first character that a page must not show; None where there is none."""
    found = _UNPRINTABLE.search(text)
    return f"has the character U+{ord(found[0]):04X}, which cannot be shown; remove it" if found else None


def _printable(text: str) -> str:
    if fault := unprintable(text):
        raise PydanticCustomError("unprintable", "{fault}", {"fault": fault})
    return text


Wording = Annotated[str, StringConstraints(min_length=1, max_length=5000), AfterValidator(_printable)]
ShortWording = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_printable)]
Texts = Annotated[dict[Language, Wording], Field(min_length=1)]
"""One text, by language."""
LARGEST = 10**9
"""Of every number that an author writes: more is a slip, and what is computed from it stays exact."""
Whole = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Positive = Annotated[float, Field(gt=0, le=LARGEST)]
Answer = int | float | str | Sequence[int | str] | None
"""A number, a text, an ISO date, what was chosen in a multiple choice, or None where the person declined."""
Answers = Mapping[str, Answer]


class Strict(BaseModel):
    """Frozen, no unknown fields, no silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed copy, checked like any other: pydantic's own keeps caches and skips the rules."""
        return type(self)(**{**dict(self), **(update or {})})


class Coding(Strict):
    """A concept by its code in a coding system, such as LOINC: how other programs know it."""

    system: ShortWording | None = None
    code: ShortWording
    display: Wording | None = None


def text_for(texts: Mapping[str, str], language: str) -> str:
    """The wording in this language ("es", "es-MX"), else in English, else in the first one there is."""
    return texts[choose_language(texts, language)]


def choose_language(languages: Iterable[str], wanted: str) -> str:
    """The best of these languages: the one wanted, its language without a region, English, else the first."""
    there = {language.lower(): language for language in languages}
    asked = wanted.lower().replace("_", "-")
    tries = (asked, asked.split("-")[0], FALLBACK_LANGUAGE)
    return next((there[language] for language in tries if language in there), next(iter(there.values())))

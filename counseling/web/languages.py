"""Which languages a form can be read in, and which one its client reads."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import get_language_info

from assessments.definition import Definition
from counseling.enums import Language
from counseling.models import FollowUp


def offered_languages(definition: Definition) -> tuple[str, ...]:
    """The questionnaire's languages that the pages around it have too."""
    return tuple(language for language in definition.languages if language in Language.values)


def chosen_language(sent: QueryDict, follow_up: FollowUp) -> str:
    """The language asked for, empty when none is or it is not offered."""
    language = sent.get("language", "")
    return language if language in offered_languages(follow_up.version.definition) else ""


def spoken_language(follow_up: FollowUp, query: QueryDict) -> str:
    """The draft's language; before there is one, the one asked for, else the client's own.

    A questionnaire may be in a language that the pages around it are not: then they are in the client's.
    """
    if follow_up.response is not None and follow_up.response.language in Language.values:
        return follow_up.response.language
    return chosen_language(query, follow_up) or follow_up.client.language


def other_languages(definition: Definition, spoken: str) -> list[tuple[str, str]]:
    """Code and own name of the languages one could switch to."""
    return [
        (code, get_language_info(code)["name_local"].capitalize())
        for code in offered_languages(definition)
        if code != spoken
    ]

from __future__ import annotations

import pytest

from assessments.enums import OtherRole
from assessments.terms import fill, other_term


@pytest.mark.parametrize("role", OtherRole.values)
@pytest.mark.parametrize(("language", "mine"), [("en", ("my ", "this ")), ("es", ("mi ", "esta "))])
def test_every_role_has_a_term_in_every_language(role, language, mine):
    assert other_term(role, language).startswith(mine)


def test_a_term_is_found_by_language_or_in_english():
    terms = [other_term(OtherRole.MOTHER, language) for language in ("en", "es", "es-mx", "fr")]
    assert terms == ["my mother", "mi madre", "mi madre", "my mother"]


@pytest.mark.parametrize(
    ("wording", "term", "filled"),
    [
        ("I cover for {other}.", "my brother", "I cover for my brother."),
        ("{Other} covers for me.", "my brother", "My brother covers for me."),
        ("I leave {other}'s work to {other}.", "my friend", "I leave my friend's work to my friend."),
        ("Could {your_other} see this?", "my mother", "Could your mother see this?"),
        ("Could {your_other} see this?", "this person", "Could this person see this?"),
        ("¿Podría {your_other} verlo?", "mi hijo o mi hija", "¿Podría su hijo o su hija verlo?"),
        ("Como {other} y yo.", "mi madre", "Como mi madre y yo."),
        ("Nobody here.", "my wife", "Nobody here."),
    ],
)
def test_the_placeholder_reads_well_wherever_it_stands(wording, term, filled):
    assert fill(wording, term) == filled

"""The words for the other person in a question: ``{other}`` becomes "my mother" or "mi madre". Pure.

Each term can stand as a subject, after a preposition and before "'s" or after "de", so that one wording of an
item reads well for everybody. Spanish wordings avoid adjectives and pronouns that would have to agree with it.
"""

import re
from collections.abc import Mapping

_ENGLISH = {
    "partner": "my partner",
    "spouse": "my spouse",
    "husband": "my husband",
    "wife": "my wife",
    "mother": "my mother",
    "father": "my father",
    "parent": "my parent",
    "daughter": "my daughter",
    "son": "my son",
    "child": "my child",
    "sister": "my sister",
    "brother": "my brother",
    "sibling": "my sibling",
    "friend": "my friend",
    "relative": "my relative",
    "other": "this person",
}
_SPANISH = {
    "partner": "mi pareja",
    "spouse": "mi cónyuge",
    "husband": "mi esposo",
    "wife": "mi esposa",
    "mother": "mi madre",
    "father": "mi padre",
    "parent": "mi padre o mi madre",
    "daughter": "mi hija",
    "son": "mi hijo",
    "child": "mi hijo o mi hija",
    "sister": "mi hermana",
    "brother": "mi hermano",
    "sibling": "mi hermano o mi hermana",
    "friend": "mi amigo o mi amiga",
    "relative": "mi familiar",
    "other": "esta persona",
}
_ADDRESSED = {"my": "your", "mi": "su"}
_POSSESSIVE = re.compile(r"\b(my|mi)\b")
_TERMS: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "es": _SPANISH}


def other_term(role: str, language: str) -> str:
    """The term for this role in this language ("es", "es-mx"), in English where the language has none."""
    return _TERMS.get(language[:2].lower(), _ENGLISH)[role]


def fill(wording: str, term: str) -> str:
    """The wording with its placeholders resolved.

    ``{other}``: the term as the person says it, "my mother". ``{Other}``: the same, starting a sentence.
    ``{your_other}``: the same where the wording addresses the person, "your mother", "su madre".
    """
    filled = wording.replace("{other}", term).replace("{Other}", term[:1].upper() + term[1:])
    return filled.replace("{your_other}", _POSSESSIVE.sub(lambda match: _ADDRESSED[match.group()], term))

"""Scoring keys for well-known instruments: ranges, reversals, cut-offs, error and risk items, never their words. Pure.

``keys`` what a key holds, and the shipped ones · ``answers`` whether one question counts what a key says ·
``matching`` which key fits a questionnaire · ``applying`` the questionnaire scored by it · ``apart`` its risk items on
pages of their own · ``knowledge`` each number's
source, and what stays unknown.
"""

from assessments.scoring_keys.answers import Pairing
from assessments.scoring_keys.applying import apply_key
from assessments.scoring_keys.keys import Licence, ScoringKey, key_slugs, scoring_key, scoring_keys
from assessments.scoring_keys.knowledge import Fact, Unknown, facts_of, key_of, unknowns
from assessments.scoring_keys.matching import KeyMatch, check_key, match_key, suggested_keys

__all__ = [
    "Fact",
    "KeyMatch",
    "Licence",
    "Pairing",
    "ScoringKey",
    "Unknown",
    "apply_key",
    "check_key",
    "facts_of",
    "key_of",
    "key_slugs",
    "match_key",
    "scoring_key",
    "scoring_keys",
    "suggested_keys",
    "unknowns",
]

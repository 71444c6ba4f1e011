"""What changed between two versions of a questionnaire, in words a counselor understands. Pure.

``base`` a difference and its effect on scores · ``fields`` parts compared field by field · ``words`` the words for
them · ``questions``, ``answers``, ``pages``, ``scoring``, ``alerts``, ``whole`` what is compared.
"""

from itertools import chain

from assessments.definition import Definition
from assessments.differences.alerts import in_alerts
from assessments.differences.answers import in_answers
from assessments.differences.base import Area, Difference, Effect, Versions, in_order, worst
from assessments.differences.pages import in_pages
from assessments.differences.questions import in_questions
from assessments.differences.scoring import in_scoring
from assessments.differences.whole import in_whole

__all__ = ["Area", "Difference", "Effect", "differences", "effect_on_scores"]


def differences(old: Definition, new: Definition) -> tuple[Difference, ...]:
    """Every difference, what touches alerts first; none exactly when the two are the same."""
    versions = Versions(old, new)
    parts = (in_alerts, in_scoring, in_questions, in_answers, in_pages, in_whole)
    return in_order(chain.from_iterable(part(versions) for part in parts))


def effect_on_scores(found: tuple[Difference, ...]) -> Effect:
    """The most that these do to scores. Only after ``none`` do old and new ones compare as they are."""
    return worst(difference.effect for difference in found)

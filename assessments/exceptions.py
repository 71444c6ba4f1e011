"""Everything that can go wrong here, named after the situation."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class AssessmentsError(Exception):
    """The base of every error this app raises on purpose."""


class Problem(NamedTuple):
    """One fault in a definition: where it is and what to do about it."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class InvalidDefinition(AssessmentsError):
    """A questionnaire file cannot be used; ``problems`` says where and what to do."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class UnreadableQuestionnaire(InvalidDefinition):
    """A FHIR Questionnaire cannot be asked faithfully; ``problems`` hold FHIR paths ("Questionnaire.item[2]")."""


class DefinitionTampered(AssessmentsError):
    """A stored definition no longer matches the digest it was stored with."""


class InvalidAnswers(AssessmentsError):
    """Answers that cannot be accepted.

    ``problems`` maps an item id to a message key: ``required``, ``unknown_item``, ``unknown_value``,
    ``not_declinable``, ``wrong_type``, ``out_of_range``, ``too_precise``, ``too_many`` or ``too_long``.
    It never holds an answer, so it is safe to log.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(", ".join(f"{item}: {key}" for item, key in self.problems.items()))


class UnreadableResponse(AssessmentsError):
    """A FHIR QuestionnaireResponse does not answer its questionnaire; ``problems`` hold FHIR paths, and no answer."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class StaleState(AssessmentsError):
    """Somebody else moved the row first; reload and look again."""


class UnknownScoringKey(AssessmentsError):
    """No scoring key of this name is shipped."""


class UnusableScoringKey(AssessmentsError):
    """The questionnaire is not as the scoring key expects; ``problems`` says where."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class IllegalMove(AssessmentsError):
    """The row is in a state that does not allow this move."""


class NoPublishedVersion(AssessmentsError):
    """No version of this instrument is published."""

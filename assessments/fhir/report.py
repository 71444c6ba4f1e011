"""What a file could not be read for, and what of it was not taken over. Pure."""

from __future__ import annotations

from assessments.exceptions import Problem, UnreadableQuestionnaire

MOST_PROBLEMS = 100
MOST_NOTES = 200


class Report:
    """Collects while a file is read: ``refuse`` what makes it unreadable, ``note`` what is left out of it."""

    def __init__(self) -> None:
        self._refused: dict[Problem, None] = {}
        self._noted: dict[str, list[str]] = {}

    def refuse(self, path: str, message: str) -> None:
        self._refused[Problem(path, message)] = None

    def note(self, path: str, message: str) -> None:
        self._noted.setdefault(message, []).append(path)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All faults; of very many, the first ones and how many more there are."""
        found = tuple(self._refused)
        more = len(found) - MOST_PROBLEMS
        return found if more <= 0 else (*found[:MOST_PROBLEMS], Problem("Questionnaire", f"has {more} more faults"))

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What was left out, once for each reason, with the first place and the number of others."""
        found = [Problem(paths[0], _with_places(message, len(paths))) for message, paths in self._noted.items()]
        more = len(found) - MOST_NOTES
        return tuple(found if more <= 0 else [*found[:MOST_NOTES], Problem("Questionnaire", f"and {more} more notes")])

    def raise_if_refused(self) -> None:
        if self._refused:
            raise UnreadableQuestionnaire(self.problems)


def _with_places(message: str, places: int) -> str:
    return message if places == 1 else f"{message} (here and in {places - 1} other places)"

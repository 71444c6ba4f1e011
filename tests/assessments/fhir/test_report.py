from __future__ import annotations

import pytest

from assessments.exceptions import Problem, UnreadableQuestionnaire
from assessments.fhir.report import MOST_NOTES, Report


def test_what_is_noted_in_several_places_is_told_once():
    report = Report()
    for path in ("a", "b", "c"):
        report.note(path, "is left out")
    report.note("d", "is cut")
    assert report.notes == (Problem("a", "is left out (here and in 2 other places)"), Problem("d", "is cut"))


def test_of_very_many_notes_the_first_are_told():
    report = Report()
    for number in range(MOST_NOTES + 3):
        report.note("a", f"note {number}")
    assert (len(report.notes), report.notes[-1]) == (MOST_NOTES + 1, Problem("Questionnaire", "and 3 more notes"))


def test_a_fault_that_is_met_twice_is_one():
    report = Report()
    report.raise_if_refused()
    report.refuse("a", "is wrong")
    report.refuse("a", "is wrong")
    with pytest.raises(UnreadableQuestionnaire) as caught:
        report.raise_if_refused()
    assert caught.value.problems == (Problem("a", "is wrong"),)

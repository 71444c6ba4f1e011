from __future__ import annotations

import pytest
from django.utils import timezone

from assessments.actions.importing import import_questionnaire, recognise
from assessments.actions.versions import draft_version, publish_version, retire_version
from assessments.enums import VersionStatus
from assessments.fhir.codes import LOINC
from assessments.fhir.reading import NO_SCORES, ONLY_POINTS
from assessments.models import Instrument, InstrumentVersion
from assessments.scoring_keys import scoring_key
from tests.assessments.fhir.forms import choice, form, item, option, read, reading, scored

pytestmark = pytest.mark.django_db

GAD_7 = scoring_key("gad-7")


def anxiety(items: int = 7, **fields):
    """Questions in words of our own, with the codes and points of a published instrument."""
    asked = [choice(f"q{number}", *scored(0, 1, 2, 3)) for number in range(1, items + 1)]
    return form(*asked, title="Worry", code=[{"system": LOINC, "code": GAD_7.codes[0]}], **fields)


def imported(questionnaire, **options):
    return import_questionnaire(recognise(reading(questionnaire, **options)))


def test_a_form_becomes_a_draft_of_an_instrument_of_its_own():
    version, is_new = imported(form(item("a")))
    assert (is_new, version.status, version.number) == (True, VersionStatus.DRAFT, 1)
    assert (version.instrument.slug, version.instrument.title) == ("weekly-mood", "Weekly mood")
    assert version.definition == read(form(item("a")))


def test_importing_the_same_again_adds_nothing():
    first, _ = imported(form(item("a")))
    assert imported(form(item("a"))) == (first, False)
    publish_version(first, now=timezone.now())
    assert imported(form(item("a"))) == (first, False)
    assert InstrumentVersion.objects.count() == 1


def test_a_changed_form_becomes_the_next_draft():
    publish_version(imported(form(item("a")))[0], now=timezone.now())
    version, is_new = imported(form(item("a"), item("b")))
    assert (is_new, version.number, version.status) == (True, 2, VersionStatus.DRAFT)
    assert Instrument.objects.count() == 1


def test_what_was_retired_may_be_imported_again():
    version = publish_version(draft_version(read(form(item("a")))), now=timezone.now())
    retire_version(version, now=timezone.now())
    assert imported(form(item("a"))).is_new is True


def test_a_form_is_scored_by_the_key_of_its_code():
    recognised = recognise(reading(anxiety()))
    assert (recognised.key, recognised.match.found_by) == ("gad-7", "code")
    assert recognised.definition.scales[0].bands == GAD_7.scales[0].bands
    assert not {ONLY_POINTS, NO_SCORES} & {note.message for note in recognised.notes}
    assert import_questionnaire(recognised).version.definition.scoring_key == "gad-7"


def test_a_key_that_does_not_fit_is_told_and_not_used():
    recognised = recognise(reading(anxiety(items=6)))
    assert (recognised.key, recognised.definition.scale("total").minimum) == (None, 6)
    [told] = [note for note in recognised.notes if note.path == "scoring key"]
    assert told.message.startswith(f"{GAD_7.title} is not used: 6 questions with points")


def test_a_form_of_no_known_key_says_what_is_unknown():
    recognised = recognise(reading(form(choice("a"))))
    assert (recognised.match, recognised.key) == (None, None)
    assert ONLY_POINTS in [note.message for note in recognised.notes]


def test_a_definition_that_names_its_key_keeps_its_scoring(monkeypatch):
    found = reading(form(choice("a", option("x", 1))))
    scored_by_hand = found.definition.model_copy(update={"scoring_key": "gad-7"})
    recognised = recognise(type(found)(scored_by_hand, found.notes))
    assert (recognised.match, recognised.definition) == (None, scored_by_hand)

"""Importing a questionnaire that was read from a file: its scoring key is found, and it becomes a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction

from assessments.actions.versions import draft_version
from assessments.cautions import cautions_in
from assessments.definition import Definition
from assessments.enums import VersionStatus
from assessments.exceptions import Problem
from assessments.fhir.reading import NO_SCORES, ONLY_POINTS, Reading
from assessments.models import Instrument, InstrumentVersion
from assessments.scoring_keys import KeyMatch, apply_key, match_key

ON_ITS_OWN = "a question whose answer can raise an alert has a private page of its own; its answer is not shown again"


@dataclass(frozen=True)
class Recognised:
    """What an import would add: the definition scored by its key, where one fits, and all that a person should know."""

    definition: Definition
    match: KeyMatch | None
    notes: tuple[Problem, ...]

    @property
    def key(self) -> str | None:
        """The scoring key in use."""
        return self.definition.scoring_key


class Imported(NamedTuple):
    """``is_new`` is false where exactly this was there already, as a draft or published."""

    version: InstrumentVersion
    is_new: bool


def recognise(reading: Reading) -> Recognised:
    """Score what was read by the key that it is known to have. A key that does not fit is told and not used."""
    definition = reading.definition
    match = None if definition.scoring_key else match_key(definition)
    if match is None:
        return Recognised(definition, None, reading.notes)
    title = match.key.title
    if not match.usable:
        told = tuple(Problem("scoring key", f"{title} is not used: {problem}") for problem in match.problems)
        return Recognised(definition, match, (*reading.notes, *told))
    told = tuple(Problem("scoring key", f"{title}: {note}") for note in match.notes)
    notes = (note for note in reading.notes if note.message not in {ONLY_POINTS, NO_SCORES})
    scored = apply_key(definition, match)
    return Recognised(scored, match, (*notes, *told, *_about_pages(definition, scored)))


def _about_pages(definition: Definition, scored: Definition) -> Iterator[Problem]:
    if len(scored.blocks) > len(definition.blocks):
        yield Problem("scoring key", ON_ITS_OWN)
    yield from cautions_in(scored)


@transaction.atomic
def import_questionnaire(recognised: Recognised) -> Imported:
    """Add a draft to the questionnaire of that slug. What is there already, unless retired, is not added again."""
    definition = recognised.definition
    instrument = Instrument.objects.select_for_update().filter(slug=definition.slug).first()
    there = InstrumentVersion.objects.filter(instrument=instrument, digest=definition.digest())
    version = there.exclude(status=VersionStatus.RETIRED).order_by("-number").first() if instrument else None
    return Imported(version, is_new=False) if version else Imported(draft_version(definition), is_new=True)

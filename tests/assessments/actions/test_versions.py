"""Publishing: the next version takes over, nothing published changes, loading twice is loading once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from assessments.actions.versions import (
    Loaded,
    Outcome,
    copy_to_draft,
    discard_draft,
    draft_version,
    edit_draft,
    load_catalog,
    publish_version,
    retire_version,
)
from assessments.definition import Definition
from assessments.exceptions import IllegalMove, InvalidDefinition, StaleState
from assessments.models import Instrument, InstrumentVersion
from tests.assessments.factories import NOW, published, small

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)
CHANGED = {"en": "Yesterday."}


def states() -> list[tuple[int, str]]:
    return list(InstrumentVersion.objects.order_by("number").values_list("number", "status"))


def test_a_first_draft_brings_its_instrument():
    draft = draft_version(small())
    assert (draft.number, draft.status, draft.definition) == (1, "draft", small())
    assert list(Instrument.objects.values_list("slug", "title")) == [("small", "Small")]


def test_the_next_draft_takes_the_next_number():
    published(small())
    assert draft_version(small(title={"en": "Smaller"})).number == 2


def test_an_instrument_is_called_what_its_published_version_calls_it():
    def title() -> str:
        return Instrument.objects.get().title

    draft_version(small())
    draft = draft_version(small(title={"en": "Newer draft"}))
    assert title() == "Newer draft"
    edit_draft(draft, definition=small(title={"en": "Edited"}), digest=draft.digest)
    assert title() == "Edited"
    publish_version(draft, now=NOW)
    draft_version(small(title={"en": "Only a draft"}))
    assert title() == "Edited"
    publish_version(draft_version(small(title={"en": "x" * 300})), now=NOW)
    assert title() == "x" * 200


def test_publishing_retires_the_version_before():
    first = published(small())
    second = publish_version(draft_version(small(period=CHANGED)), now=LATER)
    first.refresh_from_db()
    assert (first.status, first.published_at, first.retired_at) == ("retired", NOW, LATER)
    assert (second.status, second.published_at, second.retired_at) == ("published", LATER, None)


@pytest.mark.parametrize("move", [publish_version, retire_version])
def test_a_retired_version_stays_retired(move):
    retired = retire_version(published(small()), now=LATER)
    with pytest.raises(IllegalMove):
        move(retired, now=LATER)


def test_a_draft_cannot_retire():
    with pytest.raises(IllegalMove):
        retire_version(draft_version(small()), now=NOW)


@pytest.mark.parametrize(("move", "make"), [(publish_version, draft_version), (retire_version, published)])
def test_the_second_of_two_who_move_at_once_is_told(move, make):
    mine = make(small())
    theirs = InstrumentVersion.objects.get(pk=mine.pk)
    move(theirs, now=NOW)
    with pytest.raises(StaleState, match=f"no longer {mine.status}"):
        move(mine, now=NOW)


def test_a_publication_that_fails_retires_nothing():
    published(small())
    draft = draft_version(small(period=CHANGED))
    InstrumentVersion.objects.filter(pk=draft.pk).delete()
    with pytest.raises(StaleState):
        publish_version(draft, now=LATER)
    assert states() == [(1, "published")]


# --- Editing ---------------------------------------------------------------------------------------

CHANGED_DEFINITION = small(period=CHANGED)


def stored(version: InstrumentVersion) -> InstrumentVersion:
    return InstrumentVersion.objects.get(pk=version.pk)


def test_a_draft_is_edited_as_often_as_wanted():
    draft = draft_version(small())
    for definition in (CHANGED_DEFINITION, small()):
        edited = edit_draft(draft, definition=definition, digest=draft.digest)
        assert (edited.definition, stored(draft).definition) == (definition, definition)
    assert states() == [(1, "draft")]


def test_saving_the_same_again_changes_nothing():
    draft = draft_version(small())
    edit_draft(draft, definition=small(), digest=draft.digest)
    assert stored(draft).digest == small().digest()


def test_an_edit_of_what_somebody_else_saved_meanwhile_is_refused():
    draft = draft_version(small())
    theirs = stored(draft)
    edit_draft(theirs, definition=CHANGED_DEFINITION, digest=theirs.digest)
    with pytest.raises(StaleState, match="not the draft that was edited"):
        edit_draft(draft, definition=small(notice=CHANGED), digest=draft.digest)
    assert stored(draft).definition == CHANGED_DEFINITION


def test_an_edit_of_what_was_published_meanwhile_is_refused():
    draft = draft_version(small())
    publish_version(stored(draft), now=NOW)
    with pytest.raises(StaleState):
        edit_draft(draft, definition=CHANGED_DEFINITION, digest=draft.digest)
    assert stored(draft).definition == small()


@pytest.mark.parametrize("make", [published, lambda d: retire_version(published(d), now=LATER)])
def test_only_a_draft_is_edited_or_discarded(make):
    version = make(small())
    with pytest.raises(IllegalMove, match="can be edited"):
        edit_draft(version, definition=CHANGED_DEFINITION, digest=version.digest)
    with pytest.raises(IllegalMove, match="can be discarded"):
        discard_draft(version)
    assert stored(version).definition == small()


def test_a_draft_stays_a_version_of_its_questionnaire():
    draft = draft_version(small())
    with pytest.raises(InvalidDefinition, match='must stay "small"'):
        edit_draft(draft, definition=small(slug="other"), digest=draft.digest)
    assert stored(draft).definition == small()


def test_publishing_what_somebody_edited_meanwhile_is_refused():
    draft = draft_version(small())
    edit_draft(stored(draft), definition=CHANGED_DEFINITION, digest=draft.digest)
    with pytest.raises(StaleState):
        publish_version(draft, now=NOW)
    assert states() == [(1, "draft")]


@pytest.mark.parametrize("make", [draft_version, published, lambda d: retire_version(published(d), now=LATER)])
def test_any_version_is_copied_to_a_draft(make):
    version = make(small())
    copy = copy_to_draft(version)
    assert (copy.number, copy.status, copy.definition) == (2, "draft", version.definition)
    assert stored(version).status == version.status


def test_a_discarded_draft_leaves_the_other_versions():
    published(small())
    discard_draft(draft_version(CHANGED_DEFINITION))
    assert states() == [(1, "published")]


def test_with_its_only_draft_an_instrument_goes_too():
    draft = draft_version(small())
    discard_draft(draft)
    assert Instrument.objects.count() == 0
    with pytest.raises(StaleState):
        discard_draft(draft)


def test_discarding_what_somebody_edited_or_published_meanwhile_is_refused():
    draft = draft_version(small())
    edit_draft(stored(draft), definition=CHANGED_DEFINITION, digest=draft.digest)
    with pytest.raises(StaleState, match="not the draft that was seen"):
        discard_draft(draft)
    draft = stored(draft)
    publish_version(stored(draft), now=NOW)
    with pytest.raises(StaleState):
        discard_draft(draft)
    assert states() == [(1, "published")]


# --- Loading ---------------------------------------------------------------------------------------


def test_loading_publishes_what_is_new_or_changed_and_leaves_the_rest():
    (first,) = load_catalog([small()], now=NOW)
    assert first == Loaded(InstrumentVersion.objects.get(), Outcome.FIRST)
    assert load_catalog([small()], now=LATER) == [Loaded(first.version, Outcome.UNCHANGED)]
    (second,) = load_catalog([small(period=CHANGED)], now=LATER)
    assert (second.outcome, states()) == (Outcome.NEXT, [(1, "retired"), (2, "published")])


def test_loading_takes_back_nothing_that_a_person_published_or_retired():
    """The file was published once; what came after it was somebody's decision."""
    load_catalog([small()], now=NOW)
    edited = publish_version(draft_version(small(period=CHANGED)), now=LATER)
    (left,) = load_catalog([small()], now=LATER)
    assert (left.outcome, left.version.number, states()) == (
        Outcome.SUPERSEDED,
        1,
        [(1, "retired"), (2, "published")],
    )
    retire_version(edited, now=LATER)
    (still,) = load_catalog([small(period=CHANGED)], now=LATER)
    assert (still.outcome, states()) == (Outcome.SUPERSEDED, [(1, "retired"), (2, "retired")])


def test_a_draft_of_the_same_text_does_not_keep_a_file_from_being_published():
    draft_version(small())
    (loaded,) = load_catalog([small()], now=NOW)
    assert (loaded.outcome, states()) == (Outcome.NEXT, [(1, "draft"), (2, "published")])


def test_one_definition_that_fails_loads_none():
    def broken() -> Iterator[Definition]:
        yield small()
        raise RuntimeError("the second file is gone")

    with pytest.raises(RuntimeError):
        load_catalog(broken(), now=NOW)
    assert states() == []

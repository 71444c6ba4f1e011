"""Publishing: the next version takes over, nothing published changes, loading twice is loading once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from assessments.actions.versions import (
    Loaded,
    Outcome,
    draft_version,
    load_catalog,
    publish_version,
    retire_version,
)
from assessments.definition import Definition
from assessments.exceptions import IllegalMove, StaleState
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


def test_the_next_draft_takes_the_next_number_and_the_newest_title():
    published(small())
    assert draft_version(small(title={"en": "Smaller"})).number == 2
    assert Instrument.objects.get().title == "Smaller"


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


def test_loading_publishes_what_is_new_or_changed_and_leaves_the_rest():
    (first,) = load_catalog([small()], now=NOW)
    assert first == Loaded(InstrumentVersion.objects.get(), Outcome.FIRST)
    assert load_catalog([small()], now=LATER) == [Loaded(first.version, Outcome.UNCHANGED)]
    (second,) = load_catalog([small(period=CHANGED)], now=LATER)
    assert (second.outcome, states()) == (Outcome.NEXT, [(1, "retired"), (2, "published")])


def test_going_back_to_an_older_wording_is_a_version_of_its_own():
    load_catalog([small(), small(period=CHANGED)], now=NOW)
    load_catalog([small()], now=LATER)
    assert states() == [(1, "retired"), (2, "retired"), (3, "published")]


def test_one_definition_that_fails_loads_none():
    def broken() -> Iterator[Definition]:
        yield small()
        raise RuntimeError("the second file is gone")

    with pytest.raises(RuntimeError):
        load_catalog(broken(), now=NOW)
    assert states() == []

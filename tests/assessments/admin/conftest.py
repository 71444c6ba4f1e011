from __future__ import annotations

import pytest
from django.test import Client as Browser

from assessments.actions.versions import draft_version
from assessments.models import InstrumentVersion
from tests.assessments.admin.people import AUTHOR, browser_of
from tests.assessments.factories import published, small


@pytest.fixture(autouse=True)
def _authors(settings) -> None:
    settings.ASSESSMENTS = {"MAY_AUTHOR": "tests.assessments.admin.people.is_author"}


@pytest.fixture
def author(db: None) -> Browser:
    return browser_of(AUTHOR)


@pytest.fixture
def reader(db: None) -> Browser:
    """Staff who may look at everything and change nothing."""
    return browser_of("reader")


@pytest.fixture
def version(db: None) -> InstrumentVersion:
    return published(small())


@pytest.fixture
def draft(version: InstrumentVersion) -> InstrumentVersion:
    """The next version, with another period."""
    return draft_version(small(period={"en": "Yesterday."}))

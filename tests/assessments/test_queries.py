from __future__ import annotations

import pytest

from assessments.actions.responses import save_answers, submit_response
from assessments.exceptions import NoPublishedVersion
from assessments.models import InstrumentVersion, Response, Score
from assessments.queries import current_version, latest_scores
from tests.assessments.factories import NOW, draft_response, full_answers, published, small

pytestmark = pytest.mark.django_db


def submitted(version: InstrumentVersion) -> Response:
    response = draft_response(version)
    save_answers(response, answers=full_answers(), revision=0, now=NOW)
    return submit_response(response, now=NOW)


def test_the_current_version_is_the_published_one(django_assert_num_queries):
    published(small())
    newer = published(small(period={"en": "Yesterday."}))
    with django_assert_num_queries(1):
        assert current_version("small") == newer


def test_an_instrument_that_is_not_published_is_told_with_the_remedy():
    with pytest.raises(NoPublishedVersion, match="load_instruments"):
        current_version("two-way-check-in")


def test_the_newest_scoring_wins(django_assert_num_queries):
    version = published()
    responses = [submitted(version) for _ in range(3)]
    rescored = Score(
        response=responses[0], scale="need", value=1.0, answered=4, total=4, prorated=False, scoring_version=2
    )
    rescored.save()
    with django_assert_num_queries(1):
        scores = latest_scores(response.pk for response in responses)
    assert scores[responses[0].pk]["need"] == rescored
    assert scores[responses[1].pk]["need"].value == 50.0
    assert len(scores[responses[2].pk]) == 11
    assert set(Score.objects.computed()) == set(Score.objects.all())

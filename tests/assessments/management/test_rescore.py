from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.actions import rescoring
from assessments.models import InstrumentVersion, Score
from tests.assessments.actions.test_rescoring import submitted
from tests.assessments.factories import published, small

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def rescore(*arguments: str, stderr: StringIO | None = None) -> str:
    out = StringIO()
    call_command("rescore", *arguments, stdout=out, stderr=stderr or StringIO())
    return out.getvalue().strip()


@pytest.fixture
def waiting(monkeypatch):
    """Three responses to one instrument and one to another; then the scoring changed."""
    first, other = published(small()), published(small(slug="other"))
    for version in (first, first, first, other):
        submitted(version)
    monkeypatch.setattr(rescoring, "SCORING_VERSION", 2)


def test_each_version_is_a_line_and_a_second_run_has_nothing_to_do(waiting):
    assert rescore() == "small 1: 3 responses, 3 scores\nother 1: 1 responses, 1 scores"
    assert rescore() == "Every submitted response has its scores of scoring version 1."
    assert Score.objects.filter(scoring_version=2).count() == 4


def test_one_instrument_alone(waiting):
    assert rescore("--instrument", "other") == "other 1: 1 responses, 1 scores"
    assert Score.objects.filter(scoring_version=2).count() == 1


def test_for_programs(waiting):
    assert json.loads(rescore("--format", "json", "--batch", "2")) == {
        "scoring_version": 1,
        "responses": 4,
        "scores": 4,
        "versions": [
            {"instrument": "small", "version": 1, "responses": 3, "scores": 3},
            {"instrument": "other", "version": 1, "responses": 1, "scores": 1},
        ],
    }


def test_a_person_at_a_terminal_sees_a_bar(waiting):
    terminal = Terminal()
    rescore("--batch", "2", stderr=terminal)
    assert terminal.getvalue().replace("\r", "\n").splitlines() == [
        "[###############               ] 2 of 4",
        "[######################        ] 3 of 4",
        "[##############################] 4 of 4",
    ]


def test_a_log_sees_none(waiting):
    log = StringIO()
    rescore(stderr=log)
    assert log.getvalue() == ""


def test_an_instrument_nobody_knows_is_told():
    with pytest.raises(CommandError, match='there is no instrument "nobody"'):
        rescore("--instrument", "nobody")


@pytest.mark.parametrize("size", ["0", "-1", "many"])
def test_a_batch_is_a_number_above_zero(size):
    with pytest.raises(CommandError, match="give a whole number above zero"):
        rescore(f"--batch={size}")


def test_a_definition_that_was_tampered_with_is_told(waiting, monkeypatch):
    monkeypatch.setattr("assessments.models.instrument._parse", lambda text: (None, "another digest"))
    with pytest.raises(CommandError, match=r"does not match its digest; name the instruments that are whole"):
        rescore()


def test_ctrl_c_says_how_to_go_on(waiting, monkeypatch):
    def interrupted(version: InstrumentVersion, *, size: int):
        yield from [next(rescoring.rescore_responses(version, size=size))]
        raise KeyboardInterrupt

    monkeypatch.setattr("assessments.management.commands.rescore.rescore_responses", interrupted)
    with pytest.raises(CommandError, match="what is done stays, run it again to go on") as caught:
        rescore("--batch", "2")
    assert (caught.value.returncode, Score.objects.filter(scoring_version=2).count()) == (130, 2)

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from assessments.definition import Alert
from counseling.demo.simulation import Kind, simulate_couples
from counseling.explanations import PLAIN, SENTENCES, explain, frequency, percent, sureness
from counseling.patterns.base import History
from counseling.patterns.evaluate import evaluate
from counseling.patterns.thresholds import Thresholds
from tests.counseling.demo.test_simulation import history_of
from tests.counseling.patterns.builders import couple, gap_report, history, report, wave

NAMES = {"a": "Ana", "b": "Ben"}
NUMBERS = Thresholds()
NEVER_SAID = re.compile(
    r"disorder|codependen|diagnos|patholog|narciss|borderline|manipul|toxic|abus|victim|fault|blame|guilt|refus|resist",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"), timezone.override("UTC"):
        yield


def told(case: History, pattern: str, subject: str, **wording: Any) -> list[str]:
    state = next(each for each in evaluate(case, NUMBERS) if (each.pattern, each.subject) == (pattern, subject))
    return [sentence.text for sentence in explain(state.evidence, names=NAMES, **wording)]


def sentences(text: str) -> list[str]:
    """One sentence a paragraph, however its lines are broken."""
    return [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")]


def test_no_band_is_told_beyond_the_ends_of_its_scale():
    blurred = report({"blur": 100, "need": 100})
    said = " ".join(told(history((blurred, None), (blurred, None)), "enmeshed", "a"))
    assert [int(high) for high in re.findall(r"and (\d+)\. Above", said)] == [100, 100]


def test_a_one_sided_couple_in_words():
    giver = {f"g{n}": 4 for n in range(1, 5)} | {"g5": 0} | {f"v{n}": 2 for n in range(1, 6)}
    receiver = {f"v{n}": 3 for n in range(1, 5)} | {f"g{n}": 1 for n in range(1, 5)} | {"v5": 1, "g5": 2}
    a, b = report({"giving": 95, "receiving": 50}, giver), report({"giving": 30, "receiving": 75}, receiver)
    wording = {"g1": "I make time to listen.", "g2": "I rearrange my plans."}
    said = told(history((a, b), (a, b)), "one_sided", "a", question=lambda _who, item: wording.get(item, item))
    assert said == sentences("""
        Ana appears to give more than comes back from Ben: by about 34 points on a scale of 100, probably between 14 and
        54. From 15 points on it is worth a look.

        Judging by the answers so far this is very likely (97 %).

        It has been seen since wave 1, Jan. 5, 2026.

        Over 2 waves the estimate went from 30 to 34 points.

        “I make time to listen.” About what Ana does, Ana says “Almost always”, Ben says “Often”; about what Ben does,
        Ana says “Sometimes”, Ben says “Rarely”.

        “I rearrange my plans.” About what Ana does, Ana says “Almost always”, Ben says “Often”; about what Ben does,
        Ana says “Sometimes”, Ben says “Rarely”.

        “g3” About what Ana does, Ana says “Almost always”, Ben says “Often”; about what Ben does, Ana says “Sometimes”,
        Ben says “Rarely”.

        It clears when the estimate stays below 12 points for 2 waves in a row (it is then less than 40 % likely).

        What could explain it otherwise: one of them cares for the other, or for somebody else; an illness; a disability
        that makes close help necessary; a new baby; a time of heavy work or study for one of them.
    """)


def test_one_view_of_a_single_client():
    alone = History([wave(number, gap_report(-90)) for number in (1, 2, 3)], members=("a",))
    (state,) = (state for state in evaluate(alone, NUMBERS) if state.pattern == "one_sided")
    said = [sentence.text for sentence in explain(state.evidence, names={"a": "Ana"})]
    assert said[0].startswith("The other person appears to give more than comes back from Ana: by about ")
    assert "This is one person's view: only Ana has reported, and the other person may see it otherwise." in said


def test_what_does_not_stand_is_said_as_that():
    assert told(couple((0, 0)), "one_sided", "a") == [
        "The answers do not show it as things stand (10 %); from 80 % on it is raised."
    ]


def test_what_could_not_be_computed_is_said_in_full():
    few = report({"giving": None, "receiving": None})
    case = history((few, None), (report(), None), (gap_report(1, valid=False), None), (gap_report(0), gap_report(0)))
    said = told(case, "one_sided", "a")
    assert said[1:] == [
        "In 1 wave Ana answered too few of these questions to tell.",
        "In 1 wave Ana was not asked about this.",
        "In 1 wave the report from Ana is not complete or not reliable enough to be used here.",
        "In 3 waves there is no report from Ben; that says nothing either way.",
    ]


def test_an_enmeshed_partner_in_words():
    a = report({"blur": 85, "need": 80}, {"e1": 4})
    said = told(history((a, report({"blur": 80, "need": 20}, {"e1": None}))), "enmeshed", "a")
    assert said[:3] == sentences("""
        Ana describes blurred boundaries: about 76 of 100 points, probably between 55 and 96. Above 55 it is worth a
        look.

        Ana also describes a strong need of Ben: about 70 of 100 points, probably between 47 and 93. Above 50 it is
        worth a look.

        Ben describes blurred boundaries as well: about 72 of 100 points, probably between 52 and 92. Above 55 it is
        worth a look.
    """)
    assert "“e1”: Ana says “Almost always”, Ben says “prefer not to say”." in said


def test_blur_alone_in_words():
    said = told(history(*[(report({"blur": 95, "need": 10}), None)] * 2), "enmeshed", "a")
    assert [said[1]] == sentences("""
        These are blurred boundaries in one report: so far neither a strong need nor blurred boundaries of Ben are seen
        with them.
    """)


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ((100, 30), "The two see it differently: on average each sees themselves giving 65 points more than"),
        (
            (20, -100),
            "The two see it differently: on average each notices 40 points more from the other than",
        ),
    ],
)
def test_a_dispute_in_words(gaps, words):
    said = told(couple(*[gaps] * 4), "one_sided", "a")
    assert any(sentence.startswith(words) for sentence in said)


def test_a_safety_answer_in_words():
    first = report(answers={"fear": 1})
    last = report(answers={"fear": 3, "hurt": None, "contact": 1})
    asked = {"fear": "I have felt afraid of what my partner might do.", "hurt": "I have been hurt or forced."}
    said = told(history((first, None), (last, None)), "safety", "a", question=lambda _who, item: asked[item])
    assert said[:4] == sentences("""
        Ana answered “Often” to “I have felt afraid of what my partner might do.” (Jan. 5, 2026, the latest of 2 times).

        Ana asked to be contacted privately (Jan. 5, 2026).

        Ana preferred not to answer “I have been hurt or forced.” (Jan. 5, 2026). That can have many reasons; it is
        worth asking in private.

        No later answer clears this: it stands until a person signs it off.
    """)
    assert told(history((first, None)), "safety", "a", question=lambda _who, item: asked[item])[0] == (
        "Ana answered “Rarely” to “I have felt afraid of what my partner might do.” (Jan. 5, 2026)."
    )


def test_a_question_about_safety_without_an_answer_in_words():
    blank = report(left_open=frozenset({"item9"}), alerts=(Alert(item="item9", at_or_above=1, kind="safety"),))
    assert told(history((blank, None)), "safety", "a", question=lambda _who, _item: "Any thoughts?")[0] == (
        "Ana left “Any thoughts?” without an answer (Jan. 5, 2026). That is no “no”: it can have many reasons, and it "
        "is worth asking in private."
    )


def test_a_clinic_that_clears_after_one_wave():
    quick = Thresholds.from_json({"one_sided": {"couple": {"clear_waves": 1}}})
    (giver,) = (
        state for state in evaluate(couple((80, -80)), quick) if (state.pattern, state.subject) == ("one_sided", "a")
    )
    said = {sentence.code: sentence.text for sentence in explain(giver.evidence, names=NAMES)}
    assert said["would_clear"].endswith("points in one wave (it is then less than 40 % likely).")


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.99, "very likely"),
        (0.95, "very likely"),
        (0.80, "likely"),
        (0.60, "more likely than not"),
        (0.40, "about as likely as not"),
        (0.39, "not likely"),
    ],
)
def test_how_sure_in_words(probability, words):
    assert sureness(probability) == words


@given(st.floats(0, 1))
def test_nothing_is_certain(probability):
    assert 1 <= percent(probability) <= 99


@pytest.mark.parametrize(
    ("value", "words"), [(0, "Never"), (4, "Almost always"), (None, "prefer not to say"), (7, "7"), ("often", "often")]
)
def test_answers_in_words(value, words):
    assert frequency(value) == words


def test_every_reason_of_any_couple_has_careful_words():
    """All kinds of simulated couples: no code without words, no placeholder left, no disorder, no blame."""
    codes = set()
    for couple_of_kind in simulate_couples(list(Kind) * 8, waves=8, seed=21, missing=0.3, declined=0.2):
        for state in evaluate(history_of(couple_of_kind, waves=8), NUMBERS):
            for sentence in explain(state.evidence, names=NAMES):
                codes.add(sentence.code)
                assert "%" not in re.sub(r"\d+ %", "", sentence.text)
                assert not NEVER_SAID.search(sentence.text)
                assert sentence.text[0] in "ABCDEFGHIJKLMNOPQRSTUVWXYZ“"
                assert sentence.text.endswith(".")
            assert "Ana" not in str(state.evidence)
    assert len(codes) >= 15
    assert codes - {"not_computed"} <= PLAIN.keys() | SENTENCES.keys()

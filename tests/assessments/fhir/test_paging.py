from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assessments.fhir.paging import MOST_QUESTIONS, Row, pages_of
from tests.assessments.fhir.forms import form, group, item, read, when


def row(name, *, groups=(), needs=(), asks=True):
    return Row(name, tuple(groups), frozenset(needs), asks, leads=not asks)


def ids(rows):
    return [[row.id for row in page] for page in pages_of(rows)]


def test_a_short_form_is_one_page():
    assert ids([row("a"), row("b")]) == [["a", "b"]]


def test_each_outermost_group_has_pages_of_its_own():
    rows = [row("a", groups="g"), row("b", groups=("g", "h")), row("c", groups="i"), row("d")]
    assert ids(rows) == [["a", "b"], ["c"], ["d"]]


def test_groups_around_the_whole_form_divide_nothing():
    rows = [row("a", groups=("all", "g")), row("b", groups=("all", "g", "x")), row("c", groups=("all", "h"))]
    assert ids(rows) == [["a", "b"], ["c"]]


def test_what_depends_on_a_question_is_on_a_later_page():
    assert ids([row("a"), row("b"), row("c", needs="a"), row("d", needs="a"), row("e", needs="c")]) == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
    ]


def test_words_go_with_the_question_they_stand_before():
    words = row("w", asks=False)
    assert ids([row("a"), words, row("b", needs="a")]) == [["a"], ["w", "b"]]


def test_a_long_run_is_split_evenly_and_never_between_words_and_question():
    rows = [row(f"a{number}") for number in range(12)]
    assert [len(page) for page in ids(rows)] == [6, 6]
    rows[6:6] = [row("w", asks=False)]
    assert ids(rows)[1][0] == "w"


def test_words_alone_are_a_page():
    assert ids([row("w", asks=False), row("v", asks=False)]) == [["w", "v"]]


@st.composite
def rows(draw):
    """Rows in groups that stand together, each in need of some before it."""
    made = []
    for place in range(draw(st.integers(1, 40))):
        asked = [each.id for each in made if each.asks]
        needs = draw(st.sets(st.sampled_from(asked), max_size=2)) if asked else set()
        groups = ("g",) * draw(st.integers(0, 1)) if not made else made[-1].groups
        if draw(st.integers(0, 5)) == 0:
            groups = (f"g{place}",)
        made.append(row(str(place), groups=groups, needs=needs, asks=draw(st.booleans())))
    return made


@given(rows())
def test_pages_keep_order_and_bounds_and_come_after_what_they_need(made):
    pages = pages_of(made)
    assert [row for page in pages for row in page] == made
    assert all(page and sum(row.asks for row in page) <= MOST_QUESTIONS for page in pages)
    page_of = {row.id: number for number, page in enumerate(pages) for row in page}
    assert all(page_of[need] < page_of[row.id] for row in made for need in row.needs)


def test_pages_are_breaks_without_a_title():
    definition = read(form(group("g", item("a")), group("h", item("b"), item("c", enableWhen=[needs_b()]))))
    assert [(block.id, block.title, [each.id for each in block.items]) for block in definition.blocks] == [
        ("page_1", None, ["a"]),
        ("page_2", None, ["b"]),
        ("page_3", None, ["c"]),
    ]
    assert definition.heading(definition.blocks[2]) == {"en": "Words of h"}


def needs_b():
    return when("b", "exists", answerBoolean=True)


def test_a_group_is_opened_after_what_it_depends_on():
    inner = group("i", group("j", item("b")), enableWhen=[when("a", answerString="x")])
    assert [len(block.items) for block in read(form(group("g", item("a"), inner))).blocks] == [1, 1]

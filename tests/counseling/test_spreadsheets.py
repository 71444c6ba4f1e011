from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.spreadsheets import csv_lines, disclosed, neutralized

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "＝1+1"]  # noqa: RUF001
INVISIBLE = ["", " ", "\t", "\r", "\n", "\x00", "\x1b", "\xa0", "\u200b", "\ufeff", " \t\n"]


def read(rows):
    text = "".join(csv_lines(rows))
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:], newline="")))


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", INVISIBLE)
def test_a_formula_is_marked_as_text_also_behind_what_nobody_sees(formula, before):
    assert neutralized(before + formula) == f"'{before}{formula}"


@pytest.mark.parametrize("text", ["", " ", "Ana", "a=1", "5 - 3", "(=1)", "2026-01", "<5"])
def test_other_text_is_left_alone(text):
    assert neutralized(text) == text


@pytest.mark.parametrize(("people", "shown"), [(0, "<5"), (1, "<5"), (4, "<5"), (5, 12), (6, 12)])
def test_a_figure_about_fewer_than_five_people_is_not_disclosed(people, shown):
    assert disclosed(12, people) == shown


@given(st.lists(st.lists(st.integers() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1), max_size=5))
def test_what_is_written_can_be_read_back_and_runs_nowhere(rows):
    expected = [[neutralized(cell) if isinstance(cell, str) else str(cell) for cell in row] for row in rows]
    assert read(rows) == expected
    texts = [
        cell
        for row, cells in zip(rows, expected, strict=True)
        for raw, cell in zip(row, cells, strict=True)
        if isinstance(raw, str)
    ]
    assert not [text for text in texts if text.lstrip()[:1] in set("=+-@")]


def test_every_cell_is_quoted():
    assert "".join(csv_lines([["a;b", 1]])) == '\ufeff"a;b","1"\r\n'

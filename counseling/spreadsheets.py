"""What leaves the clinic in a file: text no spreadsheet runs as a formula, and no figure about a handful of people."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

FORMULA_SIGNS = frozenset("=+-@＝＋－＠")  # noqa: RUF001 - spreadsheets take the full-width signs as well
FEWEST_PEOPLE = 5
SUPPRESSED = f"<{FEWEST_PEOPLE}"
BYTE_ORDER_MARK = "\ufeff"  # without it, one widespread program misreads every accent


def neutralized(text: str) -> str:
    """The text, marked as text when a spreadsheet would run it, also behind leading blanks or invisible characters."""
    visible = next((sign for sign in text if unicodedata.category(sign)[0] not in "ZC"), "")
    return f"'{text}" if visible in FORMULA_SIGNS else text


def disclosed(count: int, people: int) -> int | str:
    """The count, unless it is about fewer than five people; none is fewer than five as well."""
    return count if people >= FEWEST_PEOPLE else SUPPRESSED


def csv_lines(rows: Iterable[Sequence[int | str]]) -> Iterator[str]:
    """The rows as CSV, line by line. Everything is quoted: a semicolon is a separator in half of the world."""
    yield BYTE_ORDER_MARK
    writer = csv.writer(_Returning(), quoting=csv.QUOTE_ALL)
    for row in rows:
        yield writer.writerow([neutralized(cell) if isinstance(cell, str) else cell for cell in row])


class _Returning:
    """Hands a written line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line

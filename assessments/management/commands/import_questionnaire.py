from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.actions.importing import Recognised, import_questionnaire, recognise
from assessments.exceptions import Problem, UnreadableQuestionnaire
from assessments.fhir.files import MOST_BYTES, parse_json, terminology_in
from assessments.fhir.reading import read_questionnaire

Row = dict[str, Any]


class Command(BaseCommand):
    help = (
        "Read FHIR Questionnaires (R4, R4B, R5 or STU3; JSON) and add each as a draft. One row per file says what "
        "became of it. A file that cannot be asked faithfully is refused, with place and reason, and stops no other."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--terminology",
            action="append",
            default=[],
            metavar="FILE",
            help="a ValueSet, CodeSystem or Bundle of them that the questionnaires name; may be repeated",
        )
        parser.add_argument("--language", default="en", help="of the texts, where a file names none (default: en)")
        parser.add_argument("--slug", help="the questionnaire's name in addresses, for one file")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--format", choices=["table", "json"], default="table", help="of the rows (default: table)")
        parser.add_argument("--strict", action="store_true", help="end with an error when a file was refused")

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[str] = options["files"]
        if options["slug"] and len(files) > 1:
            raise CommandError("--slug names one questionnaire; give one file")
        terminology = [_terminology(name) for name in options["terminology"]]
        reading = {"terminology": terminology, "language": options["language"], "slug": options["slug"]}
        rows = [_row(name, dry_run=options["dry_run"], **reading) for name in files]
        self.stdout.write(
            json.dumps(rows, indent=2, ensure_ascii=False) if options["format"] == "json" else _table(rows)
        )
        refused = sum(row["status"] == "refused" for row in rows)
        if refused and options["strict"]:
            raise CommandError(f"{refused} of {len(rows)} files refused")


def _row(name: str, *, dry_run: bool, **reading: Any) -> Row:
    try:
        recognised = recognise(read_questionnaire(parse_json(_content(name)), **reading))
    except UnreadableQuestionnaire as error:
        return {**_EMPTY, "file": name, "status": "refused", "reason": "\n".join(map(str, error.problems))}
    imported = None if dry_run else import_questionnaire(recognised)
    return {
        **_EMPTY,
        "file": name,
        "status": "read",
        **_facts(recognised),
        "version": imported.version.number if imported else None,
        "is_new": imported.is_new if imported else None,
    }


_EMPTY: Row = dict.fromkeys(
    ("file", "status", "reason", "questionnaire", "version", "is_new", "items", "scales", "key", "notes")
)


def _facts(recognised: Recognised) -> Row:
    definition = recognised.definition
    return {
        "questionnaire": definition.slug,
        "items": len(list(definition.questions())),
        "scales": len(definition.scales),
        "key": recognised.key,
        "notes": [str(note) for note in recognised.notes],
    }


def _content(name: str) -> bytes:
    """The file, or as much of it as is too much."""
    try:
        with Path(name).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableQuestionnaire([Problem("file", f"cannot be opened: {error.strerror}")]) from error


def _terminology(name: str) -> dict[str, Any]:
    try:
        data = parse_json(_content(name))
        terminology_in(data)
    except UnreadableQuestionnaire as error:
        raise CommandError(f"{name}: {error}") from error
    return data


def _table(rows: Sequence[Row]) -> str:
    columns = ("file", "status", "questionnaire", "version", "items", "scales", "key")
    cells = [columns, *(tuple("–" if row[name] is None else str(row[name]) for name in columns) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    heading, *lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join(
        [heading.rstrip(), *(line for row, text in zip(rows, lines, strict=True) for line in _with(row, text))]
    )


def _with(row: Row, line: str) -> Iterable[str]:
    """The row, and below it why it was refused or what was left out."""
    yield line.rstrip()
    yield from (f"    {reason}" for reason in (row["reason"] or "").splitlines())
    yield from (f"    {note}" for note in row["notes"] or ())

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, TypedDict

from django.core.management.base import BaseCommand, CommandError

from assessments.actions.rescoring import BATCH, rescore_responses, unscored_responses, versions_to_rescore
from assessments.exceptions import DefinitionTampered
from assessments.models import Instrument, InstrumentVersion
from assessments.scoring import SCORING_VERSION

BAR = 30


class Row(TypedDict):
    """How many responses to one version got how many scores."""

    instrument: str
    version: int
    responses: int
    scores: int


class Command(BaseCommand):
    help = (
        "Score the submitted responses that have no scores of the current scoring version. Adds rows, overwrites none; "
        "what is done stays done when it is stopped, and the next run goes on from there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--instrument", metavar="SLUG", help="only the responses to this instrument")
        parser.add_argument("--batch", type=_above_zero, default=BATCH, metavar="N", help="responses per transaction")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *_: Any, **options: Any) -> None:
        slug = options["instrument"]
        if slug and not Instrument.objects.filter(slug=slug).exists():
            raise CommandError(f'there is no instrument "{slug}"')
        try:
            rows = self._rescore(versions_to_rescore(slug), options["batch"])
        except DefinitionTampered as error:
            raise CommandError(f"{error}; name the instruments that are whole with --instrument") from error
        except KeyboardInterrupt:
            raise CommandError("stopped: what is done stays, run it again to go on", returncode=130) from None
        self.stdout.write(_as_json(rows) if options["format"] == "json" else _as_text(rows))

    def _rescore(self, versions: list[InstrumentVersion], size: int) -> list[Row]:
        total = unscored_responses().filter(version__in=versions).count()
        done, rows = 0, []
        for version in versions:
            row: Row = {"instrument": version.instrument.slug, "version": version.number, "responses": 0, "scores": 0}
            rows.append(row)
            for batch in rescore_responses(version, size=size):
                row["responses"] += batch.responses
                row["scores"] += batch.scores
                done += batch.responses
                self._show(done, total)
        return rows

    def _show(self, done: int, total: int) -> None:
        """A bar for the person at a terminal; nothing in a log."""
        if self.stderr.isatty():
            bar = "#" * (BAR * done // max(done, total))
            end = "\n" if done >= total else "\r"
            self.stderr.write(f"[{bar:<{BAR}}] {done:,} of {total:,}", style_func=str, ending=end)


def _above_zero(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError("give a whole number above zero")
    return int(text)


def _as_json(rows: list[Row]) -> str:
    sums = {"responses": sum(row["responses"] for row in rows), "scores": sum(row["scores"] for row in rows)}
    return json.dumps({"scoring_version": SCORING_VERSION, **sums, "versions": rows})


def _as_text(rows: list[Row]) -> str:
    lines = ["{instrument} {version}: {responses} responses, {scores} scores".format(**row) for row in rows]
    return "\n".join(lines) or f"Every submitted response has its scores of scoring version {SCORING_VERSION}."

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.actions.versions import load_catalog
from assessments.conf import SHIPPED_CATALOG, conf
from assessments.definition import Definition
from assessments.drafting import check_text


class Command(BaseCommand):
    help = (
        "Publish the questionnaires of the shipped catalog and of ASSESSMENTS['CATALOG_DIRS']. Safe to repeat: "
        "what is unchanged stays, a changed file becomes the next version, a published version is never altered."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for version, outcome in load_catalog(_definitions(), now=timezone.now()):
            self.stdout.write(f"{version.instrument.slug} {version.number}: {outcome.value}")


def _definitions() -> Iterator[Definition]:
    for folder in (SHIPPED_CATALOG, *conf().catalog_dirs):
        for file in sorted(folder.glob("*.json")):
            yield _read(file)


def _read(file: Path) -> Definition:
    """Read as an author's text is: a key written twice, of which only the last counts, may be a lost alert."""
    try:
        checked = check_text(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} cannot be used: it is not UTF-8 text") from error
    if checked.definition is None:
        told = "\n".join(f"{fault.path}: {fault.message}" for fault in checked.faults)
        raise CommandError(f"{file} cannot be used:\n{told}")
    return checked.definition

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.actions.versions import load_catalog
from assessments.conf import SHIPPED_CATALOG, conf
from assessments.definition import Definition, load_definition
from assessments.exceptions import InvalidDefinition


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
    try:
        return load_definition(file.read_bytes())
    except InvalidDefinition as error:
        raise CommandError(f"{file} cannot be used:\n{error}") from error

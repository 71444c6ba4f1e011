from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from assessments.definition.schema import definition_schema


class Command(BaseCommand):
    help = "Print the JSON Schema of questionnaire definitions, for an editor to check files with."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(definition_schema(), indent=2))

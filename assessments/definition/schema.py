"""The definition format as a JSON Schema: what an editor can check while somebody writes a questionnaire.

It knows every field; the rules between the parts (``checks.py``) are told when the file is loaded.
"""

from typing import Any

from assessments.definition.questionnaire import Definition

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def definition_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a definition file."""
    return {"$schema": DIALECT, **Definition.model_json_schema(), "title": "Questionnaire definition"}

"""Forms built to fit a key, in no instrument's words: what a clinic would import, to be spoiled at will."""

from __future__ import annotations

import json
from typing import Any

from assessments.definition import Definition, load_definition
from assessments.scoring_keys import scoring_key
from assessments.scoring_keys.keys import LOINC, KeyItem, ScoringKey
from tests.assessments.factories import words

Data = dict[str, Any]


def form_data(slug: str, *, unscored: bool = False) -> Data:
    """A form as plain data: its answers have points, or, ``unscored``, only codes as far as there are any."""
    key = scoring_key(slug)
    return {
        "slug": "form",
        "title": words("A form"),
        "languages": ["en"],
        "declined": words("Rather not"),
        "option_sets": {name: _options(key, name, unscored=unscored) for name in key.answers},
        "blocks": [{"id": "page", "items": [question(item, unscored=unscored) for item in key.items]}],
        "origin": {"standard": "fhir", "release": "4.0.1", "url": key.own_url},
    }


def question(item: KeyItem, *, unscored: bool = False) -> Data:
    return {
        "id": f"q{item.number}",
        "link_id": f"/{item.number}",
        "kind": "gate" if unscored else "choice",
        "options": item.answers,
        "text": words(f"Question {item.number}"),
        "codes": [coding(code) for code in item.codes],
    }


def coding(code: str, system: str = LOINC) -> Data:
    return {"system": system, "code": code}


def form(data: Data) -> Definition:
    return load_definition(json.dumps(data))


def items_of(data: Data) -> list[Data]:
    return data["blocks"][0]["items"]


def turned(options: list[Data]) -> list[Data]:
    """The same answers, each with the points of the one at the other end."""
    points = [option.get("score", option["value"]) for option in options]
    return [{**option, "score": score} for option, score in zip(options, reversed(points), strict=True)]


def _options(key: ScoringKey, name: str, *, unscored: bool) -> list[Data]:
    answers = key.answers[name]
    options = []
    for place, points in enumerate(answers.points):
        option: Data = {"value": place + 1, "text": words(f"{name} {place}")}
        if not unscored:
            option["score"] = points
        if answers.codes:
            option["coding"] = coding(answers.codes[place][0])
        options.append(option)
    return options

"""The reference says of every key what the key says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.scoring_keys import facts_of, key_slugs, scoring_key

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "scoring-keys.md").read_text()
LICENCES = {
    "free": "free",
    "free_with_conditions": "free with conditions",
    "permission_needed": "needs permission",
    "unknown": "unknown",
}


def row(key):
    facts = [fact for fact in facts_of(key) if fact.scale == key.scales[0].id]
    said = {what: [fact.value for fact in facts if fact.what == what] for what in ("range", "cut-off")}
    reversed_items = ", ".join(str(item.number) for item in key.items if item.reversed) or "none"
    error = [f"{fact.what} {fact.value}" for fact in facts if fact.what in {"SEM", "reliable change"} and fact.value]
    cells = [
        f"{key.title} (`{key.slug}`)",
        str(len(key.items)),
        said["range"][0],
        reversed_items,
        ", ".join(value or "unknown" for value in said["cut-off"]),
        ", ".join(error) or "unknown",
        ", ".join(f"item {alert.item}" for alert in key.alerts) or "none",
        LICENCES[key.licence.status],
        ", ".join(key.codes) or "none",
    ]
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("slug", key_slugs())
def test_every_key_has_its_row_with_the_numbers_it_has(slug):
    assert row(scoring_key(slug)) in PAGE.splitlines()


@pytest.mark.parametrize("slug", key_slugs())
def test_every_source_is_listed(slug):
    assert [reference for reference in scoring_key(slug).references if f"- {reference}" not in PAGE.splitlines()] == []


def test_no_other_key_is_documented():
    assert PAGE.count("(`") == len(key_slugs())

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from assessments.exceptions import UnknownScoringKey
from assessments.scoring_keys import key_slugs, scoring_key, scoring_keys
from assessments.scoring_keys.keys import SHIPPED_KEYS, ScoringKey

LISTED = {
    "core-10": (0, 40, 10),
    "csi-16": (0, 81, 16),
    "csi-4": (0, 21, 4),
    "ecr-s": (1, 7, 12),
    "gad-7": (0, 21, 7),
    "k10": (10, 50, 10),
    "kmss": (3, 21, 3),
    "phq-9": (0, 27, 9),
    "ras": (1, 5, 7),
    "rdas": (0, 69, 14),
    "sfcds": (16, 96, 16),
    "who-5": (0, 100, 5),
}
MORE = {"audit": (0, 40, 10), "phq-2": (0, 6, 2)}

SMALL = {
    "slug": "small",
    "title": "Small",
    "licence": {"status": "free"},
    "answers": {"two": {"points": [0, 1]}},
    "items": [{"number": 1, "answers": "two"}, {"number": 2, "answers": "two"}],
    "scales": [
        {"id": "total", "title": {"en": "Total"}, "kind": "sum", "direction": "neutral", "scoring": "Somebody 2001"}
    ],
    "references": ["Somebody (2001)."],
}


def key_with(**changes):
    return ScoringKey.model_validate_json(json.dumps({**SMALL, **changes}))


def scale_with(**changes):
    return key_with(scales=[{**SMALL["scales"][0], **changes}])


@pytest.mark.parametrize(("slug", "facts"), {**LISTED, **MORE}.items())
def test_every_listed_instrument_has_a_key_of_the_published_range_and_length(slug, facts):
    key = scoring_key(slug)
    assert (*key.range_of(key.scales[0]), len(key.items)) == facts


def test_no_other_key_is_shipped():
    assert key_slugs() == tuple(sorted({**LISTED, **MORE}))


def test_a_key_is_read_once():
    assert scoring_key("phq-9") is scoring_key("phq-9")


def test_an_unknown_key_is_refused():
    with pytest.raises(UnknownScoringKey):
        scoring_key("../two-way-check-in")


def test_files_are_named_after_their_keys_and_no_two_keys_answer_to_one_name():
    keys = scoring_keys()
    assert [key.slug for key in keys] == [path.stem for path in sorted(SHIPPED_KEYS.glob("*.json"))]
    for names in ("urls", "codes", "names"):
        claimed = [name for key in keys for name in getattr(key, names)]
        assert len(claimed) == len(set(claimed))


def test_a_key_holds_numbers_codes_and_sources_and_never_what_is_asked():
    """The only words in an item or an answer are identifiers and codes."""
    for path in SHIPPED_KEYS.glob("*.json"):
        data = json.loads(path.read_text())
        assert {field for item in data["items"] for field in item} <= {"number", "codes", "answers", "reversed"}
        assert {field for answers in data["answers"].values() for field in answers} <= {"points", "codes"}
        codes = [code for item in data["items"] for code in item.get("codes", [])]
        codes += [code for answers in data["answers"].values() for some in answers.get("codes", []) for code in some]
        assert [code for code in codes if " " in code] == []


def test_every_number_of_every_scale_names_its_source():
    for key in scoring_keys():
        cited = [scale.scoring for scale in key.scales]
        cited += [scale.bands_source for scale in key.scales if scale.bands]
        cited += [known.source["en"] for scale in key.scales for known in (*scale.cutoffs, *scale.norms)]
        cited += [alert.source for alert in key.alerts]
        authors = {reference.split()[0] for reference in key.references}
        assert [source for source in cited if source.split()[0].strip(",") not in authors] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"items": [{"number": 2, "answers": "two"}]}, "numbered from 1"),
        ({"answers": {**SMALL["answers"], "three": {"points": [0, 1, 2]}}}, "every list an item"),
        ({"alerts": [{"item": 3, "points": 1, "kind": "safety", "source": "Somebody 2001"}]}, "items of the key"),
        ({"answers": {"two": {"points": [0, 1], "codes": [["LA32-8"]]}}}, "codes for every answer"),
        (
            {
                "answers": {
                    "two": {"points": [0, 1], "codes": [["LA32-8"], ["LA33-6"]]},
                    "other": {"points": [1, 0], "codes": [["LA32-8"], ["LA33-6"]]},
                },
                "items": [{"number": 1, "answers": "two"}, {"number": 2, "answers": "other"}],
            },
            "count the same in every list",
        ),
        ({"wording": "What is asked"}, "Extra inputs are not permitted"),
    ],
)
def test_a_key_whose_parts_do_not_agree_cannot_be_built(changes, said):
    with pytest.raises(ValidationError, match=said):
        key_with(**changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"items": [1, 3]}, "items of the key"),
        ({"bands": [{"at_least": 0, "label": {"en": "low"}}]}, "bands need a source"),
        ({"needed": 1}, "rule for missing answers needs a source"),
    ],
)
def test_a_scale_without_its_sources_cannot_be_built(changes, said):
    with pytest.raises(ValidationError, match=said):
        scale_with(**changes)

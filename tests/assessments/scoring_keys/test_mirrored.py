"""A form that prints a key's answers from the other end."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.scoring_keys import apply_key, match_key
from tests.assessments.factories import words
from tests.assessments.scoring_keys.toy_forms import coding, form, form_data, items_of

OPTIONS = "option_sets"
Data = dict[str, Any]


def problems(data: Data) -> tuple[str, ...]:
    return match_key(form(data)).problems


def uncoded(slug: str) -> Data:
    """A form whose answers have points and no codes."""
    data = form_data(slug)
    for options in data[OPTIONS].values():
        for option in options:
            option.pop("coding", None)
    return data


@pytest.mark.parametrize("slug", ["who-5", "gad-7", "csi-4"])
def test_a_form_printed_from_the_other_end_fits_by_its_own_points(slug):
    data = uncoded(slug)
    for options in data[OPTIONS].values():
        options.reverse()
    match = match_key(form(data))
    assert (match.problems, all(pairing.mirrored for pairing in match.pairings)) == ((), True)
    numbers = ", ".join(str(item.number) for item in match.key.items)
    assert match.notes[-1] == (
        f"items {numbers}: the answers are in mirrored order, the other way round than on the published form. Check "
        "that each still has its own points."
    )
    scored = apply_key(form(data), match)
    assert scored.score_ends(scored.scale("total")) == match.key.range_of(match.key.scales[0])
    assert scored.scale("total").reversed == ()


def test_one_item_of_many_that_counts_the_other_way_is_a_fault():
    data = uncoded("who-5")
    data[OPTIONS]["mirrored"] = list(reversed(data[OPTIONS]["times"]))
    items_of(data)[2]["options"] = "mirrored"
    assert problems(data) == ("item 3: points in the other order than those of the other items; make them alike",)


def test_mirrored_order_leaves_reversed_items_of_other_words_in_doubt():
    data = uncoded("ras")
    for item in items_of(data):
        name = f"own_{item['id']}"
        data[OPTIONS][name] = [
            {**option, "text": words(f"{name} {option['value']}")}
            for option in reversed(data[OPTIONS][item["options"]])
        ]
        item["options"] = name
    assert "so their order cannot tell what its reversed items count" in problems(data)[-1]


def test_answers_without_points_of_their_own_are_never_taken_as_mirrored():
    data = uncoded("who-5")
    for option in data[OPTIONS]["times"]:
        option["coding"] = coding(str(5 - option.pop("score")), "http://clinic.example")
    for item in items_of(data):
        item["kind"] = "gate"
    assert problems(data)[0].startswith('question "/1" counts 0, 1, 2, 3, 4, 5 where item 1 counts 5, 4, 3, 2, 1, 0')

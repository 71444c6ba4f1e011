"""Two versions compared: nothing that differs is left out, and each difference says what it does to scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assessments.condition_words import in_words
from assessments.definition import Definition
from assessments.differences import Difference, differences, effect_on_scores
from assessments.exceptions import InvalidDefinition
from tests.assessments.differences.rich import both, load, rich_data
from tests.assessments.factories import two_way_check_in

Data = dict[str, Any]
Edit = Callable[[Data], None]


def after(edit: Edit) -> tuple[Difference, ...]:
    data = rich_data()
    edit(data)
    return differences(load(rich_data()), load(data))


def said(edit: Edit) -> list[str]:
    return [str(difference) for difference in after(edit)]


def question(data: Data, item_id: str) -> Data:
    return next(item for block in data["blocks"] for item in block["items"] if item["id"] == item_id)


def scale(data: Data, scale_id: str) -> Data:
    return next(scale for scale in data["scales"] if scale["id"] == scale_id)


def setting(part: Callable[[Data], Data], **values: Any) -> Edit:
    return lambda data: part(data).update(values)


# --- In words --------------------------------------------------------------------------------------


def add_question(data: Data) -> None:
    data["blocks"][0]["items"].append({"id": "e", "kind": "text", "text": both("E")})


def remove_question(data: Data) -> None:
    data["blocks"][1]["items"] = [item for item in data["blocks"][1]["items"] if item["id"] != "note"]


def move_within(data: Data) -> None:
    items = data["blocks"][0]["items"]
    items.append(items.pop(0))


def move_page(data: Data) -> None:
    data["blocks"][0]["items"].append(data["blocks"][1]["items"].pop(4))


def add_page(data: Data) -> None:
    data["blocks"].append(
        {"id": "last", "title": both("Last"), "items": [{"id": "e", "kind": "text", "text": both("E")}]}
    )


def add_group(data: Data) -> None:
    data["groups"].append({"id": "new", "title": both("New"), "visible_when": {"item": "gate", "equals": 1}})
    question(data, "fear")["group"] = "new"


def remove_group(data: Data) -> None:
    data["groups"].pop(0)
    del data["groups"][0]["within"]


def drop_language(data: Data) -> None:
    data["languages"] = ["en"]
    for part in walk(data):
        part.pop("es", None)


def walk(value: Any) -> Iterator[Data]:
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(part)
    if isinstance(value, dict):
        yield value


@pytest.mark.parametrize(
    ("edit", "expected", "effect"),
    [
        (add_question, ["Question e: is new: en: E; es: E (es)"], "none"),
        (remove_question, ["Question note: is gone: en: Note; es: Note (es)"], "none"),
        (move_within, ["Question a: moved: after since"], "asking"),
        (move_page, ["Question weight: moved to another page: second → first"], "none"),
        (setting(lambda d: question(d, "c"), text={"en": "C", "es": "Ce"}),
         ["Question c: wording (es): C (es) → Ce"], "asking"),
        (setting(lambda d: question(d, "note"), text={"en": "N", "es": "Note (es)"}),
         ["Question note: wording (en): Note → N"], "none"),
        (setting(lambda d: question(d, "note"), required=True), ["Question note: must be answered: no → yes"], "none"),
        (setting(lambda d: question(d, "c"), declinable=False), ["Question c: may be declined: yes → no"], "asking"),
        (setting(lambda d: question(d, "how"), maximum=5), ["Question how: highest answer: 10 → 5"], "scoring"),
        (setting(lambda d: question(d, "b"), help=None),
         ["Question b: help (en): Help", "Question b: help (es): Help (es)"], "asking"),
        (setting(lambda d: question(d, "d"), visible_when={"item": "gate", "equals": 0}),
         ["Question d: shown when: age is above 18 → gate is “No” (0)"], "asking"),
        (setting(lambda d: question(d, "gate"), text=both("Door")),
         ["Question gate: wording (en): Gate → Door", "Question gate: wording (es): Gate (es) → Door (es)"], "asking"),
        (setting(lambda d: d["option_sets"]["agree"][0], score=5.0),
         ["Answer 0 of “agree”: counts: 5"], "scoring"),
        (setting(lambda d: d["option_sets"]["yes_no"][0], text={"en": "Yes!", "es": "Yes (es)"}),
         ["Answer 1 of “yes_no”: wording (en): Yes → Yes!"], "asking"),
        (lambda d: d["option_sets"]["agree"].append({"value": 3, "text": both("Option 3")}),
         ["Answer 3 of “agree”: is new: en: Option 3; es: Option 3 (es)"], "scoring"),
        (lambda d: d["option_sets"]["agree"].reverse(),
         ["Answers “agree”: in another order: 0 · 1 · 2 → 2 · 1 · 0"], "asking"),
        (setting(lambda d: scale(d, "pomp"), reversed=[]), ["Scale pomp: no longer reverses b"], "scoring"),
        (setting(lambda d: scale(d, "pomp"), minimum=2), ["Scale pomp: answers needed: 1 → 2"], "scoring"),
        (setting(lambda d: scale(d, "heavy"), weights={"how": 1.0, "many": 3.0}),
         ["Scale heavy: weight of many: 2 → 3"], "scoring"),
        (lambda d: d["scales"].pop(), ["Scale total: is gone: Total; mean of sum, heavy"], "scoring"),
        (setting(lambda d: scale(d, "pomp")["uncertainty"], sem=4.1),
         ["Scale pomp: what is known of its error, standard error (SEM): 4 → 4.1"], "reading"),
        (setting(lambda d: scale(d, "sum"), title={"en": "Added"}), ["Scale sum: title (en): Sum → Added"], "none"),
        (setting(lambda d: scale(d, "sum")["bands"][1], at_least=5.0),
         ["Scale sum: bands: from 0 low · from 4 high → from 0 low · from 5 high"], "reading"),
        (setting(lambda d: scale(d, "sum"), cutoffs=[]), ["Scale sum: cut-offs: is at least 4, cut (s)"], "reading"),
        (setting(lambda d: d["mirrors"][0], pairs=[["b", "a"], ["c", "d"]]),
         ["Mirrored questions sides: pairs: a – b · c – d → b – a · c – d"], "scoring"),
        (setting(lambda d: d["alerts"][1], at_or_above=1), ["Contact request alert on a: raised from: 2 → 1"], "none"),
        (lambda d: d["alerts"].pop(0),
         ["Safety alert on fear: is gone: raised from 1, declining is a soft signal"], "none"),
        (setting(lambda d: d, privacy=[]), ["Answers that tell of company: changed: gate is 1"], "none"),
        (setting(lambda d: d["blocks"][0], title=None),
         ["Page first: title (en): First", "Page first: title (es): First (es)"], "asking"),
        (setting(lambda d: d["groups"][1], visible_when=None),
         ["Group inner: shown when: gate is “Yes” (1) → always"], "asking"),
        (add_page, ["Question e: is new: en: E; es: E (es)", "Page last: is new: en: Last; es: Last (es)"], "none"),
        (add_group,
         ["Question fear: group: new", "Group new: is new: en: New; es: New (es) · shown when gate is “Yes” (1)"],
         "none"),
        (remove_group,
         ["Group outer: is gone: en: Outer; es: Outer (es)", "Group inner: inside the group: outer"], "asking"),
        (lambda d: d["groups"].reverse(), ["Groups: in another order: outer · inner → inner · outer"], "none"),
        (lambda d: d["scales"].append({**scale(d, "sum"), "id": "more"}),
         ["Scale more: is new: Sum; sum of c, d"], "none"),
        (setting(lambda d: d["option_sets"], idle=[{"value": 1, "text": both("One")}]),
         ["Answers “idle”: is new: 1 en: One; es: One (es)"], "none"),
        (setting(lambda d: d, period={"en": "This week", "es": "Today (es)"}),
         ["Questionnaire: period asked about (en): Today → This week"], "asking"),
        (setting(lambda d: d, title={"en": "Richer", "es": "Rich (es)"}),
         ["Questionnaire: title (en): Rich → Richer"], "none"),
        (setting(lambda d: d, scoring_key=None), ["Questionnaire: scoring key: phq-9"], "none"),
    ],
)  # fmt: skip
def test_a_change_in_words_and_what_it_does_to_scores(edit, expected, effect):
    assert (said(edit), effect_on_scores(after(edit))) == (expected, effect)


def test_a_dropped_language_is_said_once_and_its_texts_beside():
    found = said(drop_language)
    assert "Questionnaire: languages: en · es → en" in found
    assert "Question a: wording (es): A (es)" in found


def test_what_touches_an_alert_comes_first():
    def edit(data: Data) -> None:
        question(data, "b")["text"] = both("Bee")
        question(data, "fear")["text"] = both("Afraid")
        data["alerts"][0]["soft_when_declined"] = False

    found = after(edit)
    assert [(each.about, each.risk) for each in found] == [
        ("Safety alert on fear", True),
        ("Question fear", True),
        ("Question fear", True),
        ("Question b", False),
        ("Question b", False),
    ]


def test_another_kind_of_question_is_said_without_the_fields_only_one_has():
    replaced = {"id": "how", "kind": "boolean", "text": both("How")}
    assert said(lambda d: d["blocks"][1]["items"].__setitem__(3, replaced)) == ["Question how: kind: scale → boolean"]


def test_a_set_of_answers_under_another_name_counts_alike():
    def rename(data: Data) -> None:
        data["option_sets"]["agreed"] = data["option_sets"].pop("agree")
        for part in walk(data["blocks"]):
            if part.get("options") == "agree":
                part["options"] = "agreed"

    assert effect_on_scores(after(rename)) == "asking"


def test_conditions_in_words():
    condition = {
        "all": [
            {"none": [{"item": "gate", "equals": 1}, {"item": "since", "answered": False}]},
            {"any": [{"item": "age", "comparison": "at_most", "value": 5}, {"item": "age", "answered": True}]},
        ]
    }
    data = rich_data()
    question(data, "d")["visible_when"] = condition
    definition = load(data)
    words = in_words(definition.item("d").visible_when, definition, "es")
    assert words == (
        "(not (gate is “Yes (es)” (1) or since was not answered)) and (age is at most 5 or age was answered)"
    )


# --- Nothing is left out ---------------------------------------------------------------------------


@pytest.mark.parametrize("definition", [two_way_check_in(), load(rich_data())], ids=["shipped", "rich"])
def test_a_definition_does_not_differ_from_itself(definition: Definition):
    assert differences(definition, definition.model_copy()) == ()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


PLACES = [place for place in places(rich_data()) if place]
OTHERS = st.one_of(
    st.booleans(),
    st.integers(0, 9),
    st.floats(0, 9),
    st.sampled_from(["a", "b", "en", "other words", "mean"]),
    st.none(),
)


@st.composite
def edited(draw: st.DrawFn) -> Definition:
    """The rich questionnaire with something in it replaced, removed, turned round or put in twice."""
    data = rich_data()
    for place in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=2)):
        try:
            _edit(draw, data, place)
        except (KeyError, IndexError, TypeError):
            assume(False)
    try:
        return load(data)
    except InvalidDefinition:
        assume(False)
        raise


def _edit(draw: st.DrawFn, data: Any, place: tuple[Any, ...]) -> None:
    *way, last = place
    for key in way:
        data = data[key]
    match draw(st.sampled_from(["replace", "remove", "reverse"])):
        case "replace":
            data[last] = draw(OTHERS)
        case "remove":
            del data[last]
        case "reverse":
            data[last] = data[last][::-1]


@settings(max_examples=150, suppress_health_check=["filter_too_much", "too_slow"])
@given(edited())
def test_what_is_not_the_same_differs(changed: Definition):
    rich = load(rich_data())
    assert bool(differences(rich, changed)) is (rich.canonical() != changed.canonical())
    assert bool(differences(changed, rich)) is (rich.canonical() != changed.canonical())


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_whatever_can_be_taken_out_is_missed(place):
    data = rich_data()
    *way, last = place
    part = data
    for key in way:
        part = part[key]
    del part[last]
    try:
        changed = load(data)
    except InvalidDefinition:
        return
    assert bool(differences(load(rich_data()), changed)) is (changed.canonical() != load(rich_data()).canonical())

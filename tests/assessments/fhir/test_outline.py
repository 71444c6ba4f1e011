from __future__ import annotations

from assessments.definition import AllOf, Equals
from assessments.fhir.codes import HIDDEN
from tests.assessments.fhir.forms import form, group, item, notes, read, refusals, shown_as, when

YES = when("yes", answerBoolean=True)
NO = when("yes", answerBoolean=False)


def test_groups_are_flat_and_name_what_they_are_in():
    definition = read(form(group("g", item("a"), group("h", item("b"), text="", prefix="II"), item("c")), item("d")))
    assert [(each.id, each.within, each.title, each.prefix) for each in definition.groups] == [
        ("g", None, {"en": "Words of g"}, None),
        ("h", "g", None, "II"),
    ]
    assert [(each.id, each.group) for each in definition.items()] == [("a", "g"), ("b", "h"), ("c", "g"), ("d", None)]


def test_a_group_may_depend_on_an_answer():
    definition = read(form(item("yes", "boolean"), group("g", item("a"), enableWhen=[YES])))
    assert definition.groups[0].visible_when == Equals(item="yes", equals=1)
    assert [len(block.items) for block in definition.blocks] == [1, 1]


def test_a_question_inside_a_question_is_asked_after_it_under_its_conditions():
    inner = item("inner", item=[item("innermost", enableWhen=[NO])], enableWhen=[YES])
    definition = read(form(group("g", item("yes", "boolean", item=[inner, item("plain")]))))
    yes, no = Equals(item="yes", equals=1), Equals(item="yes", equals=0)
    assert [(each.id, each.group, each.visible_when) for each in definition.items()] == [
        ("yes", "g", None),
        ("inner", "g", yes),
        ("innermost", "g", AllOf(all=(yes, no))),
        ("plain", "g", None),
    ]


def test_a_group_inside_a_question_takes_its_condition():
    asked = item("a", enableWhen=[YES], item=[group("g", item("b"))])
    definition = read(form(item("yes", "boolean"), asked))
    assert definition.groups[0].visible_when == Equals(item="yes", equals=1)
    assert definition.item("b").visible_when is None


def test_a_group_with_nothing_in_it_is_words_or_nothing():
    hidden = item("h", extension=[{"url": HIDDEN, "valueBoolean": True}])
    questionnaire = form(group("words"), group("empty", text=""), group("g", hidden), item("a"))
    definition = read(questionnaire)
    assert [(each.id, each.kind) for each in definition.items()] == [
        ("words", "display"),
        ("g", "display"),
        ("a", "text"),
    ]
    assert (definition.groups, sorted(notes(questionnaire))) == (
        (),
        [
            "Questionnaire.item[0]: is a group with nothing in it; its words are shown (here and in 1 other places)",
            "Questionnaire.item[1]: is a group with nothing to show; it is left out",
            "Questionnaire.item[2].item[0]: is hidden; it is not asked",
        ],
    )


def test_a_group_that_repeats_is_refused_and_a_required_one_noted():
    assert refusals(form(group("g", item("a"), repeats=True))) == [
        (
            "Questionnaire.item[0].repeats: may be answered several times, which cannot be asked here; "
            "set repeats to false, or list the group as often as it is needed"
        )
    ]
    assert notes(form(group("g", item("a"), required=True, extension=shown_as("list")))) == [
        "Questionnaire.item[0]: is to be shown in another way; the page looks as every page here",
        "Questionnaire.item[0]: is a required group; each of its questions says for itself whether it must be answered",
    ]

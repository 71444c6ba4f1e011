"""A questionnaire as frozen data: what is asked, in which words, and how it is scored. Pure.

``base`` texts, ids and codes · ``conditions`` what makes a question visible · ``items`` the kinds of questions ·
``scales`` how answers become scores, and what is known of their error · ``questionnaire`` the whole ·
``checks`` the rules between its parts · ``errors`` faults as a path and what to do.
"""

from assessments.definition.base import FALLBACK_LANGUAGE, Answer, Answers, Coding, Language, Texts, text_for
from assessments.definition.conditions import AllOf, Answered, AnyOf, Compares, Condition, Equals, NoneOf
from assessments.definition.items import (
    BooleanItem,
    ChoiceItem,
    DateItem,
    DecimalItem,
    DisplayItem,
    GateItem,
    IntegerItem,
    Item,
    MultipleChoiceItem,
    Option,
    Question,
    ScaleItem,
    TextItem,
)
from assessments.definition.questionnaire import (
    Alert,
    AlertKind,
    Block,
    Definition,
    Group,
    Mirror,
    Origin,
    Privacy,
    digest_of,
    load_definition,
)
from assessments.definition.scales import Band, Cutoff, Direction, Norm, ReliableChange, Scale, Uncertainty

__all__ = [
    "FALLBACK_LANGUAGE",
    "Alert",
    "AlertKind",
    "AllOf",
    "Answer",
    "Answered",
    "Answers",
    "AnyOf",
    "Band",
    "Block",
    "BooleanItem",
    "ChoiceItem",
    "Coding",
    "Compares",
    "Condition",
    "Cutoff",
    "DateItem",
    "DecimalItem",
    "Definition",
    "Direction",
    "DisplayItem",
    "Equals",
    "GateItem",
    "Group",
    "IntegerItem",
    "Item",
    "Language",
    "Mirror",
    "MultipleChoiceItem",
    "NoneOf",
    "Norm",
    "Option",
    "Origin",
    "Privacy",
    "Question",
    "ReliableChange",
    "Scale",
    "ScaleItem",
    "TextItem",
    "Texts",
    "Uncertainty",
    "digest_of",
    "load_definition",
    "text_for",
]

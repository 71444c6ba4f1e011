"""A definition's items, groups and titled pages as the items of a FHIR Questionnaire. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.definition import (
    Block,
    BooleanItem,
    ChoiceItem,
    Coding,
    DateItem,
    DecimalItem,
    Definition,
    DisplayItem,
    GateItem,
    IntegerItem,
    Item,
    MultipleChoiceItem,
    Option,
    Question,
    ScaleItem,
    TextItem,
    Texts,
)
from assessments.definition.items import can_be_scored
from assessments.fhir import codes
from assessments.fhir.enabling import enabling
from assessments.fhir.links import Links, codings, unique_links
from assessments.fhir.tree import Container, Data, nested, rows_of


@dataclass(frozen=True)
class ItemWriter:
    """Writes the items of one definition; ``taken`` are the linkIds that were given away."""

    definition: Definition
    links: Links
    release: codes.Release
    taken: set[str] = field(default_factory=set)

    def items(self) -> list[Data]:
        self.taken.update(*(part.values() for part in self.links))
        period = self._display("period", self.definition.period)
        return [*period, *nested(rows_of(self.definition), self._item, self._container)]

    def _item(self, item: Item) -> Data:
        link = self.links.items[item.id]
        return _joined(
            {"linkId": link, **_named(item), **worded("text", item.text, self.definition)},
            _KINDS[type(item)](self, item),
            enabling(self.definition, self.links, item.visible_when),
            {} if isinstance(item, DisplayItem) else self._asking(link, item),
        )

    def _asking(self, link: str, item: Question) -> Data:
        """FHIR knows no declining: it requires an answer only where a person cannot decline."""
        required = {"required": True} if item.required and not item.declinable else {}
        return {**required, "item": self._display(f"{link}-help", item.help, "help")}

    def _container(self, container: Container, children: list[Data]) -> Data:
        title = worded("text", container.title, self.definition)
        if isinstance(container, Block):
            link = self.links.pages[container.id]
            page = {"linkId": link, "extension": [_control("page")], **title, "type": "group"}
            return {**page, "item": [*self._display(f"{link}-help", container.intro, "help"), *children]}
        link = self.links.groups[container.id]
        return _joined(
            {"linkId": link, **_named(container), **title, "type": "group"},
            enabling(self.definition, self.links, container.visible_when),
            {"item": [*self._display(f"{link}-help", container.help, "help"), *children]},
        )

    def _display(self, link: str, texts: Texts | None, control: str | None = None) -> list[Data]:
        """Words to read that are no item here: what the questions are about, help, what an end of a scale means."""
        if texts is None:
            return []
        own = unique_links([("", link)], self.taken)[""]
        shown = {"extension": [_control(control)]} if control else {}
        return [{"linkId": own, **shown, **worded("text", texts, self.definition), "type": "display"}]

    def choice(self, item: ChoiceItem | GateItem | MultipleChoiceItem) -> Data:
        options = self.definition.options(item)
        named = codings(options)
        answers = [self._option(item, option, named[option.value]) for option in options]
        if self.release == "R5":
            constraint = "optionsOrString" if item.own_words else "optionsOnly"
            return {"type": "coding", "answerConstraint": constraint, "answerOption": answers}
        return {"type": "open-choice" if item.own_words else "choice", "answerOption": answers}

    def multiple_choice(self, item: MultipleChoiceItem) -> Data:
        most = [_integer(codes.MAX_OCCURS, item.at_most)] if item.at_most else []
        return {**self.choice(item), "repeats": True, "extension": most}

    def _option(self, item: Item, option: Option, coding: Mapping[str, str]) -> Data:
        extension = []
        if can_be_scored(item):
            weight = codes.WEIGHT[0 if self.release == "R5" else 1]
            extension.append({"url": weight, "valueDecimal": _number(option.points)})
        if option.exclusive:
            extension.append({"url": codes.OPTION_EXCLUSIVE, "valueBoolean": True})
        value = {**coding, **worded("display", option.text, self.definition)}
        return _joined({"valueCoding": value}, {"extension": extension})

    def integer(self, item: IntegerItem) -> Data:
        return {"type": "integer", "extension": [*_limits("Integer", item.minimum, item.maximum), *self._unit(item)]}

    def decimal(self, item: DecimalItem) -> Data:
        places = _integer(codes.MAX_DECIMAL_PLACES, item.places)
        limits = _limits("Decimal", _number(item.minimum), _number(item.maximum))
        return {"type": "decimal", "extension": [*limits, places, *self._unit(item)]}

    def _unit(self, item: IntegerItem | DecimalItem) -> list[Data]:
        if item.unit is None:
            return []
        return [{"url": codes.UNIT, "valueCoding": worded("display", item.unit, self.definition)}]

    def scale(self, item: ScaleItem) -> Data:
        link = self.links.items[item.id]
        limits = _limits("Integer", item.minimum, item.maximum)
        ends = (("lower", item.low), ("upper", item.high))
        return {
            "type": "integer",
            "extension": [_control("slider"), *limits, _integer(codes.SLIDER_STEP, item.step)],
            "item": [display for end, words in ends for display in self._display(f"{link}-{end}", words, end)],
        }

    def date(self, item: DateItem) -> Data:
        days = (day and day.isoformat() for day in (item.earliest, item.latest))
        return {"type": "date", "extension": _limits("Date", *days)}


_KINDS: Mapping[type, Callable[[ItemWriter, Any], Data]] = {
    ChoiceItem: ItemWriter.choice,
    GateItem: ItemWriter.choice,
    MultipleChoiceItem: ItemWriter.multiple_choice,
    BooleanItem: lambda _writer, _item: {"type": "boolean"},
    IntegerItem: ItemWriter.integer,
    DecimalItem: ItemWriter.decimal,
    ScaleItem: ItemWriter.scale,
    DateItem: ItemWriter.date,
    TextItem: lambda _writer, item: {"type": "string" if item.short else "text", "maxLength": item.max_length},
    DisplayItem: lambda _writer, _item: {"type": "display"},
}


def worded(name: str, texts: Texts | None, definition: Definition) -> Data:
    """A text in the definition's first language, the others beside it as translations."""
    if texts is None:
        return {}
    base, *others = definition.languages
    translations = [_translation(language, texts[language]) for language in others]
    return _joined({name: texts[base]}, {f"_{name}": {"extension": translations}} if translations else {})


def coded(codings: Sequence[Coding]) -> list[Data]:
    return [coding.model_dump(exclude_none=True) for coding in codings]


def _named(part: Any) -> Data:
    """Codes and prefix. FHIR allows no code for what is only read (its rule que-3)."""
    codings = () if isinstance(part, DisplayItem) else part.codes
    return _joined({"code": coded(codings)}, {"prefix": part.prefix} if part.prefix else {})


def _translation(language: str, wording: str) -> Data:
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": wording}]
    return {"url": codes.TRANSLATION, "extension": parts}


def _control(code: str) -> Data:
    coding = {"system": codes.ITEM_CONTROLS, "code": code}
    return {"url": codes.ITEM_CONTROL, "valueCodeableConcept": {"coding": [coding]}}


def _limits(kind: str, least: Any = None, most: Any = None) -> list[Data]:
    ends = ((codes.MIN_VALUE, least), (codes.MAX_VALUE, most))
    return [{"url": url, f"value{kind}": value} for url, value in ends if value is not None]


def _integer(url: str, value: int) -> Data:
    return {"url": url, "valueInteger": value}


def _number(value: float | None) -> float | None:
    """Without a point where none is needed."""
    return int(value) if value is not None and value == int(value) else value


def _joined(*parts: Data) -> Data:
    """One object of them all. Lists of the same name are put together, and what is empty is left out."""
    whole: Data = {}
    for part in parts:
        for key, value in part.items():
            whole[key] = [*whole.get(key, []), *value] if isinstance(value, list) else value
    return {key: value for key, value in whole.items() if value not in ([], {})}

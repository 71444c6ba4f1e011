"""A definition as staff read it: every page's wording, and what each scale counts. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.condition_words import COMPARISONS, in_words
from assessments.definition import (
    BooleanItem,
    Condition,
    DateItem,
    DecimalItem,
    Definition,
    DisplayItem,
    IntegerItem,
    Item,
    Option,
    Scale,
    ScaleItem,
    TextItem,
    text_for,
)
from assessments.terms import fill, other_term


@dataclass(frozen=True, slots=True)
class ItemPreview:
    """``groups`` are the headings that begin before it; ``shown_when`` is empty when it is always shown.

    ``marks`` say what is special about it: an alert, optional, not to be declined, sensitive, an attention check.
    """

    id: str
    text: str
    help: str
    answers: tuple[str, ...]
    shown_when: str
    marks: tuple[str, ...]
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockPreview:
    id: str
    title: str
    notes: tuple[str, ...]
    is_private: bool
    items: tuple[ItemPreview, ...]


@dataclass(frozen=True, slots=True)
class ScalePreview:
    """``counts`` lists the parts, a reversed item with "(R)" behind it and a weight before it."""

    id: str
    title: str
    kind: str
    counts: str
    minimum: int
    pairs: bool
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    title: str
    period: str
    notice: str
    blocks: tuple[BlockPreview, ...]
    scales: tuple[ScalePreview, ...]


def preview_of(definition: Definition, language: str) -> Preview:
    """The whole questionnaire in one language, asked about a partner."""
    return _Previewing(definition, language).preview()


class _Previewing:
    def __init__(self, definition: Definition, language: str) -> None:
        self.definition = definition
        self.language = definition.language_for(language)
        self.term = other_term("partner", self.language)
        self.alarming = {alert.item: alert for alert in definition.alerts}
        self.headed: set[str] = set()

    def preview(self) -> Preview:
        return Preview(
            title=self.words(self.definition.title),
            period=self.words(self.definition.period),
            notice=self.words(self.definition.notice),
            blocks=tuple(
                BlockPreview(
                    block.id,
                    self.words(block.title),
                    tuple(self.words(note) for note in (block.intro, block.advice) if note),
                    self.definition.is_private(block),
                    tuple(map(self.item, block.items)),
                )
                for block in self.definition.blocks
            ),
            scales=tuple(map(self.scale, self.definition.scales)),
        )

    def item(self, item: Item) -> ItemPreview:
        help_text = "" if isinstance(item, DisplayItem) else self.words(item.help)
        text = " ".join(filter(None, (item.prefix, self.words(item.text))))
        return ItemPreview(
            item.id,
            text,
            help_text,
            tuple(self.answers(item)),
            self.condition(item.visible_when),
            tuple(self.marks(item)),
            tuple(filter(None, self.new_headings(item))),
        )

    def answers(self, item: Item) -> Iterator[str]:
        match item:
            case BooleanItem():
                yield from ("1 yes", "0 no")
            case ScaleItem():
                yield f"{item.minimum} {self.words(item.low)}".strip()
                yield f"{item.maximum} {self.words(item.high)}".strip()
            case IntegerItem() | DecimalItem():
                yield " ".join(filter(None, ("number", _range(item.minimum, item.maximum), self.words(item.unit))))
            case DateItem():
                yield f"day {_range(item.earliest, item.latest)}".strip()
            case TextItem():
                yield f"text, up to {item.max_length} characters"
        yield from map(self.option, self.definition.options(item))

    def option(self, option: Option) -> str:
        counts = "" if option.score is None else f" (counts {option.score:g})"
        return f"{option.value} {self.words(option.text)}{counts}"

    def marks(self, item: Item) -> Iterator[str]:
        if item.id in self.alarming:
            yield f"alert from {self.alarming[item.id].at_or_above}"
        if isinstance(item, DisplayItem):
            yield "words to read"
            return
        expected = getattr(item, "expected", None)
        said = {
            f"attention: {expected} expected": expected is not None,
            "optional": not item.required,
            "cannot be declined": not item.declinable and self.definition.declined is not None,
            "sensitive": item.sensitive,
        }
        yield from (mark for mark, applies in said.items() if applies)

    def new_headings(self, item: Item) -> Iterator[str]:
        for group in self.definition.groups_of(item):
            if group.id not in self.headed:
                self.headed.add(group.id)
                condition = self.condition(group.visible_when)
                shown_when = f"(shown when {condition})" if condition else ""
                words = " – ".join(filter(None, (self.words(group.title), self.words(group.help))))
                yield f"{words} {shown_when}".strip()

    def condition(self, condition: Condition | None) -> str:
        return in_words(condition, self.definition, self.language) if condition else ""

    def scale(self, scale: Scale) -> ScalePreview:
        counts = ", ".join(self.part(scale, part) for part in scale.parts)
        kind = scale.kind if scale.factor == 1 else f"{scale.kind} × {scale.factor:g}"
        pairs = scale.complete_pairs is not None
        known = tuple(self.known(scale))
        return ScalePreview(scale.id, self.words(scale.title), kind, counts, scale.minimum, pairs, known)

    def part(self, scale: Scale, part: str) -> str:
        weight = f"{scale.weights[part]:g} × " if part in scale.weights else ""
        return f"{weight}{part}{' (R)' if part in scale.reversed else ''}"

    def known(self, scale: Scale) -> Iterator[str]:
        """What is known of a score, one line each; nothing where nobody said."""
        if scale.uncertainty:
            yield f"SEM {scale.uncertainty.sem:g}"
        if scale.reliable_change:
            yield f"reliable change {scale.reliable_change.points:g}"
        yield from (f"{self.words(cut.label)} {COMPARISONS[cut.comparison]} {cut.value:g}" for cut in scale.cutoffs)
        if scale.bands:
            yield ", ".join(f"{band.at_least:g} {self.words(band.label)}" for band in scale.bands)

    def words(self, texts: Mapping[str, str] | None) -> str:
        return fill(text_for(texts, self.language), self.term) if texts else ""


def _range(low: object, high: object) -> str:
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"from {low}"
    return "" if high is None else f"up to {high}"

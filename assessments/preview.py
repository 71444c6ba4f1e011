"""A definition as staff read it: every page's wording, and what each scale counts. Pure."""

from dataclasses import dataclass

from assessments.definition import Block, Definition, Item, Scale, text_for
from assessments.terms import fill, other_term


@dataclass(frozen=True, slots=True)
class ItemPreview:
    """``shown_when`` names the item and the answer that open this one, empty when it is always shown."""

    id: str
    text: str
    options: tuple[str, ...]
    shown_when: str


@dataclass(frozen=True, slots=True)
class BlockPreview:
    title: str
    notes: tuple[str, ...]
    items: tuple[ItemPreview, ...]


@dataclass(frozen=True, slots=True)
class ScalePreview:
    """``counts`` lists the item ids, a reversed one with "(R)" behind it."""

    id: str
    title: str
    counts: str
    minimum: int
    pairs: bool
    sem: float | None


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

    def preview(self) -> Preview:
        return Preview(
            title=self.words(self.definition.title),
            period=self.words(self.definition.period),
            notice=self.words(self.definition.notice),
            blocks=tuple(map(self.block, self.definition.blocks)),
            scales=tuple(map(self.scale, self.definition.scales)),
        )

    def block(self, block: Block) -> BlockPreview:
        notes = tuple(self.words(note) for note in (block.intro, block.advice) if note)
        return BlockPreview(self.words(block.title), notes, tuple(map(self.item, block.items)))

    def item(self, item: Item) -> ItemPreview:
        return ItemPreview(item.id, self.words(item.text), self.options(item), self.shown_when(item))

    def options(self, item: Item) -> tuple[str, ...]:
        return tuple(f"{option.value} {self.words(option.text)}" for option in self.definition.options(item))

    def shown_when(self, item: Item) -> str:
        condition = item.visible_when
        return f"{condition.item} = {condition.equals}" if condition else ""

    def scale(self, scale: Scale) -> ScalePreview:
        counts = ", ".join(f"{item} (R)" if item in scale.reversed else item for item in scale.items)
        sem = scale.uncertainty.sem if scale.uncertainty else None
        return ScalePreview(
            scale.id, self.words(scale.title), counts, scale.minimum, scale.complete_pairs is not None, sem
        )

    def words(self, texts: dict[str, str]) -> str:
        return fill(text_for(texts, self.language), self.term)

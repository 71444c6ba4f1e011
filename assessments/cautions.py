"""What is allowed in a questionnaire and still worth a second look before it is published. Pure."""

from collections.abc import Iterator

from assessments.definition import Block, Definition, DisplayItem
from assessments.exceptions import Problem


def cautions_in(definition: Definition) -> tuple[Problem, ...]:
    """Places and what to do. None of it keeps anybody from publishing."""
    blocks = enumerate(definition.blocks)
    return tuple(caution for number, block in blocks for caution in _alerts_among_others(definition, block, number))


def _alerts_among_others(definition: Definition, block: Block, number: int) -> Iterator[Problem]:
    """On a page that was not made private, an alert hides the answers of the questions beside it too."""
    raising = {alert.item for alert in definition.alerts}
    asked = [item for item in block.items if not isinstance(item, DisplayItem)]
    risky = [item.id for item in asked if item.id in raising]
    if risky and len(risky) < len(asked) and not block.private:
        named = ", ".join(f'"{item}"' for item in risky)
        yield Problem(
            f"$.blocks[{number}]",
            f"asks {named}, where an answer can raise an alert, beside other questions: none of this page's answers is "
            "shown to the person again. Ask it in a private block of its own",
        )

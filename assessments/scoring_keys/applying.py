"""A questionnaire with what its scoring key knows: points, scales and alerts. Pure."""

from __future__ import annotations

from typing import Any

from assessments.definition import Alert, ChoiceItem, Definition, GateItem, Option, Scale
from assessments.exceptions import UnusableScoringKey
from assessments.scoring_keys.answers import Pairing, alert_value
from assessments.scoring_keys.apart import with_alerts_apart
from assessments.scoring_keys.keys import KeyAlert, KeyScale
from assessments.scoring_keys.matching import KeyMatch


def apply_key(definition: Definition, match: KeyMatch) -> Definition:
    """The definition scored by the key: its scales replace those there are. Applied twice it is the same.

    Questions that raise an alert move to private pages of their own where they can.

    Raises UnusableScoringKey where the match has problems.
    """
    if not match.usable:
        raise UnusableScoringKey(match.problems)
    points = {pairing.item: pairing for pairing in match.pairings if pairing.points}
    option_sets = dict(definition.option_sets)
    for item in definition.questions():
        if item.id in points and isinstance(item, GateItem):
            option_sets[item.options] = tuple(_scored(o, points[item.id]) for o in definition.options(item))
    alerts = (_alert(definition, match, alert) for alert in match.key.alerts)
    scored = definition.model_copy(
        update={
            "option_sets": option_sets,
            "blocks": tuple(
                block.model_copy(update={"items": tuple(_counted(item, points) for item in block.items)})
                for block in definition.blocks
            ),
            "scales": tuple(_scale(match, scale) for scale in match.key.scales),
            "alerts": (*definition.alerts, *(alert for alert in alerts if alert not in definition.alerts)),
            "scoring_key": match.key.slug,
        }
    )
    return with_alerts_apart(scored)


def _scored(option: Option, pairing: Pairing) -> Option:
    points = (pairing.points or {})[option.value]
    return option.model_copy(update={"score": None if points == option.value else points})


def _counted(item: Any, points: dict[str, Pairing]) -> Any:
    if item.id not in points or not isinstance(item, GateItem):
        return item
    return ChoiceItem(**{**dict(item), "kind": "choice"})


def _scale(match: KeyMatch, scale: KeyScale) -> Scale:
    numbers = match.key.items_of(scale)
    pairings = [pairing for pairing in match.pairings if pairing.number in numbers]
    return Scale(
        id=scale.id,
        title=scale.title,
        kind=scale.kind,
        items=tuple(pairing.item for pairing in pairings),
        reversed=tuple(pairing.item for pairing in pairings if pairing.reversed),
        factor=scale.factor,
        minimum=scale.needed or len(numbers),
        prorate=scale.needed is not None,
        direction=scale.direction,
        uncertainty=scale.uncertainty,
        bands=scale.bands,
        cutoffs=scale.cutoffs,
        reliable_change=scale.reliable_change,
        norms=scale.norms,
    )


def _alert(definition: Definition, match: KeyMatch, alert: KeyAlert) -> Alert:
    pairing = next(pairing for pairing in match.pairings if pairing.number == alert.item)
    value = alert_value(definition, pairing, alert.points) or 0
    return Alert(item=pairing.item, at_or_above=value, kind=alert.kind, soft_when_declined=True)

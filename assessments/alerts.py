"""Answers that a person must look at, on their own and at once: one response, no averaging. Pure."""

from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

from assessments.answers import visible_questions
from assessments.definition import Alert, AlertKind, Answers, Definition
from assessments.definition.items import listed_values


class RaisedAlert(NamedTuple):
    """One answer that raised an alert.

    ``declined``: answered with "prefer not to say"; ``left_open``: asked, and sent without an answer.
    """

    item: str
    kind: AlertKind | Literal["declined", "left_open"]
    value: float | None


SOFT = frozenset({"declined", "left_open"})
"""Kinds that say nothing in so many words."""


def raised_alerts(definition: Definition, answers: Answers, *, submitted: bool = False) -> tuple[RaisedAlert, ...]:
    """The alerts that these answers raise; they need not be complete.

    ``submitted``: no more will come, so that what was asked and left open raises its soft signal.
    """
    return raised_among(definition.alerts, answers, left_open(definition, answers) if submitted else ())


def left_open(definition: Definition, answers: Answers) -> frozenset[str]:
    """The items that raise a soft signal when they are declined, were asked, and were neither answered nor declined."""
    soft = {alert.item for alert in definition.alerts if alert.soft_when_declined and _is_blank(alert.item, answers)}
    if not soft:
        return frozenset()
    return frozenset(item.id for item in visible_questions(definition, answers) if item.id in soft)


def raised_among(alerts: Iterable[Alert], answers: Answers, left_open: Collection[str] = ()) -> tuple[RaisedAlert, ...]:
    """The same for who has the alerts at hand and not the whole questionnaire."""
    raised = (_raised(alert, answers, left_open) for alert in alerts)
    return tuple(alert for alert in raised if alert is not None)


def _raised(alert: Alert, answers: Answers, left_open: Collection[str]) -> RaisedAlert | None:
    if _is_blank(alert.item, answers):
        return RaisedAlert(alert.item, "left_open", None) if alert.item in left_open else None
    value = answers[alert.item]
    if value is None:
        return RaisedAlert(alert.item, "declined", None) if alert.soft_when_declined else None
    given = max(listed_values(value), default=None) if isinstance(value, list | tuple) else value
    if isinstance(given, int | float) and given >= alert.at_or_above:
        return RaisedAlert(alert.item, alert.kind, given)
    return None


def _is_blank(item_id: str, answers: Answers) -> bool:
    return answers.get(item_id, "") in ("", [], ())

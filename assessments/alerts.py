"""Answers that a person must look at, on their own and at once: one response, no averaging. Pure."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from assessments.definition import Alert, AlertKind, Answers, Definition
from assessments.definition.items import listed_values


class RaisedAlert(NamedTuple):
    """One answer that raised an alert. ``declined``: the item was answered with "prefer not to say"."""

    item: str
    kind: AlertKind | Literal["declined"]
    value: float | None


def raised_alerts(definition: Definition, answers: Answers) -> tuple[RaisedAlert, ...]:
    """The alerts that these answers raise; they need not be complete."""
    return raised_among(definition.alerts, answers)


def raised_among(alerts: Iterable[Alert], answers: Answers) -> tuple[RaisedAlert, ...]:
    """The same for who has the alerts at hand and not the whole questionnaire."""
    raised = (_raised(alert, answers) for alert in alerts if alert.item in answers)
    return tuple(alert for alert in raised if alert is not None)


def _raised(alert: Alert, answers: Answers) -> RaisedAlert | None:
    value = answers[alert.item]
    if value is None:
        return RaisedAlert(alert.item, "declined", None) if alert.soft_when_declined else None
    given = max(listed_values(value), default=None) if isinstance(value, list | tuple) else value
    if isinstance(given, int | float) and given >= alert.at_or_above:
        return RaisedAlert(alert.item, alert.kind, given)
    return None

"""Answers that a person must look at, on their own and at once: one response, no averaging. Pure."""

from typing import Literal, NamedTuple

from assessments.definition import Alert, AlertKind, Answers, Definition


class RaisedAlert(NamedTuple):
    """One answer that raised an alert. ``declined``: the item was answered with "prefer not to say"."""

    item: str
    kind: AlertKind | Literal["declined"]
    value: int | None


def raised_alerts(definition: Definition, answers: Answers) -> tuple[RaisedAlert, ...]:
    """The alerts that these answers raise; they need not be complete."""
    raised = (_raised(alert, answers) for alert in definition.alerts if alert.item in answers)
    return tuple(alert for alert in raised if alert is not None)


def _raised(alert: Alert, answers: Answers) -> RaisedAlert | None:
    value = answers[alert.item]
    if value is None:
        return RaisedAlert(alert.item, "declined", None) if alert.soft_when_declined else None
    if isinstance(value, int) and value >= alert.at_or_above:
        return RaisedAlert(alert.item, alert.kind, value)
    return None

"""Alerts that are raised from another answer on, are new or gone; and what says that somebody could read along."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from assessments.definition import Alert, Privacy
from assessments.differences.base import Area, Difference, Versions
from assessments.differences.fields import came_or_went, differing, reordered
from assessments.differences.words import label, shown


def in_alerts(versions: Versions) -> Iterator[Difference]:
    old, new = _by_name(versions.old.alerts), _by_name(versions.new.alerts)
    for name in dict.fromkeys((*old, *new)):
        found = _in_one(name, old.get(name), new.get(name))
        yield from (replace(difference, risk=True) for difference in found)
    yield from reordered("Alerts", Area.ALERTS, old, new)
    yield from _in_privacy(versions)


def _by_name(alerts: Iterable[Alert]) -> dict[str, Alert]:
    """By kind and question; where there are several of them, numbered."""
    times: Counter[str] = Counter()
    found = {}
    for alert in alerts:
        name = f"{alert.kind.replace('_', ' ').capitalize()} alert on {alert.item}"
        times[name] += 1
        found[f"{name} ({times[name]})" if times[name] > 1 else name] = alert
    return found


def _in_one(name: str, old: Alert | None, new: Alert | None) -> Iterator[Difference]:
    if old and new:
        yield from differing(name, Area.ALERTS, old, new, effect=lambda _: "none")
    else:
        yield came_or_went(name, Area.ALERTS, old, new, _threshold)


def _threshold(alert: Alert) -> str:
    soft = f", {label('soft_when_declined')}" if alert.soft_when_declined else ""
    return f"{label('at_or_above')} {alert.at_or_above}{soft}"


def _in_privacy(versions: Versions) -> Iterator[Difference]:
    old, new = versions.old.privacy, versions.new.privacy
    if old != new:
        yield Difference(Area.ALERTS, "Answers that tell of company", "changed", _watched(old), _watched(new))


def _watched(privacy: tuple[Privacy, ...]) -> str:
    return shown([f"{each.item} is {each.equals}" for each in privacy])

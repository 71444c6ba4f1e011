"""Answers to choose from that are new, gone, worded otherwise or count otherwise."""

from collections.abc import Iterator
from dataclasses import replace

from assessments.definition import Definition, Option
from assessments.differences.base import Area, Difference, Effect, Versions
from assessments.differences.fields import came_or_went, differing, reordered
from assessments.differences.words import shown


def in_answers(versions: Versions) -> Iterator[Difference]:
    """A set that came or went changes only what the questions say that use it: they tell so themselves."""
    old, new = versions.old.option_sets, versions.new.option_sets
    for name in dict.fromkeys((*old, *new)):
        users = _users(versions.old, name) | _users(versions.new, name)
        risk = not versions.alarming.isdisjoint(users)
        asking = versions.asking(users)
        if name not in old or name not in new:
            yield came_or_went(f"Answers “{name}”", Area.ANSWERS, old.get(name), new.get(name), _listed)
        else:
            found = _in_set(name, old[name], new[name], asking)
            yield from (replace(difference, risk=risk) for difference in found)


def _users(definition: Definition, name: str) -> set[str]:
    return {item.id for item in definition.items() if getattr(item, "options", None) == name}


def _listed(options: tuple[Option, ...]) -> str:
    return shown([f"{option.value} {shown(option.text)}" for option in options])


def _in_set(name: str, old: tuple[Option, ...], new: tuple[Option, ...], asking: Effect) -> Iterator[Difference]:
    was, now = ({option.value: option for option in options} for options in (old, new))
    scoring: Effect = "scoring" if asking == "asking" else "none"
    for value in dict.fromkeys((*was, *now)):
        about = f"Answer {value} of “{name}”"
        if value in was and value in now:
            yield from _in_option(about, was[value], now[value], asking, scoring)
        else:
            gone, came = was.get(value), now.get(value)
            yield came_or_went(about, Area.ANSWERS, gone, came, lambda option: shown(option.text), effect=scoring)
    yield from reordered(f"Answers “{name}”", Area.ANSWERS, was, now, effect=asking)


def _in_option(about: str, old: Option, new: Option, asking: Effect, scoring: Effect) -> Iterator[Difference]:
    effects: dict[str, Effect] = {"text": asking, "exclusive": asking, "score": scoring}
    yield from differing(about, Area.ANSWERS, old, new, effect=lambda field: effects.get(field, "none"))

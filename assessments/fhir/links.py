"""What a definition's parts and answers are called in FHIR: unique, and always the same. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from assessments.definition import Definition, Option
from assessments.fhir.codes import ANSWERS


class Links(NamedTuple):
    """The linkId of every item, group and titled page, by its id."""

    items: Mapping[str, str]
    groups: Mapping[str, str]
    pages: Mapping[str, str]


def links_of(definition: Definition) -> Links:
    """Items and groups keep the linkId they were imported with, else have their id; a repeated one is numbered."""
    taken: set[str] = set()
    items = unique_links(((item.id, item.link_id) for item in definition.items()), taken)
    groups = unique_links(((group.id, group.link_id) for group in definition.groups), taken)
    pages = unique_links(((block.id, None) for block in definition.blocks if block.title), taken)
    return Links(items, groups, pages)


def unique_links(named: Iterable[tuple[str, str | None]], taken: set[str]) -> dict[str, str]:
    """By id, ``link_id`` or the id itself, with a number where that is taken. Adds them to ``taken``."""
    links = {}
    for name, link_id in named:
        wanted = link_id or name
        number = 2
        link = wanted
        while link in taken:
            link = f"{wanted}-{number}"
            number += 1
        taken.add(link)
        links[name] = link
    return links


def codings(options: Iterable[Option]) -> dict[int, dict[str, str]]:
    """System and code of each option, by its value: its own coding, else, or where that is taken, one of ours."""
    named: dict[int, dict[str, str]] = {}
    for option in options:
        own = {"system": ANSWERS, "code": str(option.value)}
        if option.coding is not None:
            system = {"system": option.coding.system} if option.coding.system else {}
            coding = {**system, "code": option.coding.code}
            own = own if coding in named.values() else coding
        named[option.value] = own
    return named

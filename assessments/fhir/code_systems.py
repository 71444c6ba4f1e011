"""CodeSystems and their supplements: what a code is called, and what it counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assessments.fhir.answers import checked_score, weight_of
from assessments.fhir.codes import WEIGHT_PROPERTIES
from assessments.fhir.nodes import Node

_INCOMPLETE = ("fragment", "not-present", "example", "supplement")


class CodeSystems:
    """By address. A supplement adds scores and words to the codes of the system that it names."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._systems: dict[str, list[Node]] = {}
        self._concepts: dict[str, dict[str, list[Node]]] = {}
        for node in nodes:
            for url in _addresses(node):
                self._systems.setdefault(url, []).append(node)

    def whole(self, system: str) -> Node | None:
        """The system where all its codes are there."""
        return next(
            (node for node in self._systems.get(system, ()) if node.data.get("content") not in _INCOMPLETE), None
        )

    def concepts(self, system: str | None, code: str) -> list[Node]:
        """What is known of a code, in the order of the file."""
        url = system or ""
        if url not in self._concepts:
            known: dict[str, list[Node]] = {}
            for node in self._systems.get(url, ()):
                for concept in flat(node, "concept"):
                    known.setdefault(str(concept.data.get("code")), []).append(concept)
            self._concepts[url] = known
        return self._concepts[url].get(code, [])


def flat(node: Node, name: str) -> Iterator[Node]:
    """All concepts of a hierarchy, each before those below it. ``files.DEEPEST`` bounds how deep that is."""
    for concept in node.nodes(name):
        yield concept
        yield from flat(concept, name)


def system_weight(concept: Node) -> float | None:
    """What a CodeSystem's concept counts: its extension, else its property."""
    own = weight_of(concept)
    if own is not None:
        return own
    properties = (node for node in concept.nodes("property") if node.data.get("code") in WEIGHT_PROPERTIES)
    return next((score for node in properties if (score := checked_score(node)) is not None), None)


def _addresses(node: Node) -> Iterator[str]:
    for name in ("url", "supplements"):
        if address := node.text(name):
            yield address.partition("|")[0]

"""ValueSets and CodeSystems, from inside a file or given beside it, as lists of answers. Pure.

Nothing is fetched: a set that is named and not there is a reason to refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assessments.fhir.answers import Choice, Code, code_in, weight_of
from assessments.fhir.code_systems import CodeSystems, flat, system_weight
from assessments.fhir.codes import CONCEPT_ORDER
from assessments.fhir.files import TERMINOLOGY
from assessments.fhir.nodes import Node, is_number
from assessments.fhir.wording import Texts, Tongue, language_code

MOST_ANSWERS = 250
_TOO_MANY = f"has more than {MOST_ANSWERS} answers: a list to search, not to choose from; shorten it"
_UNCLOSED = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed"
_MISSING = "is not in the file, and nothing is fetched: give the ValueSet as terminology, or list the answers"


class Terminology:
    """The code lists that a questionnaire can name. Those inside the file come before those beside it."""

    def __init__(self, root: Node, supplied: Iterable[Mapping[str, Any]], tongue: Tongue) -> None:
        self._tongue = tongue
        inside = list(_resources(root))
        beside = [Node(data, f"terminology[{number}]", root.report) for number, data in enumerate(supplied)]
        self._named: dict[str, Node] = {}
        for node in _of_kind("ValueSet", [*inside, *beside]):
            for name in _names(node):
                self._named.setdefault(name, node)
        self._systems = CodeSystems(_of_kind("CodeSystem", [*inside, *beside]))
        self._expanded: dict[str, tuple[Choice, ...]] = {}
        self._concepts: dict[Code, tuple[Texts | None, float | None]] = {}

    def choices(self, name: str, place: Node, field: str) -> tuple[Choice, ...]:
        """The answers of the set that ``field`` names: "#id", or an address with or without "|version"."""
        found = self._find(name)
        if found is None:
            place.refuse(f'names the set "{name[:200]}", which {_MISSING}', field)
            return ()
        answers = self._expand(found, ())
        if len(answers) > MOST_ANSWERS:
            place.refuse(_TOO_MANY, field)
            return ()
        return answers

    def named(self, coding: Node) -> Choice | None:
        """A code as an answer, its words and score from the coding or from its CodeSystem."""
        code = code_in(coding)
        if code is None:
            return None
        known_words, known_score = self._known(code)
        texts = self._words(coding) or known_words
        if texts is None and code[0] is None:
            coding.note("has a code and no words; the code is shown")
            texts = {self._tongue.base: code[1]}
        if texts is None:
            coding.refuse("has a code and no words; add a display")
            return None
        own = weight_of(coding)
        return Choice(coding.path, "Coding", code, texts, known_score if own is None else own)

    def _known(self, code: Code) -> tuple[Texts | None, float | None]:
        """A code's words and score in its CodeSystem and the supplements of that, the first of each."""
        if code not in self._concepts:
            concepts = self._systems.concepts(*code)
            words = next(filter(None, map(self._words, concepts)), None)
            scores = (score for score in map(system_weight, concepts) if score is not None)
            self._concepts[code] = words, next(scores, None)
        return self._concepts[code]

    def _find(self, name: str) -> Node | None:
        url, _, version = name.partition("|")
        found = self._named.get(name)
        if found is None and version:
            unversioned = self._named.get(url)
            found = unversioned if unversioned and unversioned.text("version") is None else None
        return found

    def _expand(self, value_set: Node, trail: tuple[str, ...]) -> tuple[Choice, ...]:
        if value_set.path in trail:
            value_set.refuse("includes itself; list its codes")
            return ()
        if value_set.path not in self._expanded:
            expansion = value_set.node("expansion")
            if expansion is not None and expansion.data.get("contains"):
                found: Iterable[Choice] = self._contained(expansion)
            else:
                found = self._composed(value_set, (*trail, value_set.path))
            once: dict[Any, Choice] = {}
            for choice in found:
                if len(once) <= MOST_ANSWERS:
                    once.setdefault(choice.value, choice)
            self._expanded[value_set.path] = tuple(once.values())
        return self._expanded[value_set.path]

    def _contained(self, expansion: Node) -> list[Choice]:
        listed = list(flat(expansion, "contains"))
        total: Any = expansion.data.get("total")
        if (is_number(total) and total > len(listed)) or expansion.extension(_UNCLOSED) is not None:
            expansion.refuse("holds only a part of the set; give all of it")
        chosen = [node for node in listed if node.data.get("abstract") is not True and "code" in node.data]
        return [choice for node in _in_order(chosen) if (choice := self.named(node))]

    def _composed(self, value_set: Node, trail: tuple[str, ...]) -> Iterator[Choice]:
        compose = value_set.node("compose")
        includes = compose.nodes("include") if compose else []
        if not includes:
            value_set.refuse("lists no codes; add them, or its expansion")
        if len(includes) > MOST_ANSWERS:
            value_set.refuse(f"is made of more than {MOST_ANSWERS} parts; give the expansion")
            return
        if compose and compose.data.get("exclude"):
            compose.refuse("leaves codes out again; give the expansion", "exclude")
        for include in includes:
            yield from self._included(include, trail)

    def _included(self, include: Node, trail: tuple[str, ...]) -> list[Choice]:
        if include.data.get("filter"):
            include.refuse("chooses codes by a rule; give the expansion", "filter")
            return []
        if others := include.data.get("valueSet"):
            return self._of_other_sets(include, others, trail)
        system = include.text("system")
        if include.data.get("concept"):
            places = [
                Node({**node.data, "system": system}, node.path, node.report) for node in include.nodes("concept")
            ]
            return [choice for node in _in_order(places) if (choice := self.named(node))]
        return self._whole_system(include, system)

    def _of_other_sets(self, include: Node, others: Any, trail: tuple[str, ...]) -> list[Choice]:
        names = others if isinstance(others, list) else [others]
        found = self._find(str(names[0]))
        if len(names) > 1 or include.data.get("system"):
            include.refuse("takes what several sets share; give the expansion", "valueSet")
        elif found is None:
            include.refuse(f'names the set "{str(names[0])[:200]}", which {_MISSING}', "valueSet")
        else:
            return list(self._expand(found, trail))
        return []

    def _whole_system(self, include: Node, system: str | None) -> list[Choice]:
        found = self._systems.whole(system) if system else None
        if found is None:
            include.refuse("takes a whole code system, which is not in the file; give the expansion or the CodeSystem")
            return []
        concepts = list(flat(found, "concept"))[: MOST_ANSWERS + 1]
        places = [Node({**node.data, "system": system}, node.path, node.report) for node in concepts]
        return [choice for node in places if (choice := self.named(node))]

    def _words(self, node: Node) -> Texts | None:
        texts = self._tongue.texts(node, "display")
        if texts is None:
            return None
        added: Texts = {}
        for designation in node.nodes("designation"):
            language = language_code(designation.text("language") or "")
            wording = designation.text("value")
            if language and wording and designation.data.get("use") is None:
                added[language] = wording
        return {**self._tongue.checked(added, node, "designation"), **texts}


def _resources(root: Node) -> Iterator[Node]:
    for node in root.nodes("contained"):
        if node.data.get("resourceType") in TERMINOLOGY:
            yield node
        else:
            node.note("is no ValueSet or CodeSystem; it is left out")


def _of_kind(kind: str, nodes: Iterable[Node]) -> Iterator[Node]:
    return (node for node in nodes if node.data.get("resourceType") == kind)


def _names(node: Node) -> Iterator[str]:
    """By what a set can be named: "#id" from inside the file, else its address, with its version or without."""
    name, url, version = node.text("id"), node.text("url"), node.text("version")
    if name:
        yield f"#{name}" if node.path.startswith("Questionnaire.contained") else f"ValueSet/{name}"
    if url:
        yield url
        yield f"{url}|{version}"


def _in_order(concepts: list[Node]) -> list[Node]:
    """As listed, unless every concept has a place of its own."""
    places = [extension.number() if (extension := node.extension(CONCEPT_ORDER)) else None for node in concepts]
    given = [place for place in places if place is not None]
    if len(set(given)) < len(concepts):
        return concepts
    return [node for _, node in sorted(zip(given, concepts, strict=True), key=lambda pair: pair[0])]

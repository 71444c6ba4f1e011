"""What FHIR has no words for, carried in one extension of an exported Questionnaire. Pure.

The root extension ``codes.DEFINITION`` holds, as ``valueString``, a JSON merge patch (RFC 7396): what has to be changed
in the definition that reads out of the Questionnaire alone, to make it the one that was exported. So it is always
complete, holds nothing that FHIR itself says, and is small where FHIR says much.

The patch is over the *flat* form of a definition, in which nothing that has a name stands in a list:

- ``items``: by linkId, each as in a definition; ``options`` is a number, see below
- ``groups``: by linkId, and ``group_order``: their linkIds
- ``blocks``: by id, ``items`` being linkIds, and ``block_order``: their ids
- ``option_sets``: by "1", "2", … in the order of first use (unused ones last, by name), and ``option_names``
- everything else as in a definition: ``slug``, ``languages``, ``scales``, ``alerts``, ``origin``, …

Reading it back: ``native, patch = split(questionnaire)``; ``data = reading.read_plain(native)`` (the definition's
plain data, not validated yet, as if the extension were not there); and, unless patch is None, ``patched(data, patch)``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

from assessments.exceptions import Problem, UnreadableQuestionnaire
from assessments.fhir.codes import DEFINITION, ENABLE_WHEN_EXPRESSION
from assessments.fhir.files import parse_json
from assessments.fhir.links import unique_links

Data = dict[str, Any]


def split(questionnaire: Data) -> tuple[Data, Data | None]:
    """The Questionnaire as FHIR alone says it, and the patch in it; None where it was not exported from here.

    With a patch, ``enableWhenExpression`` and ``description`` are left out as well: the patch says the same. Raises
    UnreadableQuestionnaire when the extension cannot be read.
    """
    for number, extension in enumerate(_list(questionnaire.get("extension"))):
        if isinstance(extension, dict) and extension.get("url") == DEFINITION:
            patch = _patch_in(extension, f"Questionnaire.extension[{number}].valueString")
            native = _without_ours(questionnaire)
            return {name: value for name, value in native.items() if name.lstrip("_") != "description"}, patch
    return questionnaire, None


def patched(data: Data, patch: Data) -> Data:
    """The definition's data that the exported one had; raises UnreadableQuestionnaire when the patch does not fit."""
    try:
        return _deep(merged(flat(data), patch))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        _refuse("Questionnaire.extension", "does not fit the questionnaire; export it again", error)


def leftovers(data: Data, exported: Data) -> Data:
    """The patch from the data that were read to the data that were exported."""
    return difference(flat(data), flat(exported))


def as_text(patch: Data) -> str:
    return json.dumps(patch, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def flat(data: Data) -> Data:
    """A definition's data in the form that patches are made for."""
    taken: set[str] = set()
    items = [item for block in data["blocks"] for item in block["items"]]
    links = unique_links(((item["id"], item.get("link_id")) for item in items), taken)
    groups = data.get("groups", [])
    group_links = unique_links(((group["id"], group.get("link_id")) for group in groups), taken)
    numbers = {name: str(number) for number, name in enumerate(_option_sets_in_order(data, items), start=1)}
    named = {links[item["id"]]: {**item} for item in items}
    for item in named.values():
        if "options" in item:
            item["options"] = numbers[item["options"]]
    return {
        **{key: value for key, value in data.items() if key not in {"blocks", "groups", "option_sets"}},
        "items": named,
        "groups": {group_links[group["id"]]: group for group in groups},
        "group_order": list(group_links.values()),
        "blocks": {
            block["id"]: {**block, "items": [links[item["id"]] for item in block["items"]]} for block in data["blocks"]
        },
        "block_order": [block["id"] for block in data["blocks"]],
        "option_sets": {number: data["option_sets"][name] for name, number in numbers.items()},
        "option_names": {number: name for name, number in numbers.items()},
    }


def _deep(data: Data) -> Data:
    """The inverse of ``flat``; raises KeyError, TypeError or AttributeError for what is missing or misshapen."""
    data = dict(data)
    items, blocks, groups = data.pop("items"), data.pop("blocks"), data.pop("groups")
    names, sets = data.pop("option_names"), data.pop("option_sets")
    for item in items.values():
        if "options" in item:
            item["options"] = names[item["options"]]
    block_order, group_order = data.pop("block_order"), data.pop("group_order")
    return {
        **data,
        "blocks": [{**blocks[name], "items": [items[link] for link in blocks[name]["items"]]} for name in block_order],
        "groups": [groups[link] for link in group_order],
        "option_sets": {names[number]: options for number, options in sets.items()},
    }


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> Data:
    """The merge patch from one to the other (RFC 7396). The new one holds no null: a patch cannot say it."""
    patch: Data = dict.fromkeys(old.keys() - new.keys())
    for key, value in new.items():
        there = old.get(key)
        if isinstance(value, dict) and isinstance(there, dict):
            if inner := difference(there, value):
                patch[key] = inner
        elif key not in old or not _same(there, value):
            patch[key] = value
    return patch


def merged(old: Any, patch: Any) -> Any:
    """What a merge patch makes of the old data (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    kept = old if isinstance(old, dict) else {}
    changed = {key: merged(kept.get(key), value) for key, value in patch.items() if value is not None}
    return {key: value for key, value in kept.items() if key not in patch} | changed


def _same(old: Any, new: Any) -> bool:
    """Equal as JSON: True is not 1, and 1.0 is written otherwise than 1."""
    return bool(as_text({"": old}) == as_text({"": new}))


def _option_sets_in_order(data: Data, items: Iterable[Data]) -> Iterator[str]:
    used = dict.fromkeys(item["options"] for item in items if "options" in item)
    yield from used
    yield from sorted(data.get("option_sets", {}).keys() - used.keys())


def _patch_in(extension: Data, path: str) -> Data:
    """The same limits hold as for a file."""
    text = extension.get("valueString")
    try:
        return parse_json(text.encode() if isinstance(text, str) else b"")
    except UnreadableQuestionnaire as error:
        _refuse(path, "is not what an export writes; export the questionnaire again", error)


def _without_ours(part: Any) -> Any:
    """The same without our extension and the expressions that stand beside it."""
    if isinstance(part, list):
        return [_without_ours(each) for each in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _without_ours(value) for key, value in part.items() if key != "extension"}
    others = [each for each in _list(part.get("extension")) if not _ours(each)]
    return {**kept, "extension": others} if others else kept


def _ours(extension: Any) -> bool:
    return isinstance(extension, dict) and extension.get("url") in {DEFINITION, ENABLE_WHEN_EXPRESSION}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _refuse(path: str, message: str, error: Exception | None = None) -> NoReturn:
    raise UnreadableQuestionnaire([Problem(path, message)]) from error

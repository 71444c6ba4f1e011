"""Scales that are new, gone, computed or read otherwise."""

from collections.abc import Iterator, Mapping

from assessments.definition import Mirror, Scale
from assessments.differences.base import Area, Difference, Effect, Versions
from assessments.differences.fields import came_or_went, changed_fields, in_field, reordered
from assessments.differences.words import shown

_READING = frozenset({"direction", "uncertainty", "bands", "cutoffs", "reliable_change", "norms"})
_LABELS = {"minimum": "answers needed", "kind": "how it is computed"}
_MEMBERS = {
    "items": ("now counts", "no longer counts"),
    "scales": ("now counts the scale", "no longer counts the scale"),
    "reversed": ("now reverses", "no longer reverses"),
}


def in_scoring(versions: Versions) -> Iterator[Difference]:
    old, new = ({scale.id: scale for scale in version.scales} for version in (versions.old, versions.new))
    for scale_id in dict.fromkeys((*old, *new)):
        was, now = old.get(scale_id), new.get(scale_id)
        if was and now:
            yield from _in_scale(was, now)
        else:
            effect: Effect = "scoring" if was else "none"
            yield came_or_went(f"Scale {scale_id}", Area.SCORING, was, now, _described, effect=effect)
    yield from reordered("Scales", Area.SCORING, old, new)
    yield from _in_mirrors(versions)


def _described(scale: Scale) -> str:
    return f"{shown(scale.title)}; {scale.kind} of {', '.join(scale.parts)}"


def _in_scale(old: Scale, new: Scale) -> Iterator[Difference]:
    about = f"Scale {new.id}"
    for field, before, after in changed_fields(old, new):
        effect: Effect = "none" if field == "title" else "reading" if field in _READING else "scoring"
        for what, was, now in _in_field(field, before, after):
            yield Difference(Area.SCORING, about, what, was, now, effect)


def _in_field(field: str, before: object, after: object) -> Iterator[tuple[str, str, str]]:
    if isinstance(before, tuple) and isinstance(after, tuple) and field in _MEMBERS:
        yield from _in_members(field, before, after)
    elif isinstance(before, Mapping) and isinstance(after, Mapping) and field == "weights":
        yield from _in_weights(before, after)
    elif field in _LABELS:
        yield _LABELS[field], shown(before), shown(after)
    else:
        yield from in_field(field, before, after)


def _in_members(field: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    joined, left = _MEMBERS[field]
    yield from ((f"{left} {item}", "", "") for item in before if item not in after)
    yield from ((f"{joined} {item}", "", "") for item in after if item not in before)
    if sorted(before) == sorted(after):
        yield f"{field} listed in another order", shown(before), shown(after)


def _in_weights(before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[tuple[str, str, str]]:
    for item in dict.fromkeys((*before, *after)):
        if before.get(item) != after.get(item):
            yield f"weight of {item}", shown(before.get(item)), shown(after.get(item))


def _in_mirrors(versions: Versions) -> Iterator[Difference]:
    old, new = ({mirror.id: mirror for mirror in version.mirrors} for version in (versions.old, versions.new))
    paired = {scale.complete_pairs for version in (versions.old, versions.new) for scale in version.scales}
    for mirror_id in dict.fromkeys((*old, *new)):
        if old.get(mirror_id) != new.get(mirror_id):
            effect: Effect = "scoring" if mirror_id in paired else "reading"
            before, after = _pairs(old.get(mirror_id)), _pairs(new.get(mirror_id))
            yield Difference(Area.SCORING, f"Mirrored questions {mirror_id}", "pairs", before, after, effect)
    yield from reordered("Mirrored questions", Area.SCORING, old, new)


def _pairs(mirror: Mirror | None) -> str:
    return shown([f"{mine} – {theirs}" for mine, theirs in mirror.pairs]) if mirror else ""

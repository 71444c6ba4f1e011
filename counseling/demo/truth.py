"""What is true of the demo's couples, beside what the product found."""

from __future__ import annotations

from collections import defaultdict

from counseling.demo.cases import simulated
from counseling.demo.people import COUPLES
from counseling.demo.simulation import Kind
from counseling.enums import FindingEventKind, Pattern
from counseling.models import Case, Clinic, Finding, FindingEvent

Flags = frozenset[tuple[str, str]]
SPOKEN: dict[Kind, Flags] = {Kind.AFRAID_B: frozenset({(Pattern.SAFETY.value, "b")})}
"""What they say in so many words, and no estimate is needed for."""
RAISED = (FindingEventKind.RAISED, FindingEventKind.REOPENED)


def truth_table(clinic: Clinic) -> str:
    """One row a kind of couple: how many there are, and how many were flagged rightly, wrongly, or not at all.

    Counts what was ever raised in the six months.
    """
    rows: dict[Kind, list[tuple[Flags, Flags]]] = defaultdict(list)
    found = _found(clinic)
    for (*_given, family), couple in zip(COUPLES, simulated(), strict=True):
        rows[couple.truth.kind].append((couple.truth.flags | SPOKEN.get(couple.truth.kind, frozenset()), found[family]))
    lines = [f"{'truth':<20} {'couples':>8} {'found':>6} {'missed':>7} {'flagged wrongly':>16}"]
    for kind, couples in rows.items():
        hits = sum(bool(true) and true <= seen for true, seen in couples)
        missed = sum(bool(true) and not true <= seen for true, seen in couples)
        wrong = sum(bool(seen - true) for true, seen in couples)
        lines.append(f"{kind:<20} {len(couples):>8} {hits:>6} {missed:>7} {wrong:>16}")
    return "\n".join(lines)


def _found(clinic: Clinic) -> dict[str, Flags]:
    """By family name, the (pattern, member) pairs that were ever raised."""
    cases = {case.pk: case for case in Case.objects.filter(clinic=clinic).with_people()}
    raised = FindingEvent.objects.filter(finding__clinic=clinic, kind__in=RAISED).values("finding")
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for finding in Finding.objects.filter(pk__in=raised):
        members = cases[finding.case_id].members
        letter = "ab"[[member.pk for member in members].index(finding.subject_id)]
        found[members[0].family_name].add((finding.pattern, letter))
    return defaultdict(frozenset, {family: frozenset(flags) for family, flags in found.items()})

"""What a finding is called wherever staff read of it: something seen in answers, never a label on a person."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from counseling.enums import Pattern
from counseling.models import Finding
from counseling.queries.history import member_of


def with_headlines(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Each with what `headline` needs beside its people: ``comparison_suspended``, ``giver`` and ``label``.

    The last two are taken out of the evidence in the database, so that the rest of it need not be loaded.
    """
    rows: Any = findings
    told: QuerySet[Finding] = rows.with_suspension().annotate(giver=KT("evidence__giver"), label=KT("evidence__label"))
    return told


def headline(finding: Any) -> str:
    """A finding of `with_headlines` in a few words; one that compares names nobody while comparing is paused."""
    if finding.comparison_suspended and finding.pattern != Pattern.SAFETY:
        return _("%(pattern)s (paused)") % {"pattern": finding.get_pattern_display()}
    return _observation(finding) % {"name": finding.subject.given_name}


def _observation(finding: Any) -> str:
    """The subject of a single client's case is the client, also where it is the other person who gives more."""
    if finding.pattern == Pattern.SAFETY:
        return _("Safety: %(name)s’s answers")
    if finding.pattern == Pattern.ONE_SIDED:
        gives = finding.giver in {None, member_of(finding.case, finding.subject_id)}
        if gives:
            return _("One-sided: %(name)s appears to give more")
        return _("One-sided: %(name)s appears to receive more")
    if finding.label == "blurred_boundaries":
        return _("Blurred boundaries: in %(name)s’s answers")
    return _("Enmeshed: in %(name)s’s answers")

"""Two versions side by side: what changed, in words."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.admin.base import Screen, find_version
from assessments.differences import Difference, Effect, differences, effect_on_scores
from assessments.models import InstrumentVersion

EFFECTS: dict[Effect, object] = {
    "none": gettext_lazy("Old and new scores compare as they are."),
    "reading": gettext_lazy(
        "Scores are the same numbers, but what is known of them changed: errors, bands, cut-offs or norms."
    ),
    "asking": gettext_lazy(
        "Scores are computed alike, but a scored question is asked in other words, at another place or of other "
        "people. Judge whether old and new scores still compare."
    ),
    "scoring": gettext_lazy("Scores are computed differently: do not compare old with new ones."),
}
"""What the differences mean for somebody who follows a score over time."""


def compare(screen: Screen, request: HttpRequest, object_id: object) -> HttpResponse:
    """What this version changed against ``with``, the version before it or the one that is chosen."""
    version = find_version(object_id)
    others = list(
        InstrumentVersion.objects.without_definition()
        .filter(instrument=version.instrument_id)
        .exclude(pk=version.pk)
        .order_by("-number")
    )
    other = _chosen(request, version, others)
    found = differences(other.definition, version.definition) if other else ()
    return screen.show(
        request,
        "compare.html",
        title=_("What changed in %(version)s") % {"version": version},
        version=version,
        other=other,
        others=others,
        **difference_context(found),
    )


def difference_context(found: tuple[Difference, ...]) -> dict[str, Any]:
    """What the template ``differences.html`` shows: what touches alerts, then the rest by area."""
    rest = [difference for difference in found if not difference.risk]
    return {
        "differences": found,
        "risks": [difference for difference in found if difference.risk],
        "areas": [(area, list(each)) for area, each in groupby(rest, key=lambda difference: difference.area)],
        "effect": effect_on_scores(found),
        "effect_in_words": EFFECTS[effect_on_scores(found)],
    }


def _chosen(
    request: HttpRequest, version: InstrumentVersion, others: list[InstrumentVersion]
) -> InstrumentVersion | None:
    wanted = request.GET.get("with")
    if wanted is None:
        return next((other for other in others if other.number < version.number), None)
    other = next((other for other in others if str(other.pk) == wanted), None)
    if other is None:
        raise Http404("No such version")
    return other

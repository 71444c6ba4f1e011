"""The addresses of one form's pages, all below ``/q/<ref>/``."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse

from assessments.models import Response
from counseling.models import FollowUp
from counseling.tokens import short_ref
from counseling.web import walk

CHECKING = "check"
"""In the query of a part's address: the person came from the check page and goes back there."""


def introduction_address(follow_up: FollowUp) -> str:
    return reverse("client:introduction", args=[short_ref(follow_up.token_digest)])


def part_address(follow_up: FollowUp, part: walk.Part, *, checking: bool = False) -> str:
    address = reverse("client:part", args=[short_ref(follow_up.token_digest), part.number])
    return f"{address}?{CHECKING}=1" if checking else address


def check_address(follow_up: FollowUp) -> str:
    return reverse("client:check", args=[short_ref(follow_up.token_digest)])


def receipt_address(follow_up: FollowUp) -> str:
    return reverse("client:receipt", args=[short_ref(follow_up.token_digest)])


def go_on_address(follow_up: FollowUp, draft: Response) -> str:
    """Where the person goes on: a page, or the check page once all were met."""
    part = walk.part_to_go_on_with(follow_up.version.definition, draft.answers)
    return part_address(follow_up, part) if part else check_address(follow_up)


def is_checking(query: QueryDict) -> bool:
    return CHECKING in query

"""The addresses mailed to clients: made from what the row keeps, so that a retry or a resend writes the same link."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypedDict
from uuid import UUID

from django.urls import get_script_prefix, reverse

from counseling.conf import conf, keys
from counseling.exceptions import LinkUnusable
from counseling.models import FollowUp
from counseling.tokens import link_token, read_stop_token, stop_token, token_digest

NONCE_BYTES = 16


class LinkColumns(TypedDict):
    """What a follow-up stores about its link: enough to derive it with the key, nothing to open it with."""

    token_key: str
    token_nonce: str
    token_digest: str


def new_links(follow_ups: Iterable[UUID]) -> Iterator[tuple[str, str, str]]:
    """The values of `LinkColumns` for many follow-ups."""
    ring = keys().tokens
    key_id = next(iter(ring))
    for follow_up in follow_ups:
        nonce = secrets.token_hex(NONCE_BYTES)
        token = link_token(ring, key_id, follow_up=follow_up, nonce=nonce)
        yield key_id, nonce, token_digest(token)


def new_link(follow_up: UUID) -> LinkColumns:
    """The columns of a fresh link for the follow-up with that id, under the newest key."""
    [(key_id, nonce, digest)] = new_links([follow_up])
    return LinkColumns(token_key=key_id, token_nonce=nonce, token_digest=digest)


def form_token(follow_up: FollowUp) -> str:
    """The secret of the follow-up's link. Raises `KeyMissing` when the key it was made with is gone."""
    return link_token(keys().tokens, follow_up.token_key, follow_up=follow_up.pk, nonce=follow_up.token_nonce)


def form_link(follow_up: FollowUp) -> str:
    """The address at which the client answers. Never log it."""
    return _public(_address("client:open", get_script_prefix()), form_token(follow_up))


def stop_link(follow_up: FollowUp) -> str:
    """The address at which the client stops the emails: a page to people, one click to mail programs (RFC 8058)."""
    return _public(_address("client:stop", get_script_prefix()), stop_token(keys().tokens, about=follow_up.pk))


def find_stopping(signed: str) -> FollowUp:
    """The follow-up whose email the stop link came with, its client and enrollment loaded: what is to be stopped.

    However long ago that was. Raises `LinkUnusable` when it is not one of ours.
    """
    about = read_stop_token(keys().tokens, signed)
    rows = FollowUp.objects.select_related("client", "enrollment")
    found = rows.only("case", "client__clinic", "client__language", "enrollment__plan").filter(pk=about).first()
    if found is None:
        raise LinkUnusable("no email came with this link")
    return found


def _public(address: str, secret: str) -> str:
    return conf().public_url.rstrip("/") + address.replace(_GAP, secret)


_GAP = "the-secret-goes-here"


@lru_cache
def _address(view: str, _prefix: str) -> str:
    """The page's address with `_GAP` where the secret goes. Looked up once: it is written into every email."""
    return reverse(view, args=[_GAP])

from __future__ import annotations

from uuid import uuid4

import pytest

from counseling.exceptions import KeyMissing, LinkUnusable
from counseling.links import find_stopping, form_link, form_token, new_link, stop_link
from counseling.models import FollowUp
from counseling.tokens import token_digest
from tests.counseling.outbox.mailing import due_follow_up

OTHER_KEY = "other:YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODk="


@pytest.fixture
def rotated(settings):
    """A newer key in front of the one that links were made with."""

    def rotate(*, keep: bool) -> None:
        old = settings.COUNSELING["TOKEN_KEYS"] if keep else []
        settings.COUNSELING = {**settings.COUNSELING, "TOKEN_KEYS": [OTHER_KEY, *old]}

    return rotate


def test_a_new_link_stores_how_to_make_it_and_nothing_that_opens_it():
    pk = uuid4()
    columns = new_link(pk)
    token = form_token(FollowUp(id=pk, **columns))
    assert columns["token_digest"] == token_digest(token)
    assert columns["token_key"] == "test"
    assert token not in str(columns)


def test_two_links_of_one_follow_up_differ():
    pk = uuid4()
    assert new_link(pk)["token_digest"] != new_link(pk)["token_digest"]


def test_the_link_is_the_same_each_time_and_lies_under_the_public_address(settings):
    settings.COUNSELING = {**settings.COUNSELING, "PUBLIC_URL": "https://forms.clinic.example/"}
    pk = uuid4()
    follow_up = FollowUp(id=pk, **new_link(pk))
    assert form_link(follow_up) == form_link(follow_up)
    assert form_link(follow_up) == f"https://forms.clinic.example/f/{form_token(follow_up)}/"


def test_a_link_outlives_its_keys_rotation_but_not_its_removal(rotated):
    pk = uuid4()
    follow_up = FollowUp(id=pk, **new_link(pk))
    before = form_link(follow_up)
    rotated(keep=True)
    assert form_link(follow_up) == before
    assert new_link(pk)["token_key"] == "other"
    rotated(keep=False)
    with pytest.raises(KeyMissing):
        form_link(follow_up)


@pytest.mark.django_db
def test_a_follow_up_is_found_by_what_its_link_says():
    follow_up = due_follow_up()
    token = form_link(follow_up).rstrip("/").rpartition("/")[2]
    assert FollowUp.objects.get(token_digest=token_digest(token)) == follow_up


@pytest.mark.django_db
def test_a_stop_link_names_its_email_also_after_the_key_was_rotated(rotated):
    follow_up = due_follow_up()
    signed = stop_link(follow_up).rstrip("/").rpartition("/")[2]
    rotated(keep=True)
    assert find_stopping(signed) == follow_up


@pytest.mark.django_db
def test_what_nobody_signed_or_is_gone_stops_nothing():
    signed = stop_link(FollowUp(id=uuid4())).rstrip("/").rpartition("/")[2]
    for text in (signed, "x" * len(signed), ""):
        with pytest.raises(LinkUnusable):
            find_stopping(text)

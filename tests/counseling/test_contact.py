from __future__ import annotations

import pytest

from counseling.contact import obstacles
from counseling.models import Client

REACHABLE = {"email_is_safe": True, "email_index": "a", "time_zone": "Europe/Madrid"}


def test_nothing_stands_against_writing_to_a_client_who_agrees():
    assert obstacles(Client(**REACHABLE), agrees=True) == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email_is_safe": False}, "email_unsafe"),
        ({"email_index": ""}, "no_email"),
        ({"suspended_index": "a"}, "address_suspended"),
        ({"time_zone": ""}, "no_zone"),
        ({"time_zone": "Mars/Olympus"}, "no_zone"),
    ],
)
def test_each_obstacle_has_its_name(changes, reason):
    assert obstacles(Client(**{**REACHABLE, **changes}), agrees=True) == (reason,)


def test_consent_comes_first():
    nothing = Client(email_is_safe=False, email_index="", time_zone="")
    assert obstacles(nothing, agrees=False) == ("no_consent", "email_unsafe", "no_email", "no_zone")


def test_a_new_address_is_free_of_the_suspension_of_the_old_one():
    assert obstacles(Client(**REACHABLE, suspended_index="b"), agrees=True) == ()
    assert obstacles(Client(**{**REACHABLE, "email_index": ""}, suspended_index=""), agrees=True) == ("no_email",)


def test_a_stopped_plan_stands_against_its_own_emails():
    assert obstacles(Client(**REACHABLE), agrees=True, plan_stopped=True) == ("plan_stopped",)

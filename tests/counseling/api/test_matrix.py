"""Every address × every role × every method: what is answered, and that no address was forgotten."""

from __future__ import annotations

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from counseling.api.urls import urlpatterns
from tests.counseling.api.work import everybody
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LISTS = (
    "clients",
    "relationships",
    "cases",
    "sessions",
    "enrollments",
    "follow-ups",
    "responses",
    "findings",
)
FOR_ALL_STAFF = ("plans", "colleagues", "schema", "docs")
WRITABLE = ("clients", "relationships", "cases", "sessions", "enrollments", "enrollments/preview")
MOVES = (
    "cases/{case}/hold",
    "cases/{case}/resume",
    "cases/{case}/close",
    "sessions/{session}/reschedule",
    "sessions/{session}/settle",
    "enrollments/{enrollment}/end",
    "enrollments/{enrollment}/pause",
    "enrollments/{enrollment}/resume",
    "enrollments/{enrollment}/change",
    "findings/{finding}/claim",
    "findings/{finding}/confirm",
    "findings/{finding}/dismiss",
    "findings/{finding}/watch",
)
DETAILS = (
    "clients/{client}",
    "relationships/{relationship}",
    "cases/{case}",
    "sessions/{session}",
    "enrollments/{enrollment}",
    "follow-ups/{follow_up}",
    "responses/{response}",
    "responses/{response}/fhir",
    "findings/{finding}",
)
IN_REACH = ("counselor", "supervisor")
OUT_OF_REACH = ("colleague", "other_supervisor", "stranger")
ROLES = (*IN_REACH, *OUT_OF_REACH, "clinic_admin")


def address(route, work):
    rows = {name: row.pk for name, row in vars(work).items()}
    return f"/api/v1/{route.format(relationship=work.case.relationship_id, **rows)}/"


def test_the_tables_above_name_every_address():
    """Each route of the router is one of the lists, details or moves; a list and its creation share an address."""
    routes = {url.name for url in urlpatterns[-1].url_patterns}
    assert len(routes) == len({*LISTS, *DETAILS, *MOVES, "enrollments/preview", "plans", "plans/{plan}", "colleagues"})


def signed_in(user):
    client = APIClient()
    client.force_login(user)
    return client


@pytest.mark.parametrize("route", LISTS)
def test_a_list_holds_what_is_within_reach(route, work, calling):
    people = everybody(work)
    for role in IN_REACH:
        assert len(calling(people[role]).get(address(route, work)).data["results"]) > 0, role
    for role in OUT_OF_REACH:
        answer = calling(people[role]).get(address(route, work))
        assert (answer.status_code, answer.data["results"]) == (200, []), role
    assert calling(people["clinic_admin"]).get(address(route, work)).status_code == 403


def test_what_is_about_no_client_is_for_all_staff(work, calling):
    for role, person in everybody(work).items():
        for route in FOR_ALL_STAFF:
            assert calling(person).get(address(route, work)).status_code == 200, (route, role)


@pytest.mark.parametrize("route", DETAILS)
def test_a_row_out_of_reach_does_not_exist(route, work, calling):
    people = everybody(work)
    expected = dict.fromkeys(IN_REACH, 200) | dict.fromkeys(OUT_OF_REACH, 404) | {"clinic_admin": 403}
    got = {role: calling(people[role]).get(address(route, work)).status_code for role in ROLES}
    assert got == expected


@pytest.mark.parametrize("key", ["00000000-0000-7000-8000-000000000000", "garbage", "1"])
def test_a_row_out_of_reach_answers_as_one_that_never_was(key, work, calling):
    stranger = calling(everybody(work)["stranger"])
    for route in DETAILS:
        never_was = stranger.get(f"/api/v1/{route.split('/')[0]}/{key}/")
        out_of_reach = stranger.get(address(route, work))
        assert (never_was.status_code, never_was.data) == (out_of_reach.status_code, out_of_reach.data)


@pytest.mark.parametrize("route", MOVES)
def test_a_move_of_a_row_out_of_reach_does_not_exist(route, work, calling):
    people = everybody(work)
    for role in OUT_OF_REACH:
        assert calling(people[role]).post(address(route, work), {}, format="json").status_code == 404, role
    assert calling(people["clinic_admin"]).post(address(route, work), {}, format="json").status_code == 403


@pytest.mark.parametrize("route", WRITABLE)
def test_a_clinics_admin_writes_nothing_clinical(route, work, calling):
    admin = calling(everybody(work)["clinic_admin"])
    assert admin.post(address(route, work), {}, format="json").status_code == 403


EVERYTHING = (*LISTS, *FOR_ALL_STAFF, *WRITABLE, *DETAILS, *MOVES, "plans/{plan}")
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


def test_whoever_is_not_on_the_staff_gets_nothing(work):
    outsider = UserFactory()
    for client in (APIClient(), signed_in(outsider), APIClient(headers={"Authorization": "Token idp_guess"})):
        for route in EVERYTHING:
            for method in METHODS:
                answer = getattr(client, method)(address(route, work))
                assert answer.status_code == 401, (route, method)
                assert answer.headers["WWW-Authenticate"] == "Token"


def test_nothing_is_replaced_deleted_or_described(work, api):
    for route in EVERYTHING:
        for method in ("put", "delete", "options"):
            assert getattr(api, method)(address(route, work)).status_code == 405, (route, method)


def test_opening_the_address_of_a_move_moves_nothing(work, api):
    assert {api.get(address(route, work)).status_code for route in MOVES} == {405}


def test_an_unknown_key_in_a_filter_narrows_to_nothing_like_a_foreign_one(work, calling):
    stranger = calling(everybody(work)["stranger"])
    for route, key in (("sessions", "case"), ("follow-ups", "client"), ("findings", "case"), ("responses", "client")):
        foreign = work.case.pk if key == "case" else work.client.pk
        answers = [stranger.get(f"/api/v1/{route}/", {key: value}).data for value in (foreign, uuid4())]
        assert answers[0] == answers[1]

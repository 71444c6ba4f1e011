"""What a list costs does not depend on how much is in it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.counseling.api.work import work_of

pytestmark = pytest.mark.django_db
LISTS = (
    "clients",
    "relationships",
    "cases",
    "sessions",
    "plans",
    "colleagues",
    "enrollments",
    "follow-ups",
    "responses",
    "findings",
)


AUDITED = "responses"  # one transaction more: lock the chain, read its end, append


def queries_of(api, address):
    with CaptureQueriesContext(connection) as queries:
        assert api.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("route", LISTS)
def test_a_list_costs_the_same_with_one_and_with_three_of_each(route, api, work):
    address = f"/api/v1/{route}/"
    with_one = queries_of(api, address)
    for _ in range(2):
        work_of(work.counselor)
    assert queries_of(api, address) == with_one
    assert with_one <= (12 if route == AUDITED else 5)


@pytest.mark.parametrize(
    "route", ["follow-ups/{follow_up}", "cases/{case}", "findings/{finding}", "responses/{response}"]
)
def test_a_single_row_costs_little(route, api, work):
    keys = {name: row.pk for name, row in vars(work).items()}
    assert queries_of(api, f"/api/v1/{route.format(**keys)}/") <= 12

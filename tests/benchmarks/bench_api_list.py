"""What the thousandth page of a list costs beside the first one."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from counseling.actions.api_tokens import issue_api_token
from counseling.api import throttling
from counseling.models import Case, Session
from tests.benchmarks.databases import throwaway_database
from tests.benchmarks.registry import Measurement, benchmark
from tests.benchmarks.timing import compare
from tests.factories import NOW, CaseFactory

PAGE = 50
PAGES = 1000
UNLIMITED = {"counseling_read": None, "counseling_write": None}


@benchmark("api_list_deep_page", unit="pages/s", against="the first page of the same list")
def api_list_deep_page() -> Measurement:
    with throwaway_database(), mock.patch.object(throttling, "RATES", UNLIMITED):
        case: Case = CaseFactory()  # type: ignore[assignment, no-untyped-call]
        Session.objects.bulk_create(
            [Session(case=case, counselor=case.lead, starts_at=NOW) for _ in range(PAGE * (PAGES + 1))], batch_size=5000
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the server does by itself within a minute
        api = client_of(case)
        first = "/api/v1/sessions/"
        deep = address_of_page(api, first, PAGES)
        seconds = compare(lambda: api.get(deep), lambda: api.get(first))
    return Measurement(figure=1 / seconds.ours, reference=1 / seconds.reference)


def client_of(case: Case) -> APIClient:
    _token, secret = issue_api_token(
        case.lead, name="benchmark", lifetime=timedelta(hours=1), by=None, now=timezone.now()
    )
    return APIClient(headers={"Authorization": f"Token {secret}"})


def address_of_page(api: APIClient, address: str, number: int) -> str:
    """Walk to it in the largest steps there are; the last cursor serves pages of the usual size as well."""
    steps = number * PAGE // 200
    page = api.get(f"{address}?page_size=200").json()
    for _ in range(steps - 1):
        page = api.get(page["next"]).json()
    following: str = page["next"]
    return following.replace("page_size=200", f"page_size={PAGE}")

from __future__ import annotations

import pytest
from django.urls import reverse

from counseling.admin.thresholds import sections_of
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of
from tests.factories import ThresholdSetFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/counseling/thresholdset/"


def test_nested_numbers_are_laid_out_by_section():
    values = {"one_sided": {"couple": {"size": 15, "raise_at": 0.8}, "pairs": 2}, "version": 1}
    assert sections_of(values) == {
        "one sided": [("couple: size", 15), ("couple: raise at", 0.8), ("pairs", 2)],
        "version": [("", 1)],
    }


def test_a_version_is_there_to_read_with_its_caveat(work):
    page = browser_of(work.supervisor).get(reverse("admin:counseling_thresholdset_change", args=[work.thresholds.pk]))
    assert "Thresholds are editable judgements, not norms." in page.text
    assert "raise at" in page.text


def test_nothing_can_be_posted_to_it(work):
    url = reverse("admin:counseling_thresholdset_change", args=[work.thresholds.pk])
    assert browser_of(work.supervisor).post(url, {"move": "save"}).status_code == 400


def test_the_number_of_queries_is_the_same_with_1_and_3_rows(work):
    supervisor = browser_of(work.supervisor)
    before = queries_of(supervisor, LIST)
    for number in (2, 3):
        ThresholdSetFactory(clinic=work.case.clinic, number=number, created_by=work.supervisor)
    assert queries_of(supervisor, LIST) == before

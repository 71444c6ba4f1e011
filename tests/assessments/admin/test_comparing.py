from __future__ import annotations

import pytest

from assessments.actions.versions import draft_version
from tests.assessments.admin.people import of_version
from tests.assessments.factories import published, small, small_data

pytestmark = pytest.mark.django_db


def test_a_version_is_compared_with_the_one_before_it(reader, version, draft):
    page = reader.get(of_version(draft, "compare"))
    assert (page.context["other"], [str(each) for each in page.context["differences"]]) == (
        version,
        ["Questionnaire: period asked about (en): Today. → Yesterday."],
    )
    assert "Judge whether old and new scores still compare." in page.text


def test_any_other_version_can_be_chosen(reader, version, draft):
    third = draft_version(small())
    page = reader.get(of_version(version, "compare"), {"with": third.pk})
    assert (page.context["other"], page.context["differences"]) == (third, ())
    assert "the two are the same" in page.text


def test_what_touches_an_alert_stands_first(reader, version):
    alerts = [{**small_data()["alerts"][0], "at_or_above": 2}]
    page = reader.get(of_version(draft_version(small(alerts=alerts)), "compare")).text
    assert page.index("Look at these first") < page.index("Safety alert on a")


def test_the_first_version_has_none_before_it(reader, version):
    page = reader.get(of_version(version, "compare"))
    assert (page.context["other"], "no earlier version" in page.text) == (None, True)


def test_another_questionnaire_s_version_is_not_compared(reader, version):
    other = published(small(slug="other"))
    for wanted in (other.pk, version.pk, "nonsense"):
        assert reader.get(of_version(version, "compare"), {"with": wanted}).status_code == 404

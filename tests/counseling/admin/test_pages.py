from __future__ import annotations

import pytest
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.utils import timezone

from counseling.admin.pages import page_urls, registered_pages, staff_page
from counseling.exceptions import NotAllowed
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def request_of(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_a_page_runs_and_renders_in_the_clinic_s_time_zone():
    staff = StaffFactory(clinic__time_zone="Asia/Tokyo")
    seen = []

    @staff_page
    def page(request):
        seen.append(timezone.get_current_timezone_name())
        return TemplateResponse(request, "admin/404.html")

    response = page(request_of(staff.user))
    assert (seen, response.is_rendered) == (["Asia/Tokyo"], True)
    assert timezone.get_current_timezone_name() == "UTC"


def test_somebody_without_a_clinic_reads_in_the_project_s_own_time_zone():
    page = staff_page(lambda _request: HttpResponse(timezone.get_current_timezone_name()))
    assert page(request_of(UserFactory())).text == "UTC"


@pytest.mark.parametrize("refusal", [PermissionDenied, NotAllowed])
def test_what_one_may_not_do_does_not_exist(refusal):
    @staff_page
    def page(_request):
        raise refusal

    with pytest.raises(Http404):
        page(request_of(StaffFactory().user))


def test_registered_pages_have_addresses_on_any_site_that_asks_for_them():
    names = [url.name for url in page_urls(AdminSite(name="host"))]
    assert names == [page.name for page in registered_pages()]
    assert "counseling_reports" in names

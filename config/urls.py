"""Every address of the project, in production and embedded mode alike."""

from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout, password_change
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.generic import RedirectView

from config import health


@secure_admin_login
def admin_login(_request: HttpRequest, _extra_context: object = None) -> HttpResponse:
    """Stands in for the admin's own login, which would take a password alone, also to change from one account to another.

    Reached by staff who are signed in already; everybody else is sent to sign in through allauth.
    """
    return redirect("admin:index")


admin.site.login = admin_login  # has to stand before `admin.site.urls` is read

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("accounts/", include("allauth.urls")),
    # One way out and one way to change a password, also from the admin's own header.
    path("admin/logout/", logout),
    path("admin/password_change/", password_change),
    path("admin/", admin.site.urls),
]

if find_spec("counseling.api") and find_spec("counseling.api.urls"):
    urlpatterns += [path("api/v1/", include("counseling.api.urls"))]
if find_spec("counseling.web") and find_spec("counseling.web.urls"):
    urlpatterns += [path("", include("counseling.web.urls"))]

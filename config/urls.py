"""Every address of the project, in production and embedded mode alike."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from config import health
from config.webhooks import webhook_urls


@secure_admin_login  # type: ignore[untyped-decorator]
def admin_login(_request: HttpRequest, _extra_context: object = None) -> HttpResponse:
    """Stands in for the admin's own login, which takes a password alone, even to change from one account to another.

    Reached by staff who are signed in already; everybody else is sent to sign in through allauth.
    """
    return redirect("admin:index")


# Has to stand before `admin.site.urls` is read.
admin.site.login = admin_login  # type: ignore[method-assign]

# allauth's pages, as far as staff need them: nobody signs up here or moves an account to another address.
account_pages = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("sendingz", health.sending, name="sending"),
    path("accounts/", include(account_pages)),
    # One way out and one way to change a password, also from the admin's own header.
    path("admin/logout/", account.logout),
    path("admin/password_change/", account.password_change),
    path("admin/", admin.site.urls),
    path("api/v1/", include("assessments.api.urls")),
    path("api/v1/", include("counseling.api.urls")),
    *webhook_urls(),
    path("", include("counseling.web.urls")),
]

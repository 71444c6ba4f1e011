"""The project's admin is counseling's: its site class decides the first page, who gets in and what it looks like."""

from importlib.util import find_spec

from django.contrib.admin.apps import AdminConfig


class ClinicAdminConfig(AdminConfig):
    default_site = (
        "counseling.admin.site.CounselingAdminSite"
        if find_spec("counseling.admin") and find_spec("counseling.admin.site")
        else "django.contrib.admin.sites.AdminSite"
    )

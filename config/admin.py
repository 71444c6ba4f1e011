"""The project's admin is counseling's: its site class decides the first page and what the site is called."""

from django.contrib.admin.apps import AdminConfig


class ClinicAdminConfig(AdminConfig):
    default_site = "counseling.admin.site.CounselingAdminSite"

"""The project's addresses and, on a laptop only, the mailbox."""

from django.urls import include, path

from config.urls import urlpatterns as project_urlpatterns

urlpatterns = [path("mailbox/", include("config.mailbox.urls")), *project_urlpatterns]

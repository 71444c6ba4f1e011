from __future__ import annotations

from django.urls import path

from assessments.api.importing import ImportView

app_name = "assessments_api"
urlpatterns = [
    path("questionnaires/", ImportView.as_view(), name="import"),
]

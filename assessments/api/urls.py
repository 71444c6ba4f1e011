from __future__ import annotations

from django.urls import path

from assessments.api.exporting import ExportView
from assessments.api.importing import ImportView

app_name = "assessments_api"
urlpatterns = [
    path("questionnaires/", ImportView.as_view(), name="import"),
    path("questionnaires/<slug:slug>/", ExportView.as_view(), name="export"),
]

from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from counseling.api.documentation import DocumentationView, SchemaView
from counseling.api.views.cases import CaseViewSet
from counseling.api.views.clients import ClientViewSet
from counseling.api.views.colleagues import ColleagueViewSet
from counseling.api.views.enrollments import EnrollmentViewSet
from counseling.api.views.findings import FindingViewSet
from counseling.api.views.follow_ups import FollowUpViewSet
from counseling.api.views.plans import PlanViewSet
from counseling.api.views.relationships import RelationshipViewSet
from counseling.api.views.responses import ResponseViewSet
from counseling.api.views.sessions import SessionViewSet

router = SimpleRouter()
router.register("clients", ClientViewSet)
router.register("relationships", RelationshipViewSet)
router.register("cases", CaseViewSet)
router.register("sessions", SessionViewSet)
router.register("plans", PlanViewSet)
router.register("enrollments", EnrollmentViewSet)
router.register("follow-ups", FollowUpViewSet)
router.register("responses", ResponseViewSet)
router.register("findings", FindingViewSet)
router.register("colleagues", ColleagueViewSet)

app_name = "counseling_api"
urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocumentationView.as_view(), name="docs"),
    path("", include(router.urls)),
]

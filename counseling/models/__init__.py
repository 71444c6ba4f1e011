"""The tables, one file a subject. Fields, constraints, small properties and named queries; no side effects."""

from counseling.models.audit import AuditEvent
from counseling.models.baseline import Baseline
from counseling.models.case import Case
from counseling.models.client import Client
from counseling.models.clinic import Clinic
from counseling.models.closed_day import ClosedDay
from counseling.models.consent import Consent
from counseling.models.delivery import Delivery, DeliveryEvent
from counseling.models.enrollment import Enrollment, Pause
from counseling.models.finding import Finding, FindingEvent
from counseling.models.follow_up import FollowUp
from counseling.models.notice import ProviderNotice
from counseling.models.operation import DomainRate, Heartbeat, MailCircuit
from counseling.models.plan import FollowUpPlan, PlanStep
from counseling.models.plan_stop import PlanStop
from counseling.models.relationship import Relationship
from counseling.models.review import Review
from counseling.models.session import Session
from counseling.models.staff import ApiToken, StaffMember
from counseling.models.threshold import ThresholdSet

__all__ = [
    "ApiToken",
    "AuditEvent",
    "Baseline",
    "Case",
    "Client",
    "Clinic",
    "ClosedDay",
    "Consent",
    "Delivery",
    "DeliveryEvent",
    "DomainRate",
    "Enrollment",
    "Finding",
    "FindingEvent",
    "FollowUp",
    "FollowUpPlan",
    "Heartbeat",
    "MailCircuit",
    "Pause",
    "PlanStep",
    "PlanStop",
    "ProviderNotice",
    "Relationship",
    "Review",
    "Session",
    "StaffMember",
    "ThresholdSet",
]

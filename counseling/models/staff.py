from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counseling.enums import StaffRole
from counseling.models.base import Row, one_of
from counseling.models.clinic import Clinic


class StaffQuerySet(models.QuerySet["StaffMember"]):
    def active(self) -> StaffQuerySet:
        return self.filter(is_active=True, user__is_active=True)

    def visible_to(self, staff: StaffMember) -> StaffQuerySet:
        """Colleagues of the same clinic."""
        return self.filter(clinic=staff.clinic_id) if staff.works else self.none()

    def team_of(self, staff: StaffMember) -> StaffQuerySet:
        """Whose cases this person may see: their own, and for a supervisor those they supervise."""
        own = Q(pk=staff.pk)
        return self.filter(own | Q(supervisor=staff.pk) if staff.role == StaffRole.SUPERVISOR else own)


class StaffMember(Row):
    """A person who works in one clinic, in one role."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_member", verbose_name=_("user")
    )
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="staff", verbose_name=_("clinic"))
    role = models.CharField(_("role"), max_length=20, choices=StaffRole)
    display_name = models.CharField(_("display name"), max_length=120)
    supervisor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="team", verbose_name=_("supervisor")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff members")
        constraints = (
            one_of("staff_role_known", "role", StaffRole),
            models.CheckConstraint(
                condition=Q(supervisor__isnull=True) | ~Q(supervisor=F("id")), name="staff_not_own_supervisor"
            ),
        )

    def __str__(self) -> str:
        return self.display_name

    @property
    def works(self) -> bool:
        """Whether this person may see anything at all."""
        return self.is_active

    @property
    def is_clinical(self) -> bool:
        """Clinic admins run the place; they read no case."""
        return self.works and self.role in {StaffRole.COUNSELOR, StaffRole.SUPERVISOR}


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, now: datetime) -> ApiTokenQuerySet:
        """Neither revoked nor expired, and of somebody who works here."""
        return self.filter(
            revoked_at__isnull=True, expires_at__gt=now, staff__is_active=True, staff__user__is_active=True
        )


class ApiToken(Row):
    """A key for programs. Only its digest is kept; it acts as the staff member, with the same rights."""

    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    @property
    def clinic_id(self) -> UUID:
        return self.staff.clinic_id

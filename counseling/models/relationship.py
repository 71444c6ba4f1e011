from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from assessments.enums import OtherRole
from counseling.enums import RelationshipKind
from counseling.models.base import Row, one_of
from counseling.models.client import Client
from counseling.models.clinic import Clinic
from counseling.models.staff import StaffMember


class RelationshipQuerySet(models.QuerySet["Relationship"]):
    def visible_to(self, staff: StaffMember) -> RelationshipQuerySet:
        """Relationships with a case the person works on, or between two clients they registered."""
        from counseling.models.case import Case

        if not staff.is_clinical:
            return self.none()
        in_their_case = Q(cases__in=Case.objects.visible_to(staff))
        waiting = Q(cases__isnull=True, first__registered_by=staff.pk, second__registered_by=staff.pk)
        return self.filter(in_their_case | waiting, clinic=staff.clinic_id).distinct()


class Relationship(Row):
    """Two clients and what they are to each other. The roles choose the words of "my partner", "my mother"."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="relationships", verbose_name=_("clinic"))
    kind = models.CharField(_("kind"), max_length=20, choices=RelationshipKind, default=RelationshipKind.COUPLE)
    first = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name=_("first member"))
    second = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name=_("second member"))
    first_role = models.CharField(
        _("first member is the other's"), max_length=20, choices=OtherRole, default=OtherRole.PARTNER
    )
    second_role = models.CharField(
        _("second member is the other's"), max_length=20, choices=OtherRole, default=OtherRole.PARTNER
    )
    created_at = models.DateTimeField(_("created at"))

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        constraints = (
            models.CheckConstraint(condition=~Q(first=F("second")), name="relationship_members_differ"),
            models.UniqueConstraint(
                Least("first", "second"), Greatest("first", "second"), "kind", name="relationship_once_per_pair"
            ),
            one_of("relationship_kind_known", "kind", RelationshipKind),
        )

    def __str__(self) -> str:
        return f"{self.first} & {self.second}"

    @property
    def members(self) -> tuple[Client, Client]:
        return (self.first, self.second)

    def other_role(self, client: Client) -> OtherRole:
        """What the other person is to this member."""
        return OtherRole(self.second_role if client.pk == self.first_id else self.first_role)

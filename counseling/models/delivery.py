from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from counseling.enums import DeliveryEventKind, DeliveryKind, DeliveryState
from counseling.models.base import AppendOnlyQuerySet, Row, one_of
from counseling.models.case import Case
from counseling.models.follow_up import AWAITED, FollowUp
from counseling.models.staff import StaffMember

UNRESOLVED = (DeliveryState.UNCERTAIN, DeliveryState.DEAD)
"""Nothing more happens to these by itself."""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> DeliveryQuerySet:
        return self.filter(state=DeliveryState.DUE, next_at__lte=now)

    def lease_ran_out(self, now: datetime) -> DeliveryQuerySet:
        """Claimed by a worker that never came back. A handoff is never among them."""
        return self.filter(state=DeliveryState.CLAIMED, lease_until__lte=now)

    def handoff_silent(self, since: datetime) -> DeliveryQuerySet:
        """Handed over before ``since`` and never heard of again: the outcome cannot be known."""
        return self.filter(state=DeliveryState.HANDOFF, handed_over_at__lte=since)

    def unresolved(self) -> DeliveryQuerySet:
        """Whose outcome is bad or unknown, and which no later email about the same form has made up for."""
        later = Delivery.objects.filter(
            follow_up=OuterRef("follow_up"), state=DeliveryState.SENT, created_at__gt=OuterRef("created_at")
        )
        return self.filter(~Exists(later), state__in=UNRESOLVED)

    def awaiting_person(self) -> DeliveryQuerySet:
        """Unresolved, while the form can still be answered."""
        return self.unresolved().filter(follow_up__status__in=AWAITED)

    def visible_to(self, staff: StaffMember) -> DeliveryQuerySet:
        return self.filter(follow_up__case__in=Case.objects.visible_to(staff))


class Delivery(Row):
    """An outbox row: one email about one follow-up, and how far it got."""

    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.PROTECT, related_name="deliveries", db_index=False, verbose_name=_("follow-up")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DeliveryKind)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    state = models.CharField(_("state"), max_length=20, choices=DeliveryState, default=DeliveryState.DUE)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    next_at = models.DateTimeField(_("next try at"))
    owner = models.CharField(_("owner"), max_length=80, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    message_id = models.CharField(_("message id"), max_length=200)
    smtp_code = models.PositiveSmallIntegerField(_("SMTP code"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = (
            models.Index(fields=["next_at", "id"], name="delivery_due", condition=Q(state=DeliveryState.DUE)),
            models.Index(fields=["lease_until"], name="delivery_leased", condition=Q(state=DeliveryState.CLAIMED)),
            models.Index(
                fields=["handed_over_at"], name="delivery_in_handoff", condition=Q(state=DeliveryState.HANDOFF)
            ),
            models.Index(fields=["follow_up"], name="delivery_unresolved", condition=Q(state__in=UNRESOLVED)),
        )
        constraints = (
            models.UniqueConstraint(fields=["follow_up", "kind", "number"], name="delivery_once"),
            models.UniqueConstraint(fields=["message_id"], name="delivery_by_message_id"),
            one_of("delivery_state_known", "state", DeliveryState),
            one_of("delivery_kind_known", "kind", DeliveryKind),
            models.CheckConstraint(
                condition=(Q(state=DeliveryState.CLAIMED) & Q(lease_until__isnull=False) & ~Q(owner=""))
                | (~Q(state=DeliveryState.CLAIMED) & Q(lease_until__isnull=True)),
                name="delivery_claimed_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.HANDOFF) | Q(handed_over_at__isnull=False),
                name="delivery_handoff_at",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(state=DeliveryState.SENT), name="delivery_accepted_is_sent"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}: {self.get_state_display()}"

    @property
    def clinic_id(self) -> UUID:
        return self.follow_up.clinic_id


class DeliveryEvent(Row):
    """The ledger of a follow-up: append-only, readable by staff, without a personal word in it."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="ledger", db_index=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    kind = models.CharField(_("kind"), max_length=20, choices=DeliveryEventKind)
    detail = models.CharField(_("detail"), max_length=80, blank=True)
    at = models.DateTimeField(_("at"))

    objects = AppendOnlyQuerySet["DeliveryEvent"].as_manager()

    class Meta:
        verbose_name = _("delivery event")
        verbose_name_plural = _("delivery events")
        ordering = ("at", "id")
        indexes = (models.Index(fields=["follow_up", "at"], name="delivery_event_by_follow_up"),)
        constraints = (one_of("delivery_event_kind_known", "kind", DeliveryEventKind),)

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def clinic_id(self) -> UUID:
        return self.follow_up.clinic_id

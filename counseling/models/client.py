from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from counseling.encryption import blind_index
from counseling.enums import ConsentPurpose, Language, SuspensionCause
from counseling.fields import EncryptedTextField
from counseling.models.base import Row
from counseling.models.clinic import Clinic
from counseling.models.staff import StaffMember


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, staff: StaffMember) -> ClientQuerySet:
        """Clients of a case the person works on, and those they registered who have no case yet."""
        from counseling.models.case import Case

        if not staff.is_clinical:
            return self.none()
        cases = Case.objects.filter(
            Q(client=OuterRef("pk")) | Q(relationship__first=OuterRef("pk")) | Q(relationship__second=OuterRef("pk"))
        )
        in_their_case = Exists(cases.visible_to(staff))
        waiting = Q(registered_by=staff.pk) & ~Exists(cases)
        return self.filter(in_their_case | waiting, clinic=staff.clinic_id)

    def with_email(self, address: str) -> ClientQuerySet:
        """Exact look-up through the blind index."""
        return self.filter(email_index=blind_index(address))

    def suspended(self) -> ClientQuerySet:
        """Whose address of today takes no mail, or was closed to us by a complaint."""
        return self.exclude(email_index="").filter(suspended_index=F("email_index"))

    def blocked(self) -> ClientQuerySet:
        """Whom nothing may be emailed to: those with `counseling.contact.obstacles`, as a database can tell them."""
        from counseling.models.consent import Consent

        agreed = Consent.objects.standing().filter(client=OuterRef("pk"), purpose=ConsentPurpose.FOLLOW_UP_EMAIL)
        suspended = Q(suspended_index=F("email_index"))  # or neither has one, which is an obstacle too
        return self.filter(Q(email_is_safe=False) | Q(email_index="") | Q(time_zone="") | suspended | ~Exists(agreed))


class Client(Row):
    """A person who is counseled. Contact details are encrypted; the link they answer from reveals none of this."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="clients", verbose_name=_("clinic"))
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    email = EncryptedTextField(_("email"), blank=True)
    email_index = models.CharField(max_length=64, blank=True, editable=False)
    phone = EncryptedTextField(_("phone"), blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, help_text=_("Without a time zone nothing is sent.")
    )
    language = models.CharField(_("language"), max_length=8, choices=Language, default=Language.ENGLISH)
    email_is_safe = models.BooleanField(
        _("safe to email"), default=True, help_text=_("Asked at intake: does anybody else read this mailbox?")
    )
    suspended_index = models.CharField(max_length=64, blank=True, editable=False)
    suspended_at = models.DateTimeField(_("address suspended at"), null=True, blank=True)
    suspended_for = models.CharField(_("why"), max_length=20, choices=SuspensionCause, blank=True)
    registered_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="registered_clients", verbose_name=_("registered by")
    )
    created_at = models.DateTimeField(_("created at"))

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ("given_name", "family_name", "id")
        indexes = (
            models.Index(fields=["clinic", "given_name", "family_name", "id"], name="client_by_name"),
            models.Index(fields=["clinic", "email_index"], name="client_by_email", condition=~Q(email_index="")),
            models.Index(fields=["registered_by"], name="client_by_registrar"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(suspended_index="", suspended_at__isnull=True, suspended_for="")
                | (~Q(suspended_index="") & Q(suspended_at__isnull=False) & ~Q(suspended_for="")),
                name="client_suspended_with_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(suspended_for__in=["", *sorted(SuspensionCause.values)]), name="client_suspended_for_known"
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def agrees_to(self, purpose: ConsentPurpose) -> bool:
        """Whether a consent for the purpose stands (one query)."""
        from counseling.models.consent import Consent

        return Consent.objects.standing().filter(client=self, purpose=purpose).exists()

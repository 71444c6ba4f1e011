"""How sending itself is doing. These rows belong to the installation: to no clinic, and to nobody who is written to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.enums import MailTrouble, Runner
from counseling.models.base import Row, all_or_none, one_of


class Heartbeat(Row):
    """The last tick of one kind of runner: one row each, however many processes there are."""

    runner = models.CharField(_("runner"), max_length=20, choices=Runner, unique=True)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    emails = models.PositiveIntegerField(_("emails"), default=0)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        constraints = (one_of("heartbeat_runner_known", "runner", Runner),)

    def __str__(self) -> str:
        return self.get_runner_display()


class MailCircuit(Row):
    """Whether the way to the mail server is worth trying: one row for all workers, absent until something fails.

    ``failing_since`` and ``failures`` tell of failures in a row. Once it is open (``opened_at``), nobody tries before
    ``retry_at``, and then the worker named in ``probing`` alone.
    """

    name = models.CharField(_("name"), max_length=20, unique=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    retry_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    probing = models.CharField(_("tried by"), max_length=80, blank=True)
    trouble = models.CharField(_("trouble"), max_length=20, choices=MailTrouble, blank=True)
    code = models.PositiveSmallIntegerField(_("code"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail circuit")
        verbose_name_plural = _("mail circuits")
        constraints = (all_or_none("mail_circuit_open_has_retry", "opened_at", "retry_at"),)

    def __str__(self) -> str:
        return self.name


class DomainRate(Row):
    """What left for one domain of recipients lately. The domain is a keyed digest, like an address's look-up.

    ``recent`` holds pairs: an instant, in milliseconds since 1970, and how many emails were let go then. Those that had
    to wait were told to come back one after the other, up to ``tail``.
    """

    domain = models.CharField(max_length=64, unique=True, editable=False)
    recent = models.JSONField(default=list)
    tail = models.DateTimeField(_("waiting until"))

    class Meta:
        verbose_name = _("domain's rate")
        verbose_name_plural = _("domains' rates")

    def __str__(self) -> str:
        return f"{self.domain[:8]}…"

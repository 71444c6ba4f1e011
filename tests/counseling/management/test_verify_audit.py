from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from counseling.actions.clients import register_client
from counseling.models import AuditEvent
from tests.factories import NOW, ClinicFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_whole_chains_are_counted(capsys):
    staff = StaffFactory()
    empty = ClinicFactory()
    register_client(by=staff, now=NOW, given_name="Ana")
    call_command("verify_audit")
    told = capsys.readouterr().out
    assert f"{staff.clinic_id}: 1 events, whole" in told
    assert f"{empty.pk}: 0 events, whole" in told


def test_a_broken_chain_is_named_and_fails_the_command(capsys):
    staff = StaffFactory()
    AuditEvent.objects.create(
        clinic=staff.clinic,
        sequence=1,
        at=NOW,
        action="made.up",
        subject_type="clinic",
        subject_id=staff.clinic_id,
        previous_hash="0" * 64,
        hash="1" * 64,
    )
    with pytest.raises(CommandError, match="1 of the chains"):
        call_command("verify_audit")
    assert f"{staff.clinic_id}: event 1 was altered" in capsys.readouterr().err

from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.api_tokens import PREFIX, digest_of, issue_api_token, revoke_api_token
from counseling.exceptions import InvalidInput
from counseling.models import ApiToken, AuditEvent
from tests.factories import NOW, StaffFactory

pytestmark = pytest.mark.django_db


def issue(staff, **changes):
    return issue_api_token(staff, **{"name": "sync", "lifetime": timedelta(days=30), "by": None, "now": NOW, **changes})


def test_issuing_keeps_the_digest_and_audits_neither():
    staff = StaffFactory()
    token, secret = issue(staff, name="  sync ")
    stored = ApiToken.objects.get()
    assert (stored.staff, stored.name, stored.digest) == (staff, "sync", digest_of(secret))
    assert (stored.created_at, stored.expires_at, stored.revoked_at) == (NOW, NOW + timedelta(days=30), None)
    assert secret.startswith(PREFIX)
    assert len(secret) >= len(PREFIX) + 43  # 256 bits
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_id, event.data) == ("api_token.issued", token.pk, {"staff": str(staff.pk)})


def test_no_two_tokens_are_alike():
    staff = StaffFactory()
    assert len({issue(staff)[1] for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "changes",
    [{"name": " "}, {"lifetime": timedelta(0)}, {"lifetime": timedelta(days=-1)}, {"lifetime": timedelta(days=367)}],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(changes):
    with pytest.raises(InvalidInput, match=next(iter(changes))):
        issue(StaffFactory(), **changes)
    assert not ApiToken.objects.exists()
    assert not AuditEvent.objects.exists()


def test_nobody_who_has_left_gets_one():
    with pytest.raises(InvalidInput, match="staff"):
        issue(StaffFactory(is_active=False))


def test_revoking_ends_it_and_is_audited_once():
    staff = StaffFactory()
    token, _secret = issue(staff)
    stale = ApiToken.objects.get()
    later = NOW + timedelta(hours=1)
    assert revoke_api_token(token, by=staff, now=NOW).revoked_at == NOW
    assert revoke_api_token(stale, by=staff, now=later).revoked_at == NOW
    assert ApiToken.objects.get().revoked_at == NOW
    assert AuditEvent.objects.filter(action="api_token.revoked").count() == 1


def test_a_usable_token_is_neither_over_nor_of_somebody_who_left():
    token, _secret = issue(StaffFactory())
    last = token.expires_at - timedelta(seconds=1)
    assert list(ApiToken.objects.usable(last)) == [token]
    assert not ApiToken.objects.usable(token.expires_at).exists()
    token.staff.user.is_active = False
    token.staff.user.save(update_fields=["is_active"])
    assert not ApiToken.objects.usable(NOW).exists()

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from counseling.actions.api_tokens import digest_of
from counseling.models import ApiToken
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


def create(*arguments):
    said, told = StringIO(), StringIO()
    call_command("create_api_token", *arguments, stdout=said, stderr=told)
    return said.getvalue().strip(), told.getvalue()


def test_the_token_alone_is_printed_and_only_its_digest_is_kept():
    staff = StaffFactory()
    secret, told = create(staff.user.email.upper(), "--name=nightly sync", "--days=7")
    token = ApiToken.objects.get()
    assert (token.staff, token.name, token.digest) == (staff, "nightly sync", digest_of(secret))
    assert (token.expires_at - token.created_at).days == 7
    assert str(token.pk) in told
    assert secret not in told
    assert secret not in str(ApiToken.objects.values())


@pytest.mark.parametrize("arguments", [("--name= ",), ("--name=sync", "--days=0"), ("--name=sync", "--days=4000")])
def test_what_cannot_be_used_is_said(arguments):
    with pytest.raises(CommandError):
        create(StaffFactory().user.email, *arguments)
    assert not ApiToken.objects.exists()


def test_nobody_gets_a_token_who_does_not_work_here():
    with pytest.raises(CommandError, match="nobody"):
        create("stranger@clinic.example", "--name=sync")
    with pytest.raises(CommandError, match="nobody"):
        create(StaffFactory(is_active=False).user.email, "--name=sync")


def test_revoking_takes_the_printed_id_and_may_be_repeated():
    create(StaffFactory().user.email, "--name=sync")
    token, answers = ApiToken.objects.get(), []
    for _ in range(2):
        said = StringIO()
        call_command("revoke_api_token", str(token.pk), stdout=said)
        answers.append(said.getvalue())
    assert ApiToken.objects.get().revoked_at is not None
    assert answers[0] == answers[1]


def test_a_token_that_is_not_there_cannot_be_revoked():
    with pytest.raises(CommandError, match="no such token"):
        call_command("revoke_api_token", "01a20bd3-0000-7000-8000-000000000000")

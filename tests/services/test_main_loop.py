"""The main job on PostgreSQL and Redis, with web server, worker and beat in processes of their own."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, time

import pytest

from counseling.actions.enrollments import start_enrollment
from counseling.enums import Cadence, FollowUpStatus
from counseling.links import form_link
from counseling.models import AuditEvent, Case, Client, Finding, FollowUp
from tests.assessments.factories import full_answers, published
from tests.couples import CLEAR, GIVES, RECEIVES
from tests.factories import CaseFactory, ClinicFactory, ConsentFactory, PlanFactory, StaffFactory, StepFactory
from tests.phone import Phone
from tests.smtp_sink import Mail
from tests.stack import HOST, Stack, wait_until

CANARIES = ("Adelaida", "Bernardo", "Quintero")


@pytest.fixture
def case(stack: Stack) -> Case:
    """A couple who agreed to be mailed at any hour, one in English and one in Spanish."""
    clinic = ClinicFactory(time_zone="UTC", quiet_from=time(0), quiet_until=time(0))
    case = CaseFactory(lead=StaffFactory(clinic=clinic))
    for member, name, language in zip(case.members, ("Adelaida", "Bernardo"), ("en", "es"), strict=True):
        Client.objects.filter(pk=member.pk).update(
            given_name=name, family_name="Quintero", language=language, time_zone="UTC"
        )
        ConsentFactory(client=member)
    return Case.objects.get(pk=case.pk)


def enroll(case: Case) -> None:
    plan = PlanFactory(clinic=case.clinic)
    step = {"cadence": Cadence.WEEKLY, "occurrences": 3, "send_at": time(0)}
    StepFactory(plan=plan, instrument=published().instrument, **step)
    now = datetime.now(UTC)
    start_enrollment(case, plan, start_on=now.date(), by=case.lead, now=now)


def link_in(mail: Mail) -> str:
    found = re.search(rf"https://{HOST}(/f/\S+)", mail.message.get_body(("plain",)).get_content())
    assert found
    return found[1]


def answer(phone: Phone, answers: dict[str, int]) -> None:
    """Start, choose on every page as it comes, check, send."""
    phone.press()
    while phone.form.choices:
        phone.press({name: str(answers[name]) for name in phone.form.choices})
    assert phone.path.endswith("/check/")
    phone.press()
    assert phone.path.endswith("/done/")


def test_the_main_job_end_to_end(stack, sink, case, capsys):
    web = stack.web()
    stack.worker()
    stack.beat()
    enroll(case)

    sink.wait_for(lambda notes: len(notes.mails) == 2, seconds=60)
    mails = {mail.recipient: mail for mail in sink.mails}
    giver, receiver = case.members
    assert set(mails) == {giver.email, receiver.email}
    check_headers(mails[giver.email])
    assert mails[receiver.email].message["Content-Language"] == "es"
    wait_until(lambda: FollowUp.objects.filter(status=FollowUpStatus.SENT).count() == 2)

    for member, profile in ((giver, GIVES), (receiver, RECEIVES)):
        phone = Phone(web, host=HOST)
        phone.open(link_in(mails[member.email]))
        answer(phone, {**full_answers(), **CLEAR, **profile})

    assert FollowUp.objects.filter(status=FollowUpStatus.COMPLETED).count() == 2
    finding = Finding.objects.get()
    assert (finding.case, finding.pattern, finding.subject) == (case, "one_sided", giver)
    assert AuditEvent.objects.filter(action="follow_up.completed").count() == 2
    check_nothing_leaked(stack, mails)
    with capsys.disabled():
        headers = mails[giver.email].content.partition(b"\r\n\r\n")[0]
        sys.stdout.write(f"\n{headers.decode()}\n")


def check_headers(mail: Mail) -> None:
    message = mail.message
    assert mail.sender == "follow-up@clinic.example"
    assert str(message["From"]) == "Harbor office <follow-up@clinic.example>"
    assert str(message["Subject"]) == "A few questions for you"
    assert str(message["Auto-Submitted"]) == "auto-generated"
    assert str(message["List-Unsubscribe"]).startswith(f"<https://{HOST}/stop/")
    assert str(message["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    assert str(message["Message-ID"]).endswith("@clinic.example>")
    assert message["Date"].datetime.tzinfo is not None


def check_nothing_leaked(stack: Stack, mails: dict[str, Mail]) -> None:
    """No name in a mail; no name, address or link in what the processes logged."""
    logs = " ".join(stack.log_of(name) for name in ("web", "worker", "beat"))
    everything = logs + " ".join(mail.content.decode() for mail in mails.values())
    tokens = [form_link(follow_up).rsplit("/", 2)[1] for follow_up in FollowUp.objects.all()]
    assert [name for name in CANARIES if name in everything] == []
    assert [secret for secret in (*mails, *tokens) if secret in logs] == []


def test_a_mail_programs_one_click_stops_the_emails(stack, sink, case):
    web = stack.web()
    enroll(case)
    stack.run("manage.py", "send_due")
    address = str(sink.mails[0].message["List-Unsubscribe"]).strip("<>")
    stopped = Client.objects.with_email(sink.mails[0].recipient).get()
    Phone(web, host=HOST).open(address.removeprefix(f"https://{HOST}"), {"List-Unsubscribe": "One-Click"})
    FollowUp.objects.filter(occurrence=2).update(due_at=datetime.now(UTC))
    stack.run("manage.py", "send_due")
    ends = dict(FollowUp.objects.filter(occurrence=2).values_list("client", "end_reason"))
    assert ends == {stopped.pk: "no_consent", **{m.pk: "" for m in case.members if m != stopped}}

from __future__ import annotations

import pytest

from counseling.actions.reviews import confirm_finding, dismiss_finding
from counseling.enums import Pattern, Strength
from counseling.models import Finding
from counseling.queries.headlines import headline, with_headlines
from tests.counseling.admin.work import couple
from tests.factories import NOW, CaseFactory, ClientFactory, FindingFactory, StaffFactory

pytestmark = pytest.mark.django_db


def told(finding):
    return headline(with_headlines(Finding.objects.all()).get(pk=finding.pk))


@pytest.fixture
def case():
    return couple(StaffFactory(), "Ana", "Luis")


@pytest.mark.parametrize(
    ("pattern", "evidence", "words"),
    [
        (Pattern.ONE_SIDED, {"giver": "a"}, "One-sided: Ana appears to give more"),
        (Pattern.ONE_SIDED, {}, "One-sided: Ana appears to give more"),
        (Pattern.ENMESHED, {"label": "enmeshed"}, "Enmeshed: in Ana’s answers"),
        (Pattern.ENMESHED, {"label": "blurred_boundaries"}, "Blurred boundaries: in Ana’s answers"),
        (Pattern.SAFETY, {}, "Safety: Ana’s answers"),
    ],
)
def test_it_says_what_was_seen_in_whose_answers(pattern, evidence, words, case):
    assert told(FindingFactory(case=case, pattern=pattern, evidence=evidence)) == words


def test_the_second_of_two_can_be_the_one_who_gives(case):
    finding = FindingFactory(case=case, subject=case.members[1], evidence={"giver": "b"})
    assert told(finding) == "One-sided: Luis appears to give more"


@pytest.mark.parametrize(("giver", "words"), [("a", "give"), ("b", "receive")])
def test_a_single_client_is_the_subject_whoever_gives(giver, words):
    client = ClientFactory(given_name="Ana")
    alone = CaseFactory(lead=client.registered_by, relationship=None, client=client)
    finding = FindingFactory(case=alone, evidence={"giver": giver})
    assert told(finding) == f"One-sided: Ana appears to {words} more"


def test_until_safety_is_signed_off_only_safety_names_somebody(case):
    compared = FindingFactory(case=case, evidence={"giver": "a"})
    blurred = FindingFactory(case=case, pattern=Pattern.ENMESHED, evidence={"label": "blurred_boundaries"})
    safety = FindingFactory(case=case, pattern=Pattern.SAFETY, strength=Strength.URGENT)
    confirm_finding(safety, by=case.lead, now=NOW)
    assert [told(finding) for finding in (compared, blurred, safety)] == [
        "One-sided (paused)",
        "Enmeshed (paused)",
        "Safety: Ana’s answers",
    ]
    dismiss_finding(Finding.objects.get(pk=safety.pk), reason="spoken with both", by=case.lead, now=NOW)
    assert told(compared) == "One-sided: Ana appears to give more"

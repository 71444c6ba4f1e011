"""The demo's twenty couples: registered, related, and each with a case and the answers they are going to give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle

from counseling.actions.cases import open_case
from counseling.actions.clients import register_client
from counseling.actions.consents import grant_consent
from counseling.actions.relationships import relate_clients
from counseling.demo.people import COUPLES, SPANISH, ZONES
from counseling.demo.simulation import Kind, SimulatedCouple, simulate_couples
from counseling.enums import ConsentPurpose, Language
from counseling.models import Case, Client, StaffMember

WAVES = 16
SEED = 2026
KINDS = (
    Kind.ONE_SIDED_A,
    Kind.INTERDEPENDENT,
    Kind.INTERDEPENDENT,
    Kind.ENMESHED_A,
    Kind.INTERDEPENDENT,
    Kind.ONE_SIDED_B,
    Kind.INTERDEPENDENT,
    Kind.INTERDEPENDENT,
    Kind.ENMESHED_BOTH,
    Kind.INTERDEPENDENT,
    *(Kind.ONE_SIDED_A, Kind.INTERDEPENDENT, Kind.INTERDEPENDENT, Kind.ENMESHED_A, Kind.AFRAID_B),
    *(Kind.ONE_SIDED_B, Kind.INTERDEPENDENT, Kind.INTERDEPENDENT, Kind.ENMESHED_BOTH, Kind.INTERDEPENDENT),
)
"""The truth about each couple, in the order of their names."""


@dataclass(frozen=True, slots=True)
class DemoCouple:
    """A case with the truth about it."""

    case: Case
    simulated: SimulatedCouple


def open_cases(counselors: Sequence[StaffMember], *, opened: datetime) -> list[DemoCouple]:
    """Every couple with a case, shared out among the counselors; a colleague helps with every fifth."""
    leads = cycle(counselors)
    return [
        DemoCouple(_open_case(names, zone, next(leads), counselors if number % 5 == 0 else (), opened), truth)
        for number, (names, zone, truth) in enumerate(zip(COUPLES, cycle(ZONES), simulated(), strict=False))
    ]


def simulated() -> list[SimulatedCouple]:
    """The truth about the twenty couples, in the order of their names."""
    return simulate_couples(KINDS, waves=WAVES, seed=SEED)


def _open_case(
    names: tuple[str, str, str], zone: str, lead: StaffMember, helpers: Sequence[StaffMember], opened: datetime
) -> Case:
    *given, family = names
    first, second = (_register(name, family, zone, by=lead, now=opened) for name in given)
    relationship = relate_clients(first, second, by=lead, now=opened)
    helping = [person for person in helpers if person != lead][:1]
    return open_case(relationship, by=lead, now=opened, co_counselors=helping)


def _register(name: str, family: str, zone: str, *, by: StaffMember, now: datetime) -> Client:
    client = register_client(
        by=by,
        now=now,
        given_name=name,
        family_name=family,
        email=f"{name}.{family}@mail.example".lower().replace("í", "i"),
        time_zone=zone,
        language=Language.SPANISH if family in SPANISH else Language.ENGLISH,
    )
    grant_consent(client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=by, now=now)
    return client

"""The words that a transport and the sending loop share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counseling.exceptions import CounselingError, InvalidInput


class TransportUnavailable(CounselingError):
    """The mail server cannot be reached or does not accept our sign-in. Nothing was offered to it.

    ``code`` is what it replied, if it did.
    """

    http_status = 503

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One email to one recipient. Headers hold what is not said by the other fields.

    ``reference`` is what a provider is asked to give back when it tells what became of the email: ids, nothing else.
    """

    sender: str
    sender_name: str
    recipient: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    reference: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what would end a header early and begin another. Raises `InvalidInput`."""
        for value in (self.sender_name, self.subject, *self.headers.values()):
            if not value.isprintable():
                raise InvalidInput("an email's headers hold printable characters only")
        if not all(value.isascii() for value in self.headers.values()):
            raise InvalidInput("an email's own headers hold ASCII only")


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    DEFERRED = "deferred"  # not this time: try again
    REFUSED = "refused"  # never for this recipient
    SETUP_REFUSED = "setup_refused"  # never for anybody, until somebody repairs our side
    LOST = "lost"  # the connection broke before the point of no return
    WITHHELD = "withheld"  # the caller did not give leave to send
    UNKNOWN = "unknown"  # handed over, and no answer came


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one email, with the server's reply code where there was one."""

    verdict: Verdict
    code: int | None = None


def refuses_setup(code: int | None) -> bool:
    """Whether a reply to our coming in will be the same until somebody repairs our side."""
    return code is not None and (500 <= code <= 599 or code in PROVIDERS_REFUSALS)


PROVIDERS_REFUSALS = frozenset({401, 403})
"""HTTP: not signed in, not allowed."""


class Permit(Protocol):
    """The sending worker's hold on a group of deliveries."""

    def keep(self) -> None:
        """Say that work goes on: a hold that is not kept runs out, and another worker takes over."""

    def hand_over(self, offered: Collection[UUID]) -> Collection[UUID]:
        """Ask for leave to pass the point of no return with these. It is committed for those that come back."""


class Transport(Protocol):
    """A way to the mail server, opened by `open_transport`. Emails are known by their deliveries' ids.

    Nothing is ever raised for a single email; what went wrong is in its outcome. An outcome is told once.
    """

    def open(self, wanted: int) -> int:
        """Make ready for up to ``wanted`` emails at once; for how many, at least 1.

        Raises `TransportUnavailable` when there is no way to offer even one.
        """

    def send(self, group: Mapping[UUID, Envelope], permit: Permit) -> dict[UUID, Outcome]:
        """Offer the emails, no more than were made ready for, asking ``permit`` before nothing can be taken back.

        The outcomes that are known soon, perhaps of earlier groups as well. Those missing come from `wait`.
        """

    def wait(self) -> dict[UUID, Outcome]:
        """Wait for emails that were handed over and not answered: at least one's outcome, unless there is none."""

    def close(self) -> None:
        """Say goodbye, however the server takes it."""

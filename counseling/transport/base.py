"""The words that a transport and the sending loop share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from counseling.exceptions import CounselingError, InvalidInput


class TransportUnavailable(CounselingError):
    """The mail server cannot be reached or does not accept our sign-in. Nothing was offered to it."""

    http_status = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One email to one recipient. Headers hold what is not said by the other fields."""

    sender: str
    sender_name: str
    recipient: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

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


class Permit(Protocol):
    """The sending worker's hold on one delivery."""

    def keep(self) -> None:
        """Say that work goes on: a hold that is not kept runs out, and another worker takes over."""

    def hand_over(self) -> bool:
        """Ask for leave to pass the point of no return, once. True only when this is committed."""


class Transport(Protocol):
    """A way to the mail server, opened by `open_transport`."""

    def open(self) -> None:
        """Make sure there is a working connection. Raises `TransportUnavailable`."""

    def send(self, envelope: Envelope, permit: Permit) -> Outcome:
        """Offer one email, asking ``permit`` before nothing can be taken back. What goes wrong is in the outcome."""

    def close(self) -> None:
        """Say goodbye, however the server takes it."""

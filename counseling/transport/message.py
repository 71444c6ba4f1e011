"""An envelope in the two forms that leave: bytes for our own SMTP dialogue, an `EmailMessage` for other backends."""

from __future__ import annotations

import re
import secrets
from binascii import b2a_qp
from collections.abc import Mapping
from email.charset import Charset
from email.header import Header
from email.headerregistry import Address
from email.policy import Policy
from email.policy import default as default_policy
from email.utils import formataddr
from functools import lru_cache
from typing import Any

import django
from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode

from counseling.exceptions import InvalidInput
from counseling.transport.base import Envelope, Outcome, Verdict

LONGEST_LINE = 998  # RFC 5322


_ASCII = Charset("us-ascii")
_QUOTED_UTF8 = Charset("utf-8")
_ATOMS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN = re.compile(rf"{_ATOMS}(\.{_ATOMS})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)


def route_address(address: str) -> str:
    """The address as MAIL and RCPT take it, an international domain in its ASCII form.

    Raises `InvalidInput` for one that is not plainly ``local@domain`` in ASCII after that.
    """
    if _PLAIN.fullmatch(address):
        return address  # as nearly all are, and as the parser below would say after some time
    local, _, domain = address.rpartition("@")
    try:
        if local and domain:
            return str(Address(username=local, domain=punycode(domain)).addr_spec).encode("ascii").decode()
    except (ValueError, IndexError) as error:
        raise InvalidInput("email: this address cannot be used as a recipient or sender") from error
    raise InvalidInput("email: an address reads local@domain")


def find_unroutable(envelope: Envelope) -> Outcome | None:
    """What no server needs to be asked about: an address that cannot be one."""
    for address, verdict in ((envelope.sender, Verdict.SETUP_REFUSED), (envelope.recipient, Verdict.REFUSED)):
        try:
            route_address(address)
        except InvalidInput:
            return Outcome(verdict)
    return None


def wire_form(envelope: Envelope) -> bytes:
    """The message as the DATA command sends it: CRLF line ends, leading dots doubled, without the final dot.

    Put together by hand: headers leave one line each. Folded, a long unsubscribe address becomes an encoded word that
    no mail program follows (RFC 8058); and working out where to fold takes longer than all the rest of the message.
    """
    boundary = f"=-{secrets.token_hex(12)}"
    headers = {
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
        "From": _sender(envelope.sender_name, envelope.sender),
        "To": route_address(envelope.recipient),
        "Subject": _subject(envelope.subject),
        **envelope.headers,
    }
    plain, html = _part("plain", envelope.text), _part("html", envelope.html)
    whole = f"{_lines(headers)}\n--{boundary}\n{plain}\n--{boundary}\n{html}\n--{boundary}--\n"
    return whole.encode("ascii").replace(b"\n", b"\r\n").replace(b"\r\n.", b"\r\n..")


def _part(subtype: str, content: str) -> str:
    """A body with its headers. Plain ASCII is left as it is; the rest is quoted, readable to whom it only partly is."""
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    encoding = "7bit" if text.isascii() else "quoted-printable"
    headers = {
        "Content-Type": f'text/{subtype}; charset="{"us-ascii" if text.isascii() else "utf-8"}"',
        "MIME-Version": "1.0",
        "Content-Transfer-Encoding": encoding,
    }
    return f"{_lines(headers)}\n{text if text.isascii() else b2a_qp(text.encode()).decode()}"


def _lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\n" for name, value in headers.items())


@lru_cache
def _sender(name: str, address: str) -> str:
    return formataddr((name, route_address(address)))


@lru_cache
def _subject(subject: str) -> str:
    return Header(subject, _ASCII if subject.isascii() else _QUOTED_UTF8, LONGEST_LINE).encode()


class _UnfoldedMessage(EmailMultiAlternatives):
    """Keeps long header values whole for backends that send the message as text."""

    def message(self, *, policy: Policy[Any] | None = None) -> Any:
        if django.VERSION < (6, 0):
            return super().message()
        return super().message(policy=(policy or default_policy).clone(max_line_length=LONGEST_LINE))


def django_message(envelope: Envelope) -> EmailMultiAlternatives:
    """The message as Django's other backends take it."""
    message = _UnfoldedMessage(
        subject=envelope.subject,
        body=envelope.text,
        from_email=formataddr((envelope.sender_name, envelope.sender)),
        to=[envelope.recipient],
        headers=dict(envelope.headers),
    )
    message.attach_alternative(envelope.html, "text/html")
    return message

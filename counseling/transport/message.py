"""An envelope in the two forms that leave: bytes for our own SMTP dialogue, an `EmailMessage` for other backends."""

from __future__ import annotations

import re
import secrets
from email.charset import QP, Charset
from email.header import Header
from email.headerregistry import Address
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import Compat32, Policy
from email.policy import default as default_policy
from email.utils import formataddr
from typing import Any

import django
from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode

from counseling.exceptions import InvalidInput
from counseling.transport.base import Envelope, Outcome, Verdict

LONGEST_LINE = 998  # RFC 5322


class _AsWritten(Compat32):
    """Headers leave as they are, one line of ASCII each.

    Folded, a long unsubscribe address becomes an encoded word that no mail program follows (RFC 8058); and working out
    where to fold takes longer than all the rest of the message.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        return f"{name}: {value}\n".encode("ascii")


WIRE = _AsWritten()
_ASCII = Charset("us-ascii")
_QUOTED_UTF8 = Charset("utf-8")
_QUOTED_UTF8.body_encoding = QP
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


def route_address(address: str) -> str:
    """The address as MAIL and RCPT take it, an international domain in its ASCII form.

    Raises `InvalidInput` for one that is not plainly ``local@domain`` in ASCII after that.
    """
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
    """The message as the DATA command sends it: CRLF line ends, leading dots doubled, without the final dot."""
    message = MIMEMultipart("alternative", f"=-{secrets.token_hex(12)}", policy=WIRE)
    message["From"] = formataddr((envelope.sender_name, route_address(envelope.sender)))
    message["To"] = route_address(envelope.recipient)
    message["Subject"] = Header(envelope.subject, _charset_of(envelope.subject), LONGEST_LINE).encode()
    for name, value in envelope.headers.items():
        message[name] = value
    for content, subtype in ((envelope.text, "plain"), (envelope.html, "html")):
        message.attach(MIMEText(content, subtype, _charset_of(content), policy=WIRE))  # type: ignore[arg-type]
    lines = _LINE_END.sub(b"\r\n", message.as_bytes(policy=WIRE))
    return _LEADING_DOT.sub(b"..", lines).removesuffix(b"\r\n") + b"\r\n"


def _charset_of(text: str) -> Charset:
    return _ASCII if text.isascii() else _QUOTED_UTF8


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

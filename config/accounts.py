"""How staff accounts differ from allauth's defaults: nobody signs up, and second factors are stored encrypted."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from qrcode import QRCode
from qrcode.image.svg import SvgPathImage

from counseling.encryption import decrypt, encrypt

log = structlog.get_logger(__name__)

MFA_PLACE = "mfa.authenticator.secret"


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Accounts are made by the clinic's administrator; the only way in is to be given one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell the account's owner of a change; the change stands even when mail is down."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except (SMTPException, OSError):
            log.exception("account_notice_not_sent")


class EncryptedMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """Keeps authenticator secrets and recovery seeds under the same keys as clinical fields.

    allauth passes no account to these hooks, so all secrets share one place: one copied to another row still opens.
    """

    def encrypt(self, text: str) -> str:
        return encrypt(text, place=MFA_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, place=MFA_PLACE)

    def build_totp_svg(self, url: str) -> str:
        """Draw the code as a bare ``<svg>`` element: set into the page itself, it needs no ``data:`` in the policy."""
        code = QRCode(image_factory=SvgPathImage)
        code.add_data(url)
        image = code.make_image()
        drawing: str = image.to_string(encoding="unicode")
        return drawing

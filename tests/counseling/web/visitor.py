"""A browser without JavaScript, and the person in front of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.actions.responses import save_answers
from assessments.answers import clean_answers
from assessments.forms import DECLINED
from counseling.links import form_link
from counseling.models import FollowUp
from counseling.tokens import short_ref
from tests.assessments.factories import full_answers


def link_path(follow_up: FollowUp) -> str:
    return urlsplit(form_link(follow_up)).path


class Visitor:
    """Opens a link and goes through the form. ``page`` is what is on the screen, ``address`` where it came from."""

    def __init__(self, follow_up: FollowUp, **browser: Any) -> None:
        self.follow_up = follow_up
        self.browser = Client(**browser)
        self.page: Any = None
        self.address = ""

    def open(self) -> Any:
        return self.visit(link_path(self.follow_up))

    def visit(self, address: str) -> Any:
        return self._arrive(address, self.browser.get(address, follow=True))

    def press(self, data: dict[str, Any] | None = None) -> Any:
        """Send the form on the screen to where it came from."""
        return self._arrive(self.address, self.browser.post(self.address, data or {}, follow=True))

    def start(self, language: str = "en") -> Any:
        self.open()
        return self.press({"language": language})

    def start_at(self, end: str) -> Any:
        """Start, and open the page below the form's address."""
        self.start()
        return self.visit(self.below(end))

    def save(self, **sent: Any) -> Any:
        """Press Continue with just these answers, or the button named ``go``."""
        return self.press({"revision": self.page.context["revision"], **sent})

    def fill(self, answers: dict[str, Any] | None = None, **button: str) -> Any:
        """Answer what the part on the screen asks and press Continue, or the button named."""
        chosen = {**full_answers(), **(answers or {})}
        fields = self.page.context["form"].fields
        sent = {name: DECLINED if chosen[name] is None else chosen[name] for name in fields if name in chosen}
        return self.press({"revision": self.page.context["revision"], **sent, **button})

    def skip_to(self, end: str, **answers: Any) -> Any:
        """Have everything answered without going through the pages, and open the one below the form's address."""
        draft = FollowUp.objects.get(pk=self.follow_up.pk).response
        chosen = clean_answers(draft.version.definition, {**full_answers(), **answers})
        save_answers(draft, answers=chosen, revision=draft.revision, now=timezone.now())
        return self.visit(self.below(end))

    def below(self, end: str) -> str:
        return f"/q/{short_ref(self.follow_up.token_digest)}/{end}"

    def _arrive(self, address: str, page: HttpResponse) -> Any:
        redirects = getattr(page, "redirect_chain", [])
        self.address = redirects[-1][0] if redirects else address
        self.page = page
        return page

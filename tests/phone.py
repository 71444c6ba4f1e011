"""A phone's browser without JavaScript, for a server that believes itself behind a TLS proxy."""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlencode, urlsplit


@dataclass
class Form:
    """A page's form that is sent by POST: what it sends by itself, and what there is to choose from."""

    is_there: bool = False
    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, set[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form" and found.get("method") == "post":
            self.form.is_there = True
        if tag == "input" and found.get("type") == "hidden":
            self.form.hidden[found["name"]] = found.get("value", "")
        if tag == "input" and found.get("type") == "radio":
            self.form.choices.setdefault(found["name"], set()).add(found["value"])


class Phone:
    """Opens pages of one server and sends their forms. ``path`` and ``text`` are what is on the screen."""

    def __init__(self, address: str, *, host: str) -> None:
        self._address = address
        self._headers = {"Host": host, "X-Forwarded-Proto": "https", "Origin": f"https://{host}"}
        cookies = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies), _StayOnServer(address))
        self.path = ""
        self.text = ""
        self.form = Form()

    def open(self, path: str, sent: Mapping[str, str] | None = None) -> None:
        data = urlencode(sent).encode() if sent is not None else None
        request = urllib.request.Request(self._address + path, data=data, headers=self._headers)  # noqa: S310
        with self._opener.open(request, timeout=30) as page:
            self.path = urlsplit(page.url).path
            self.text = page.read().decode()
        reader = _Reader()
        reader.feed(self.text)
        self.form = reader.form

    def press(self, chosen: Mapping[str, str] | None = None) -> None:
        """Send the form on the screen."""
        self.open(self.path, {**self.form.hidden, **(chosen or {})})


class _StayOnServer(urllib.request.HTTPRedirectHandler):
    """Follow redirects on the server that is really there, with the same headers."""

    def __init__(self, address: str) -> None:
        self._address = address

    def redirect_request(self, request, response, code, message, headers, url):  # type: ignore[no-untyped-def]
        to = self._address + urlsplit(url)._replace(scheme="", netloc="").geturl()
        kept = {name: value for name, value in request.headers.items() if name.lower() != "content-type"}
        return urllib.request.Request(to, headers=kept)  # noqa: S310

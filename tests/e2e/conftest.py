"""A real browser on a served project: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from config.mailers import mail_settings
from tests.smtp_sink import Sink, running_sink

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "the browser tests need Chromium (Debian: apt-get install chromium)"
    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": path, "args": quiet}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test names its own server; pytest-base-url's fixture warns under this pytest."""


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A real mail server that the project is set to send through."""
    with running_sink() as server:
        for name, value in mail_settings(host="127.0.0.1", port=server.port, timeout=10).items():
            setattr(settings, name, value)
        yield server


@pytest.fixture
def desk(browser: Browser, live_server) -> Iterator[Page]:
    """A counselor's browser."""
    with browser.new_context(base_url=live_server.url, viewport=DESK) as context:
        yield context.new_page()


@pytest.fixture
def phone(browser: Browser, live_server) -> Iterator[Page]:
    """A client's phone, in the dark scheme and without JavaScript."""
    options: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False, "color_scheme": "dark"}
    with browser.new_context(base_url=live_server.url, **options) as context:
        yield context.new_page()


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 AA that axe can find. Needs a page with JavaScript."""
    wanted = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=wanted)
    assert found.violations_count == 0, found.generate_report()

"""``manage.py demo`` as a newcomer runs it: from nothing to a mailbox with mail, and gone with Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest
from playwright.sync_api import Page, expect

from config.demo.processes import free_port

ROOT = Path(__file__).parents[2]
SEEDED_IN_SECONDS = 240


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[dict[str, str]]:
    """What the demo printed, by the first word of its lines, while it runs."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment |= {"VAR_DIR": str(tmp_path_factory.mktemp("var")), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "demo", "--port", str(free_port())]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        watchdog = _killed_after(process, SEEDED_IN_SECONDS)
        lines = list(iter(process.stdout.readline, "Ctrl-C stops everything. `manage.py demo --purge` deletes it.\n"))
        watchdog.cancel()
        yield {word: line for line in lines for word in line.split()[:1]}
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert "Stopped." in process.stdout.read()


def _killed_after(process: subprocess.Popen[str], seconds: float) -> Timer:
    timer = Timer(seconds, process.kill)
    timer.start()
    return timer


def address(line: str) -> str:
    return re.search(r"http://\S+", line)[0]


def find_mail(page: Page, mailbox: str, recipient: str) -> None:
    """Look into the mailbox again and again until it is there."""
    mail, looks = page.get_by_role("link", name=recipient).first, 60
    page.goto(mailbox)
    while not mail.is_visible() and looks:
        page.wait_for_timeout(500)
        page.reload()
        looks -= 1
    expect(mail).to_be_visible()


def test_mail_arrives_and_its_link_opens_the_form(demo, page: Page):
    find_mail(page, address(demo["Mailbox"]), "@mail.example")
    page.goto(address(demo["Questionnaire"]))
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def test_the_printed_sign_ins_open_the_printed_queue(demo, page: Page):
    page.goto(address(demo["Review"]))
    page.get_by_label("Email").fill(demo["Supervisor"].split()[-1])
    page.get_by_label("Password").fill(demo["Sign"].split()[-1])
    page.get_by_role("button", name="Sign In", exact=True).click()
    expect(page.get_by_role("heading", name="Review queue")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Safety:"))).to_be_visible()

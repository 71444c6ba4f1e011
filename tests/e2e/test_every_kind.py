"""The shipped questionnaires in a browser: by keyboard alone, and accessible on every page, right or wrong."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from assessments.conf import SHIPPED_CATALOG
from assessments.definition import Definition, load_definition
from assessments.models import Response
from counseling.links import form_link
from counseling.models import FollowUp
from tests.assessments.factories import every_kind, published
from tests.e2e.conftest import DESK, PHONE, assert_accessible
from tests.load import due_follow_ups

pytestmark = pytest.mark.django_db(transaction=True)

SHIPPED = {file.stem: load_definition(file.read_bytes()) for file in sorted(SHIPPED_CATALOG.glob("*.json"))}
SMALL_PHONE = {"width": 320, "height": 640}
SMALLEST_TARGET = 44
"""In CSS pixels, both ways."""


def link_to(definition: Definition) -> str:
    """The way of a new client into this questionnaire."""
    follow_up = due_follow_ups(1, now=timezone.now())[0]
    FollowUp.objects.filter(pk=follow_up.pk).update(version=published(definition))
    return urlsplit(form_link(follow_up)).path


def type_and_tab(page: Page, text: str) -> None:
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.name")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a field with this name has the focus."""
    for _ in range(40):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached")


def send(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_intake_form_by_keyboard_alone(desk: Page):
    desk.goto(link_to(SHIPPED["intake-goals"]))
    desk.get_by_role("button", name="Start").focus()
    send(desk)
    tab_to(desk, "areas")
    desk.keyboard.press("Space")
    tab_to(desk, "tried")
    desk.keyboard.press("Space")
    send(desk)
    tab_to(desk, "tried_what")
    type_and_tab(desk, "A holiday.")
    send(desk)
    tab_to(desk, "goal")
    desk.keyboard.type("More time of my own.")
    tab_to(desk, "first_sign")
    desk.keyboard.press("Tab")
    for text in ("2", "31", "2027"):
        type_and_tab(desk, text)
    send(desk)

    expect(desk.get_by_role("alert")).to_be_focused()
    assert_accessible(desk)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")  # the summary's link
    tab_to(desk, "by_when-month")
    desk.keyboard.press("Control+A")
    type_and_tab(desk, "3")
    send(desk)

    tab_to(desk, "importance")
    for _ in range(9):
        desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Tab")
    assert focused(desk) == "confidence"
    desk.keyboard.press("Space")
    tab_to(desk, "sessions")
    desk.keyboard.type("12")
    send(desk)

    desk.get_by_role("button", name="Send my answers").focus()
    send(desk)
    expect(desk.get_by_role("heading", name="Thank you. Your answers have arrived.")).to_be_visible()
    assert Response.objects.get().answers == {
        "areas": [1],
        "tried": 1,
        "tried_what": "A holiday.",
        "goal": "More time of my own.",
        "by_when": "2027-03-31",
        "importance": 9,
        "confidence": 0,
        "sessions": 12,
    }


@pytest.mark.parametrize(
    ("definition", "viewport", "scheme"),
    [
        *((definition, PHONE, "dark") for definition in SHIPPED.values()),
        *((every_kind(), size, "light") for size in (SMALL_PHONE, PHONE, DESK)),
    ],
    ids=lambda part: getattr(part, "slug", None),
)
def test_every_page_is_accessible_right_or_wrong(browser: Browser, live_server, definition, viewport, scheme):
    path = link_to(definition)
    with browser.new_context(base_url=live_server.url, viewport=viewport, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(path)
        page.get_by_role("button", name="Start").click()
        start = page.url.removesuffix("1/")
        for language in definition.languages:
            for number in range(1, len(definition.blocks) + 1):
                page.goto(f"{start}{number}/")
                check_page(page)
                page.get_by_role("button", name={"en": "Continue", "es": "Continuar"}[language]).click()
                check_page(page)
            page.goto(f"{start}check/")
            check_page(page)
            if language != definition.languages[-1]:
                page.get_by_role("button", name="Español").click()


def check_page(page: Page) -> None:
    """Accessible, no wider than the screen, and everything to press large enough."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    small = page.evaluate(
        """smallest => [...document.querySelectorAll("main label.choice__label, main .box, main button")]
            .filter(element => element.getClientRects().length)
            .map(element => [element.outerHTML, element.getBoundingClientRect()])
            .filter(([_, box]) => Math.min(box.width, box.height) < smallest - .5).map(([html]) => html)""",
        SMALLEST_TARGET,
    )
    assert small == []

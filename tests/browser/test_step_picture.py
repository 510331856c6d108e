"""A step's picture on a telephone: nothing jumps when it comes, and the choices below it are in sight."""

import threading

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_trainings import PHONE_SCREEN
from tests.server import Server

pytestmark = pytest.mark.browser


def test_its_place_is_there_before_it_comes(page: Page, demo: Server) -> None:
    held, let_go = list[Route](), threading.Event()
    page.set_viewport_size(PHONE_SCREEN)
    page.route(
        "**/webchat/pictures/*", lambda route: route.continue_() if let_go.is_set() else held.append(route)
    )
    page.goto(f"{demo.url}/try")
    expect(page.locator("#empty .chip").first).to_be_visible()
    page.fill("#say", "我家美的空调不制冷了")
    page.press("#say", "Enter")
    choice = page.locator('.choice:enabled[data-key="2"]')
    expect(choice).to_be_in_viewport()
    expect(page.locator(".picture img")).to_be_attached()
    page.evaluate(
        "Promise.all(document.getAnimations().map((each) => each.finished))"
    )  # bubbles rise as they come
    before = choice.bounding_box()
    let_go.set()  # the page may ask for it only now
    for route in held:
        route.continue_()
    expect(page.locator(".picture img")).to_have_js_property("naturalWidth", 800)
    assert choice.bounding_box() == before
    box = page.locator(".picture").bounding_box()
    assert (
        box is not None
        and box["width"] <= PHONE_SCREEN["width"]
        and abs(box["width"] * 3 / 4 - box["height"]) < 3
    )
    expect(page.locator(".picture img")).to_have_attribute("alt", "这一步的图示")


def test_without_it_the_words_stand_alone(page: Page, demo: Server) -> None:
    page.route("**/webchat/pictures/*", lambda route: route.abort())
    page.goto(f"{demo.url}/try")
    expect(page.locator("#empty .chip").first).to_be_visible()
    page.fill("#say", "我家美的空调不制冷了")
    page.press("#say", "Enter")
    expect(page.locator("#log")).to_contain_text("第 1 步")
    expect(page.locator(".picture")).to_have_count(0)

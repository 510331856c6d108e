"""A newcomer plays the whole story: the chat in /try, the staff in /console, the clock, the rating."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.server import Server

pytestmark = pytest.mark.browser


def say(page: Page, text: str, expected: str) -> None:
    """Write a message and wait for an answer that holds ``expected``."""
    before = page.locator(".msg.out:not(.typing)").count()
    page.fill("#say", text)
    page.press("#say", "Enter")
    answer = page.locator(".msg.out:not(.typing)").nth(before)
    expect(answer).to_contain_text(expected)


def test_the_whole_story(page: Page, demo: Server, password: str) -> None:
    page.goto(f"{demo.url}/try")
    expect(page.locator("#empty .chip").first).to_be_visible()
    say(page, "我家美的空调不制冷了", "第 1 步")
    page.locator('.choice:enabled[data-key="2"]').click()
    expect(page.locator("#log")).to_contain_text("第 2 步")
    say(page, "直接报修", "型号")
    say(page, "我叫王芳，电话13800138000，住成都市武侯区天府大道1号，去年5月买的，型号KFR-35GW", "请您核对")
    page.locator('.choice:enabled[data-key="1"]').click()
    expect(page.locator("#log")).to_contain_text("工单号")
    number = re.search(r"工单号 (\d{10})", page.locator("#log").inner_text())
    assert number is not None
    expect(page.locator("#tickets")).to_contain_text(number[1])

    staff = page.context.new_page()
    log_in(staff, demo, password)
    for verb in ("accept", "dispatch", "done"):
        press(staff, f"{demo.url}/console/tickets/{number[1]}", verb)
    expect(page.locator("#log")).to_contain_text("修好了吗")

    page.bring_to_front()
    page.click('[data-advance="1d"]')
    expect(page.locator("#log")).to_contain_text("1–5 分")
    page.locator('.choice:enabled[data-key="5"]').click()
    expect(page.locator("#log")).to_contain_text("已结案")


def log_in(staff: Page, demo: Server, password: str) -> None:
    staff.goto(f"{demo.url}/console")
    staff.fill("input[name=username]", "admin")
    staff.fill("input[name=password]", password)
    staff.press("input[name=password]", "Enter")
    expect(staff.locator("body")).to_contain_text("先处理这些")


def press(staff: Page, ticket: str, verb: str) -> None:
    """Open the ticket and press the button of a verb, filling in nothing that is not asked for."""
    staff.goto(ticket)
    staff.locator(f'[data-bs-target="#do-{verb}"]').first.click()
    dialog = staff.locator(f"#do-{verb}")
    expect(dialog).to_be_visible()
    with staff.expect_navigation():  # who goes on before the answer has come takes the order back
        dialog.locator("button[type=submit]").click()


def test_the_console_shows_what_needs_doing(page: Page, demo: Server, password: str) -> None:
    log_in(page, demo, password)
    page.goto(f"{demo.url}/console/tickets")
    expect(page.locator("body")).to_contain_text("漏电")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "scrolls sideways on a phone"
    )


def test_try_fits_a_phone_and_speaks_english(page: Page, demo: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{demo.url}/try")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "scrolls sideways on a phone"
    )
    page.locator("#language").evaluate("button => button.click()")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("en"))

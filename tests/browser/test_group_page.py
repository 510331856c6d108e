"""The group page in a real browser: a member asks and reads, somebody else with the same link sees nothing."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.channels.desk import running
from tests.groups.test_web_page import WANG, Room

pytestmark = pytest.mark.browser


@pytest.fixture
def room(sqlite_url: str) -> Iterator[Room]:
    with running(sqlite_url) as desk:
        yield Room(desk)


def be(page: Page, visitor: str) -> None:
    """The browser remembers this customer of /try."""
    known = json.dumps(json.dumps([{"id": visitor, "n": 1, "name": "王芳"}]))
    chosen = json.dumps(json.dumps(visitor))
    page.add_init_script(
        f"localStorage.setItem('frontdoor.try.visitors', {known});"
        f"localStorage.setItem('frontdoor.try.visitor', {chosen});"
    )


def test_a_member_asks_and_a_stranger_sees_nothing(page: Page, room: Room) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    be(page, WANG)
    page.goto(f"{room.desk.address}/try")
    page.locator('#log a[href^="/groups/QA"]').first.wait_for()
    link = page.locator('#log a[href^="/groups/QA"]').first.get_attribute("href")
    page.goto(f"{room.desk.address}{link}")
    expect(page.locator("#title")).to_have_text("教学屏使用")
    expect(page.locator("#count")).to_contain_text("我是 王芳")
    page.fill("#say", "一体机怎么无线投屏？")
    page.press("#say", "Enter")
    expect(page.locator("#log .in .bubble")).to_contain_text("一体机怎么无线投屏？")
    expect(page.locator("#log .house .bubble").first).to_contain_text("投屏")
    expect(page.locator("#log .house .quote").first).to_contain_text("一体机怎么无线投屏？")
    page.click("#language")
    expect(page.locator("#private")).to_have_text("Private chat")
    assert problems == []

    browser = page.context.browser
    assert browser is not None
    other = browser.new_context().new_page()
    other.goto(f"{room.desk.address}{link}")
    expect(other.locator("#closed")).to_contain_text("另一个账号")
    expect(other.locator("#log")).to_be_empty()
    expect(other.locator("#composer")).to_be_hidden()

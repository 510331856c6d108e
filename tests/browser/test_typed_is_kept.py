"""A form that is refused still holds what was typed; and what cannot be undone is asked for once more."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_trainings import log_in, served

pytestmark = pytest.mark.browser


@pytest.fixture
def url(tmp_path: Any, sqlite_url: str) -> Iterator[str]:
    with served(tmp_path, sqlite_url, 赵经理="manager") as (address, _):
        yield address


def fills_round(page: Page, url: str, *, size: str) -> None:
    page.goto(f"{url}/console/rounds")
    page.locator("summary", has_text="安排巡检").press("Enter")
    page.fill("#title", "冬季抽检")
    page.fill("#last_day", f"{date.today() + timedelta(days=20)}")
    page.fill("#size", size)
    page.fill("#places", "第一中学，13800138777，青岛市南区香港中路1号\n第二小学")
    page.get_by_label("赵经理").check()
    page.locator("form[action$='/rounds/add'] button").press("Enter")


def test_what_was_typed_stands_beside_the_reason_once(page: Page, url: str) -> None:
    log_in(page, url, "赵经理")
    fills_round(page, url, size="99")
    expect(page.locator(".alert-danger")).to_contain_text("抽检数量")
    expect(page.locator("#title")).to_be_visible()
    expect(page.locator("#title")).to_have_value("冬季抽检")
    expect(page.locator("#places")).to_have_value("第一中学，13800138777，青岛市南区香港中路1号\n第二小学")
    expect(page.get_by_label("赵经理")).to_be_checked()
    page.goto(f"{url}/console/rounds")
    expect(page.locator("#title")).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_round_is_called_off_only_when_that_is_confirmed(page: Page, url: str) -> None:
    log_in(page, url, "赵经理")
    fills_round(page, url, size="1")
    expect(page.locator("h1")).to_have_text("冬季抽检")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="取消这次巡检").press("Enter")
    expect(page.locator(".fd-head")).not_to_contain_text("已取消")
    assert "不能恢复" in asked[0]
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="取消这次巡检").press("Enter")
    expect(page.locator(".fd-head")).to_contain_text("已取消")

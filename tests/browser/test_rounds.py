"""An inspection round by hand: 赵经理 plans a sample, 李工 records on his phone with a photo, 赵经理 sees the result."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.customer.model import Customer, Device
from core.house import House
from tests.browser.test_trainings import PHONE_SCREEN, fits, log_in, served
from tests.training.pictures import photo

pytestmark = pytest.mark.browser
SCHOOLS = 6


@pytest.fixture
def url(tmp_path: Path, sqlite_url: str) -> Iterator[str]:
    """Six schools of 武侯区 have a teaching display each."""
    with served(tmp_path, sqlite_url, 赵经理="manager", 李工="technician", 张工="technician") as (
        address,
        house,
    ):
        _schools(house)
        yield address


def _schools(house: House) -> None:
    at = house.clock.now()
    with house.database.session() as session:
        for n in range(SCHOOLS):
            who = Customer(
                name=f"第{n}中学",
                phone=f"+861380013800{n}",
                address=f"成都市武侯区普吉东二街{n}号",
                created_at=at,
            )
            session.add(who)
            session.flush()
            session.add(Device(customer_id=who.id, category="display", brand="希沃", created_at=at))
        session.commit()


def plans(page: Page, url: str, first: str, last: str) -> None:
    """A sample of three, with the keyboard alone."""
    page.goto(f"{url}/console/rounds")
    page.locator("summary", has_text="安排巡检").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("教学屏抽检")
    page.keyboard.press("Tab")
    expect(page.locator("#kind")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("#kind")).to_have_value("sampled")
    page.locator("#first_day").fill(first)
    page.locator("#last_day").fill(last)
    page.locator("#category").focus()
    page.locator("#category").select_option("display")
    page.keyboard.press("Tab")
    expect(page.locator("#size")).to_be_focused()
    page.keyboard.insert_text("3")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("武侯区")
    page.keyboard.press("Tab")
    expect(page.get_by_label("赵经理")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("李工")).to_be_checked()
    page.locator("form[action$='/rounds/add'] button").press("Enter")
    expect(page.locator("h1")).to_have_text("教学屏抽检")


def records_with_a_photo(page: Page, file: Path) -> None:
    """A finding, its photo once, and a ticket made of it."""
    page.get_by_label("发现问题").check()
    page.fill("#findings", "触摸失灵，左下角没有反应")
    page.locator("button[value=record]").click()
    expect(page.locator("body")).to_contain_text("触摸失灵")
    file.write_bytes(photo(size=(1200, 800)))
    page.set_input_files("input[name=photo]", file)
    page.locator("#photos button", has_text="添加照片").click()
    expect(page.locator("#photos img")).to_have_count(1)
    page.locator("button[value=ticket]").click()
    expect(page.locator("body")).to_contain_text("已转工单")
    fits(page)
    page.set_input_files("input[name=photo]", file)
    page.locator("#photos button", has_text="添加照片").click()
    expect(page.locator("body")).to_contain_text("这张照片已经有了")


def test_a_sample_is_planned_visited_and_seen(page: Page, url: str, tmp_path: Path) -> None:
    log_in(page, url, "赵经理")
    today = page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})")
    plans(page, url, today, _later(today, 9))
    round_url = page.url
    expect(page.locator("body")).to_contain_text(f"从 {SCHOOLS} 处中抽 3 处")
    expect(page.locator("tbody tr")).to_have_count(3)
    fits(page)

    second = page.locator("tbody tr").nth(1).get_by_role("link")
    second.press("Enter")
    page.locator("#goes").select_option("张工")
    page.locator("button[value=move]").press("Enter")
    expect(page.locator("body")).to_contain_text("已保存")
    fits(page)

    page.context.clear_cookies()
    log_in(page, url, "李工")
    page.set_viewport_size(PHONE_SCREEN)
    page.goto(f"{url}/console/rounds")
    expect(page.locator(".fd-calendar a")).to_have_count(2)
    page.locator(".fd-calendar a").first.click()
    expect(page.get_by_label("发现问题")).to_be_visible()
    visit_url = page.url
    records_with_a_photo(page, tmp_path / "photo.jpg")

    page.context.clear_cookies()
    log_in(page, url, "赵经理")
    page.goto(round_url)
    expect(page.locator("body")).to_contain_text("已到访 1/3 处，发现问题 1 处，转工单 1 张")
    page.goto(visit_url)
    shown = page.locator("#photos img")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth < image.naturalHeight)")
    page.get_by_role("button", name="移除照片 1").press("Enter")
    expect(page.locator("#photos img")).to_have_count(0)
    page.goto(f"{url}/console/rounds")
    fits(page)


def _later(day: str, days: int) -> str:
    return f"{date.fromisoformat(day) + timedelta(days=days)}"

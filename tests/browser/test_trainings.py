"""孙老师 in the console, by hand: course, session, poster, a trainee in the chat, attendance, photos, the record; also without a mouse."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from app.settings import Settings
from app.web import create_app
from core.house import House
from core.staff.accounts import add_staff
from tests.serving import serving
from tests.training.pictures import photo

pytestmark = pytest.mark.browser
PASSWORD = "stand-by-me-7"
PHONE_SCREEN, DESK_SCREEN = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@contextmanager
def served(
    home: Path, database_url: str, *, public_url: str = "", **staff: str
) -> Iterator[tuple[str, House]]:
    """A server on an empty house in which ``staff`` (name=role) work; its address."""
    settings = {"home": home, "database_url": database_url, "public_url": public_url}
    made = create_app(Settings(demo=True, nlu_url="off", **settings))
    house = made.state.front.house
    with house.database.session() as session:
        for name, role in staff.items():
            add_staff(session, name=name, role=role, password=PASSWORD, at=datetime.now(UTC))
        session.commit()
    with serving(made, timeout_graceful_shutdown=0) as address:
        yield address, house


@pytest.fixture
def url(tmp_path: Any, sqlite_url: str) -> Iterator[str]:
    with served(tmp_path, sqlite_url, 孙老师="trainer") as (address, _):
        yield address


def log_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/console/login")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator(".fd-who").first).to_be_attached()


def enter(page: Page, url: str) -> None:
    log_in(page, url, "孙老师")
    page.goto(f"{url}/console/trainings")
    expect(page.locator("h1")).to_have_text("培训")


def fits(page: Page) -> None:
    """On a phone as well as on a desk, nothing scrolls sideways."""
    page.wait_for_load_state()  # its words are there before its style sheets are
    page.set_viewport_size(PHONE_SCREEN)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"
    page.set_viewport_size(DESK_SCREEN)


def plans(page: Page) -> str:
    """A course and a session of it, with the keyboard alone; returns the code."""
    page.locator("summary", has_text="新建课程").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("教学屏使用")
    page.keyboard.press("Tab")
    expect(page.locator("#category")).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#category")).to_have_value("display")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("课程已建好")
    page.locator("#course_id").focus()  # the form is open
    page.keyboard.press("Tab")
    page.keyboard.insert_text("三楼多媒体教室")
    page.locator("#day").fill(f"{date.today() + timedelta(days=400)}")
    page.locator("#head_id").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("教学屏使用")
    return page.url.rpartition("/")[2]


def joins(page: Page, url: str, code: str) -> None:
    """吴敏 writes the code in a chat."""
    chat = page.context.new_page()
    chat.goto(f"{url}/try")
    for words, answer in (
        (f"报名 {code}", "怎么称呼"),
        ("吴敏", "联系电话"),
        ("13800138001", "单位"),
        ("第一中学", "报名成功"),
    ):
        chat.fill("#say", words)
        chat.press("#say", "Enter")
        expect(chat.locator("#log")).to_contain_text(answer)
    chat.close()


def saved(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path()).read_bytes()


def test_from_the_course_to_the_record(page: Page, url: str, tmp_path: Path) -> None:
    enter(page, url)
    code = plans(page)
    fits(page)
    page.get_by_role("link", name="报名海报").click()
    expect(page.locator(".fd-poster")).to_contain_text(code)
    fits(page)
    joins(page, url, code)

    page.goto(f"{url}/console/trainings/{code}")
    row = page.locator("tr", has_text="吴敏")
    expect(row).to_contain_text("已报名")
    row.get_by_role("button", name="签到").press("Enter")
    expect(page.locator("tr", has_text="吴敏")).to_contain_text("已签到")

    page.get_by_role("link", name="修改或改期").press("Enter")
    fits(page)
    page.fill("#place", "一楼报告厅")
    page.press("#place", "Enter")
    expect(page.locator("body")).to_contain_text("正在通知学员")
    expect(page.locator("body")).to_contain_text("一楼报告厅")

    (tmp_path / "photo.jpg").write_bytes(photo(size=(1200, 800)))
    page.set_input_files("input[name=photo]", tmp_path / "photo.jpg")
    page.locator("#photos button", has_text="添加照片").click()
    shown = page.locator("#photos img")
    expect(shown).to_have_count(1)
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth < image.naturalHeight)")
    fits(page)

    text = PdfReader(io.BytesIO(saved(page, "培训记录 PDF"))).pages[0].extract_text()
    assert "吴敏" in text and "已签到" in text and "一楼报告厅" in text
    sheet = load_workbook(io.BytesIO(saved(page, "培训记录 Excel"))).worksheets[0]
    assert sheet["A3"].value == "吴敏"
    page.goto(f"{url}/console/trainings")
    fits(page)
    expect(page.locator("tr", has_text=code)).to_contain_text("1/30")


def test_a_session_called_off_says_so_and_offers_nothing_more(page: Page, url: str) -> None:
    enter(page, url)
    code = plans(page)
    page.locator("summary", has_text="取消这场培训").press("Enter")
    expect(page.locator("body")).to_contain_text("不能恢复")
    page.get_by_role("button", name="确认取消").press("Enter")
    expect(page.locator(".fd-head")).to_contain_text("已取消")
    expect(page.get_by_role("link", name="修改或改期")).to_have_count(0)
    page.goto(f"{url}/console/trainings/{code}/edit")
    expect(page.locator("#place")).to_have_count(0)

"""The roll of a session by hand: a list is chosen once to be tried and imported; one key marks one name after the other."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from core.house import House
from core.training.schedule import Plan, add_course, plan_session
from tests.browser.test_trainings import log_in, served

pytestmark = pytest.mark.browser
NAMES = (("马老师", "13800138001"), ("牛老师", "13800138002"), ("杨老师", "13800138003"))


@pytest.fixture
def school(tmp_path: Path, sqlite_url: str) -> Iterator[tuple[str, House]]:
    with served(tmp_path, sqlite_url, 孙老师="trainer") as served_at:
        yield served_at


def planned(house: House) -> str:
    at = house.clock.now()
    with house.database.session() as session:
        course = add_course(session, title="教学屏使用", category="display", outline=None, at=at)
        plan = Plan(course.id, at + timedelta(hours=1), at + timedelta(hours=3), 9, "三楼多媒体教室")
        code = plan_session(session, house, plan, at=at).code
        session.commit()
        return code


def listed(path: Path) -> Path:
    book = Workbook()
    for row in (("姓名", "电话"), *NAMES):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


def test_a_list_is_chosen_once_and_the_roll_is_called_with_one_key(
    page: Page, school: tuple[str, House], tmp_path: Path
) -> None:
    url, house = school
    code = planned(house)
    log_in(page, url, "孙老师")
    page.goto(f"{url}/console/trainings/{code}")
    page.set_input_files("input[name=list]", listed(tmp_path / "list.xlsx"))
    page.get_by_role("button", name="导入名单").click()
    expect(page.locator(".alert")).to_contain_text("试算：报上 3 人")
    assert page.locator("input[name=list]").evaluate("chosen => chosen.files.length") == 1
    expect(page.locator("tr", has_text="马老师")).to_have_count(0)
    page.locator("input[name=dry]").uncheck()
    page.get_by_role("button", name="导入名单").click()
    expect(page.locator(".alert")).to_contain_text("已导入：报上 3 人")

    rows = [page.locator("tr", has_text=name) for name, _ in NAMES]
    rows[0].get_by_role("button", name="签到").press("Enter")
    for marked, following in pairwise(rows):
        expect(marked).to_contain_text("已签到")
        expect(following.get_by_role("button", name="签到")).to_be_focused()
        page.keyboard.press("Enter")
    expect(rows[-1]).to_contain_text("已签到")

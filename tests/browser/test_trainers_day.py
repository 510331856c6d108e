"""A trainer's day on a telephone: a question handed over, one that needs no answer, courses, a session, its poster."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.groups.open import plan_group
from core.house import House
from core.staff.model import Staff
from core.training.model import Course, TrainingSession
from core.training.schedule import Plan, add_course, plan_session
from tests.browser.test_trainings import PHONE_SCREEN, log_in, served
from tests.training.codes import decoded

pytestmark = pytest.mark.browser
QUESTION = "教学屏的班牌模块怎么切到考勤模式"
PUBLIC = "https://front.example"


@pytest.fixture
def school(tmp_path: Path, sqlite_url: str) -> Iterator[tuple[str, House]]:
    staff = {"孙老师": "trainer", "钱老师": "trainer", "赵经理": "manager"}
    with served(tmp_path, sqlite_url, public_url=PUBLIC, **staff) as served_at:
        yield served_at


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A telephone, whose pages have no errors."""
    problems: list[str] = []
    page.set_viewport_size(PHONE_SCREEN)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    assert problems == []


def enters(page: Page, url: str, name: str) -> None:
    page.context.clear_cookies()  # whoever was here before
    log_in(page, url, name)


def fits(page: Page) -> None:
    page.wait_for_load_state()  # its words are there before its style sheets are
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"


def held(house: House) -> TrainingSession:
    """A session of a course that 钱老师 gave last; it is held, and its group is a page."""
    at = house.clock.now()
    with house.database.session() as session:
        people = {person.name: person.id for person in session.scalars(select(Staff))}
        course = add_course(session, title="教学屏使用", category="display", outline=None, at=at)
        plan = Plan(course.id, at + timedelta(hours=1), at + timedelta(hours=3), 9, "三楼多媒体教室")
        training = plan_session(session, house, plan, at=at)
        training.trainer_id, training.state = people["钱老师"], "held"
        plan_group(session, house, training, "web", at=at)
        add_course(session, title="打印机使用", category="printer", outline=None, at=at)
        session.commit()
        return training


def says(chat: Page, words: str, answer: str) -> None:
    chat.fill("#say", words)
    chat.press("#say", "Enter")
    expect(chat.locator("#log .out:not(.typing)").last).to_contain_text(answer)


def test_a_question_goes_to_a_colleague_and_needs_no_answer(page: Page, school: tuple[str, House]) -> None:
    url, _ = school
    chat = page.context.new_page()
    chat.goto(f"{url}/try")
    says(chat, QUESTION, "没有把握")
    enters(page, url, "孙老师")
    page.goto(f"{url}/console/asked")
    row = page.locator("article", has_text=QUESTION)
    row.locator("summary", has_text="转交").click()
    fits(page)
    row.get_by_label("转交给").select_option(label="钱老师 · 培训师")
    row.get_by_role("button", name="转交").click()
    expect(page.locator("body")).to_contain_text("已通知接手的人")
    expect(page.locator("article", has_text=QUESTION)).to_contain_text("钱老师")

    enters(page, url, "钱老师")
    page.goto(f"{url}/console/asked?mine=1")
    row = page.locator("article", has_text=QUESTION)
    row.locator("summary", has_text="不用答").click()
    fits(page)
    row.get_by_role("button", name="不用答").click()  # without a reason the browser sends nothing
    expect(row.get_by_label("已口头答复")).to_be_visible()
    row.get_by_label("已口头答复").check()
    row.get_by_role("button", name="不用答").click()
    expect(page.locator("body")).to_contain_text("好的，不用答")
    expect(page.locator("article", has_text=QUESTION)).to_have_count(0)
    expect(chat.locator("#log .out:not(.typing)").last).to_contain_text("钱老师说已经当面或打电话答复您了")


def test_courses_are_renamed_and_retired(page: Page, school: tuple[str, House]) -> None:
    url, house = school
    training = held(house)
    enters(page, url, "孙老师")
    page.goto(f"{url}/console/trainings")
    page.get_by_role("link", name="管理课程").click()
    course = page.get_by_role("region", name="打印机使用")
    course.locator("summary", has_text="修改").click()
    fits(page)
    course.get_by_label("课程名称").fill("教学屏使用")
    course.get_by_role("button", name="保存").click()
    expect(page.locator("body")).to_contain_text("已有同名课程")
    expect(course.get_by_label("课程名称")).to_have_value("教学屏使用")  # what was refused still stands there
    course.get_by_label("课程名称").fill("打印机与复印机")
    course.get_by_label("常用开始").fill("15:00")
    course.get_by_label("常用结束").fill("17:20")
    course.get_by_role("button", name="保存").click()
    course = page.get_by_role("region", name="打印机与复印机")
    expect(course).to_contain_text("15:00–17:20")
    old = page.get_by_role("region", name="教学屏使用")
    old.locator("summary", has_text="停办").click()
    fits(page)
    old.get_by_role("button", name="确认停办").click()
    expect(page.get_by_role("region", name="教学屏使用")).to_contain_text("已停办")
    page.goto(f"{url}/console/trainings")
    expect(page.locator("tr", has_text=training.code)).to_contain_text("教学屏使用")
    expect(page.locator("#course_id option")).to_have_text(["打印机与复印机"])


def test_a_new_session_begins_with_its_trainer_and_the_usual_times(
    page: Page, school: tuple[str, House]
) -> None:
    url, house = school
    held(house)
    with house.database.session() as session:
        session.query(Course).filter(Course.title == "打印机使用").update(
            {"usual_from": "15:00", "usual_until": "17:20"}
        )
        session.commit()
    enters(page, url, "赵经理")
    page.goto(f"{url}/console/trainings")
    page.locator("summary", has_text="安排场次").click()
    trainer = page.locator("#trainer_id")
    for title, who, start in (("打印机使用", "—", "15:00"), ("教学屏使用", "钱老师", "09:00")):
        page.locator("#course_id").select_option(label=title)
        expect(trainer.locator("option:checked")).to_have_text(who)
        expect(page.locator("#from")).to_have_value(start)
    trainer.select_option(label="孙老师")  # what was chosen by hand stays
    page.locator("#course_id").select_option(label="打印机使用")
    expect(trainer.locator("option:checked")).to_have_text("孙老师")
    expect(page.locator("#until")).to_have_value("17:20")
    fits(page)
    page.fill("#place", "二楼")
    page.fill("#day", f"{date.today() + timedelta(days=40)}")
    page.locator("form", has=page.locator("#course_id")).get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_have_text("打印机使用")
    expect(page.locator("dl")).to_contain_text("孙老师")
    enters(page, url, "孙老师")
    page.goto(f"{url}/console/trainings")
    expect(trainer.locator("option:checked")).to_have_text("孙老师")


def test_a_held_session_and_its_group_lead_to_each_other(page: Page, school: tuple[str, House]) -> None:
    url, house = school
    code = held(house).code
    enters(page, url, "孙老师")
    page.goto(f"{url}/console/trainings/{code}")
    fits(page)
    page.locator("dl a[href^='/console/groups/']").click()
    expect(page.locator("h1")).to_have_text("教学屏使用")
    fits(page)
    page.get_by_role("link", name="这个群的培训").click()
    expect(page).to_have_url(f"{url}/console/trainings/{code}")
    expect(page.locator(".fd-head")).to_contain_text(code)


def test_the_poster_of_a_house_with_web_chat_alone_is_followed_to_a_seat(
    page: Page, school: tuple[str, House]
) -> None:
    url, house = school
    at = house.clock.now()
    with house.database.session() as session:
        course = add_course(session, title="教学屏使用", category="display", outline=None, at=at)
        plan = Plan(course.id, at + timedelta(days=2), at + timedelta(days=2, hours=2), 9, "三楼")
        code = plan_session(session, house, plan, at=at).code
        session.commit()
    enters(page, url, "孙老师")
    page.goto(f"{url}/console/trainings/{code}/poster")
    fits(page)
    seen = decoded(page.locator(".fd-poster img").screenshot())  # as it stands on the screen
    link = urlsplit(seen)
    assert seen.startswith(f"{PUBLIC}/try?scene=")

    trainee: Any = page.context.browser
    phone = trainee.new_context(viewport=PHONE_SCREEN).new_page()
    phone.goto(f"{url}{link.path}?{link.query}")
    expect(phone.locator("#log .out:not(.typing)").last).to_contain_text("怎么称呼")
    expect(phone.locator("#log .in")).to_have_count(0)
    assert phone.evaluate("location.search") == ""
    fits(phone)
    for words, answer in (("吴敏", "联系电话"), ("13800138001", "单位"), ("第一中学", "报名成功")):
        says(phone, words, answer)
    phone.reload()  # the code is not sent again
    expect(phone.locator("#log .out:not(.typing)").last).to_contain_text("报名成功")
    page.goto(f"{url}/console/trainings/{code}")
    expect(page.locator("tr", has_text="吴敏")).to_contain_text("已报名")

"""Courses: renamed, given usual times, retired and taken up again; what a new session begins with; session and group."""

import re

from core.groups.open import plan_group
from core.house import House
from core.staff.accounts import add_staff
from core.staff.model import Staff
from core.training.courses import add_course, change_course, locked_course
from core.training.model import Course, TrainingSession
from core.training.schedule import BadSession
from tests.channels.desk import at_once
from tests.console.conftest import PASSWORD, Desk
from tests.console.test_trainings import FORM, planned

HERE = "/trainings/courses"


def made(desk: Desk, title: str, **more: str) -> Course:
    desk.post("/trainings/course", title=title, category="display")
    course: Course = desk.row(Course)
    if more:
        desk.post(f"{HERE}/{course.id}", what="save", title=title, category="display", **more)
    return course


def test_renamed_with_another_product_and_usual_times(desk: Desk) -> None:
    training = planned(desk)
    course = desk.row(Course)
    times = {"usual_from": "15:00", "usual_until": "17:20"}
    done = desk.post(f"{HERE}/{course.id}", what="save", title=" 大屏 使用 ", category="printer", **times)
    assert "已保存" in done.text and "大屏 使用" in done.text and "15:00–17:20" in done.text
    course = desk.row(Course)
    assert (course.title, course.category) == ("大屏 使用", "printer")
    held = desk.row(TrainingSession)
    assert (held.category, held.starts_at) == ("display", training.starts_at)  # what is planned stays
    assert "大屏 使用" in desk.get(f"/trainings/{training.code}").text
    desk.post(f"{HERE}/{course.id}", what="save", title="大屏 使用", category="printer")
    assert (desk.row(Course).usual_from, desk.row(Course).usual_until) == (None, None)


def test_what_cannot_be_saved(desk: Desk) -> None:
    desk.enter("trainer")
    first, second = made(desk, "教学屏使用"), made(desk, "打印机使用")
    url, as_it_is = f"{HERE}/{second.id}", {"what": "save", "title": "打印机使用", "category": "printer"}
    for change, said in (
        ({"title": "教学屏使用"}, "已有同名课程"),
        ({"title": "  "}, "课程名称要填写"),
        ({"title": "长" * 201}, "课程名称要填写"),
        ({"category": "spaceship"}, "请选择产品"),
        ({"usual_from": "15:00"}, "都填，或都不填"),
        ({"usual_from": "17:00", "usual_until": "15:00"}, "日期、时间或数字不对"),
        ({"usual_from": "25:00", "usual_until": "26:00"}, "都填，或都不填"),
    ):
        assert said in desk.post(url, **(as_it_is | change)).text, change
    assert desk.row(Course).title == "打印机使用" and first.title == "教学屏使用"
    assert desk.post(f"{HERE}/999", **as_it_is).status_code == 404
    assert desk.post(url, what="explode").status_code == 404
    desk.enter("auditor")
    assert "教学屏使用" in desk.get(HERE).text and "<form method" not in desk.get(HERE).text
    assert desk.post(url, **as_it_is).status_code == 403
    desk.enter("technician")
    assert desk.get(HERE).status_code == 403


def test_of_two_who_choose_the_same_title_at_once_one_is_told(house: House) -> None:
    at, said = house.clock.now(), []
    with house.database.session() as session:
        numbers = [
            add_course(session, title=title, category="tv", outline=None, at=at).id for title in "甲乙"
        ]
        session.commit()

    def renames(number: int) -> None:
        with house.database.session() as session:
            try:
                course = locked_course(session, number)
                assert course is not None
                change_course(session, course, title="丙", category="tv", usual=None)
                session.commit()
            except BadSession as bad:
                said.append(bad.why)

    at_once(*(lambda number=number: renames(number) for number in numbers))
    assert said == ["same_title"]


def test_retired_it_has_no_new_session_and_its_records_stay(desk: Desk) -> None:
    training = planned(desk)
    course = desk.row(Course)
    desk.post(f"/trainings/{training.code}/do", what="walk_in", name="吴敏", phone="13800138001")
    assert "还有 1 场没有办" in desk.get(HERE).text
    done = desk.post(f"{HERE}/{course.id}", what="retire").text
    assert "已停办" in done and "恢复开课" in done
    page = desk.get("/trainings").text
    assert "安排场次" not in page and training.code in page  # no course to plan, the session is still there
    assert "这门课程已经停办" in desk.post("/trainings/add", course_id=str(course.id), **FORM).text
    assert desk.row(TrainingSession).id == training.id
    assert "吴敏" in desk.get(f"/trainings/{training.code}").text
    assert desk.get(f"/trainings/{training.code}/record.xlsx").status_code == 200
    assert "已恢复开课" in desk.post(f"{HERE}/{course.id}", what="bring_back").text
    desk.post("/trainings/add", course_id=str(course.id), **FORM)
    assert desk.row(TrainingSession).id != training.id


def chosen(desk: Desk) -> tuple[str, dict[str, str]]:
    """Who stands in the form of a new session, and what each course brings along."""
    page = desk.get("/trainings").text
    select = page[page.index('id="trainer_id"') :]
    now = re.search(r'<option value="(\d+)" selected>', select[: select.index("</select>")])
    brings = re.findall(r'data-trainer_id="(\d+)" data-from="([\d:]+)" data-until="([\d:]+)">([^<]+)<', page)
    return now[1] if now else "", {title: f"{who} {start}–{end}" for who, start, end, title in brings}


def test_a_new_session_begins_with_who_creates_it_or_with_the_last_trainer(desk: Desk) -> None:
    with desk.house.database.session() as session:
        add_staff(session, name="孙老师", role="trainer", password=PASSWORD, at=desk.house.clock.now())
        session.commit()
    sun, trainer = (str(desk.row(Staff, Staff.name == name).id) for name in ("孙老师", "trainer"))
    desk.enter("trainer")
    course = made(desk, "教学屏使用", usual_from="14:00", usual_until="16:00")
    made(desk, "无人教过")
    assert chosen(desk)[0] == trainer
    for day, who in (("2026-12-01", trainer), ("2026-12-09", sun), ("2026-12-05", trainer)):
        desk.post("/trainings/add", course_id=str(course.id), **(FORM | {"day": day, "trainer_id": who}))
    desk.enter("manager")
    now, brings = chosen(desk)
    assert now == sun and brings == {"教学屏使用": f"{sun} 14:00–16:00", "无人教过": "0 09:00–11:30"}
    with desk.house.database.session() as session:  # who has left is nobody's trainer any more
        session.query(Staff).filter(Staff.name == "孙老师").update({"active": False})
        session.commit()
    assert chosen(desk)[0] == trainer


def test_a_held_session_and_its_group_lead_to_each_other(desk: Desk) -> None:
    training = planned(desk)
    assert "答疑群" not in desk.get(f"/trainings/{training.code}").text.split("</aside>")[-1].split("<dl")[1]
    with desk.house.database.session() as session:
        held = session.get_one(TrainingSession, training.id)
        held.state = "held"
        session.commit()
    assert "还没有答疑群" in desk.get(f"/trainings/{training.code}").text
    with desk.house.database.session() as session:
        held = session.get_one(TrainingSession, training.id)
        group = plan_group(session, desk.house, held, "web", at=desk.house.clock.now()).id
        session.commit()
    assert f'href="/console/groups/{group}"' in desk.get(f"/trainings/{training.code}").text
    for page in (f"/groups/{group}", "/groups"):
        assert f'href="/console/trainings/{training.code}"' in desk.get(page).text

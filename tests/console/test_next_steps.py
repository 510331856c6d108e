"""What a trainer sees next: the open form after a course, the week on the start page, the roll of a session that is over."""

import re

from core.staff.model import Staff
from core.training.model import Course, Enrolment, TrainingSession
from tests.console.conftest import Desk
from tests.console.test_asked import TEXT, asked
from tests.console.test_trainings import FORM, planned


def plan_form(page: str) -> str:
    """The form for a new session, from its heading on."""
    return page[page.index('id="plan"') :].partition("</details>")[0]


def test_after_a_course_its_session_is_planned(desk: Desk) -> None:
    desk.enter("trainer")
    desk.post("/trainings/course", title="安全用电", category="display")
    made = desk.post("/trainings/course", title="教学屏使用", category="display")
    course = desk.row(Course)
    assert "课程已建好" in made.text and made.url.query == f"course={course.id}".encode()
    form = plan_form(made.text)
    assert form.startswith('id="plan" open>')
    assert re.search(rf'<option value="{course.id}"[^>]* selected>教学屏使用', form)
    assert plan_form(desk.get("/trainings").text).startswith('id="plan" >')
    assert plan_form(desk.get("/trainings?course=999").text).startswith('id="plan" >')
    done = desk.post("/trainings/add", course_id=str(course.id), **FORM).text
    assert "接下来打印报名海报" in done and "周二" in done  # 2026-12-01
    assert f"/console/trainings?course={course.id}#plan" in desk.get("/trainings/courses").text


def test_a_session_that_is_over_counts_who_came_and_takes_nothing_back(desk: Desk) -> None:
    training = planned(desk, seats="1")
    with desk.house.database.session() as session:
        for place, (name, state) in enumerate((("吴敏", "attended"), ("周校长", "waiting")), 1):
            row = Enrolment(session_id=training.id, name=name, state=state, via="list", position=place)
            row.created_at = row.changed_at = training.starts_at
            session.add(row)
        session.commit()
    url = f"/trainings/{training.code}"
    before = desk.get(url).text
    assert "到 1 人 · 空 0 个 · 候补 1 人" in before and "取消 周校长 的报名" in before
    assert "再排一场" not in before
    with desk.house.database.session() as session:
        session.get_one(TrainingSession, training.id).state = "held"
        session.commit()
    after = desk.get(url).text
    assert "到 1 人</span>" in after and "空 0 个" not in after and "取消 周校长 的报名" not in after
    assert "再排一场" in after


def test_without_a_code_the_poster_says_it_once_and_how_to_sign_in(desk: Desk) -> None:
    page = desk.get(f"/trainings/{planned(desk).code}/poster").text
    assert page.count("还没有能扫码进入的渠道") == 1 and "逐个点“签到”" in page
    assert "请在现场出示" not in page and "09:00–11:30 周二" in page


def test_the_start_page_has_the_week_of_who_teaches(desk: Desk) -> None:
    asked(desk)
    training = planned(desk)
    start = desk.get("/").text
    assert "一周内的培训" not in start and "等回答的提问" in start
    with desk.house.database.session() as session:
        soon = session.get_one(TrainingSession, training.id)
        length = soon.ends_at - soon.starts_at
        soon.starts_at = desk.house.clock.now()
        soon.ends_at = soon.starts_at + length
        session.commit()
    assert training.code not in desk.get("/").text  # nobody's yet
    with desk.house.database.session() as session:
        trainer = session.query(Staff).filter(Staff.name == "trainer").one()
        session.get_one(TrainingSession, training.id).trainer_id = trainer.id
        session.commit()
    assert training.code in desk.get("/").text
    desk.enter("manager")
    start = desk.get("/").text
    assert "一周内的培训" in start and f"/console/trainings/{training.code}" in start
    desk.enter("agent")
    start = desk.get("/").text
    assert "等回答的提问" in start and "一周内的培训" not in start
    desk.enter("technician")
    assert "等回答的提问" not in desk.get("/").text


def test_whoever_looks_at_their_own_questions_goes_on_doing_so(desk: Desk) -> None:
    number = asked(desk, TEXT)
    desk.enter("trainer")
    assert f"/console/asked/{number}?mine=1" not in desk.get("/asked").text
    done = desk.post(f"/asked/{number}?mine=1", do="answer", answer="长按右下角。")
    assert "等确认措辞" in done.text and done.url.query == b"mine=1"
    assert 'href="?show=answered&amp;mine=1"' in done.text or 'href="?show=answered&mine=1"' in done.text
    kept = desk.post(f"/asked/{number}?mine=1", do="no_keep")
    assert kept.url.query == b"show=answered&mine=1"

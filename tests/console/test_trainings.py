"""The trainer's pages: a course, a session, its roll, a list from Excel, the poster; and who may not."""

import io
import re
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from console import Outside
from core.house import House
from core.training.model import Course, Enrolment, TrainingSession
from tests.console.conftest import CSRF, Desk
from tests.training.codes import decoded

FORM = {
    "day": "2026-12-01",
    "from": "09:00",
    "until": "11:30",
    "seats": "2",
    "lessons": "2",
    "lesson_minutes": "70",
    "break_minutes": "20",
    "place": "三楼多媒体教室",
    "trainer_id": "0",
    "head_id": "0",
}


class Deep:
    """Deep links as a bot that is on would have them."""

    def of(self, token: str) -> dict[str, str]:
        return {"telegram": f"https://t.me/front_bot?start={token}"}


def planned(desk: Desk, **more: str) -> TrainingSession:
    desk.enter("trainer")
    desk.post("/trainings/course", title="教学屏使用", category="display")
    desk.post("/trainings/add", course_id=str(desk.row(Course).id), **(FORM | more))
    found: TrainingSession = desk.row(TrainingSession)
    return found


def imports(desk: Desk, training: TrainingSession, rows: list[list[Any]], **more: str) -> str:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    data = {"csrftoken": desk.client.cookies.get(CSRF, ""), **more}
    url = f"/console/trainings/{training.code}/import"
    return desk.client.post(url, data=data, files={"list": ("list.xlsx", buffer.getvalue())}).text


def test_a_trainer_plans_a_session_and_marks_who_is_there(desk: Desk) -> None:
    training = planned(desk)
    assert (training.seats, training.code[:2]) == (2, "PX")
    assert "还没有人报名" in desk.get(f"/trainings/{training.code}").text
    assert "长 10 分钟" in desk.get(f"/trainings/{training.code}").text
    desk.post(f"/trainings/{training.code}/do", what="walk_in", name="吴敏", phone="13800138001")
    row = desk.row(Enrolment)
    assert (row.state, row.via) == ("attended", "walk_in")
    desk.post(f"/trainings/{training.code}/do", what="absent", row=str(row.id))
    assert desk.row(Enrolment).state == "registered", "a mark that was a mistake leaves their seat as it was"
    page = desk.get(f"/trainings/{training.code}").text
    assert "吴敏" in page and "13800138001" not in page


def test_the_form_offers_the_usual_hours_lessons_and_break(desk: Desk) -> None:
    """As they were asked for (G1): 09:00–11:30 or 15:00–17:20, two lessons of 70 minutes, 20 minutes between."""
    desk.enter("trainer")
    desk.post("/trainings/course", title="教学屏使用", category="display")
    page = desk.get("/trainings").text
    offered = re.findall(r'<option value="(\d\d:\d\d)">', page)
    assert offered == ["09:00", "15:00", "11:30", "17:20"]
    for name, value in (("lessons", "2"), ("lesson_minutes", "70"), ("break_minutes", "20")):
        (tag,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert f'value="{value}"' in tag
    for name, value in (("from", "09:00"), ("until", "11:30")):
        (tag,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert f'value="{value}"' in tag


def test_a_list_is_tried_and_then_imported_and_every_bad_row_is_told(desk: Desk) -> None:
    training = planned(desk)
    rows = [
        ["姓名", "手机", "单位"],
        ["吴敏", 13800138001, "第一中学"],
        ["", "13800138002", ""],
        ["何军", "123", ""],
        ["刘洋", "13800138003", ""],
        ["马丽", "13800138004", ""],
    ]
    answer = imports(desk, training, rows, dry="on")
    assert (
        "试算：报上 2 人，候补 1 人" in answer
        and "有 2 行有问题，没有算在内：第 3 行没有姓名；第 4 行电话号码不对" in answer
    )
    assert desk.row(Enrolment) is None
    assert "已导入：报上 2 人，候补 1 人" in imports(desk, training, rows)
    assert "已在名单 3 人" in imports(desk, training, rows)
    assert "表头" in imports(desk, training, [["a"], ["b"]])
    content = desk.get(f"/trainings/{training.code}/record.xlsx").content
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[3]][:4] == ["吴敏", "13800138001", "第一中学", "已报名"]  # type: ignore[index]


@pytest.mark.parametrize(
    "heads",
    [
        ["序号", "学员姓名", "手机号码", "学校名称"],
        ["No.", "Name", "Mobile", "School"],
        ["", "姓 名：", "联系电话*", "工作单位"],
    ],
)
def test_a_list_with_a_title_above_and_heads_of_their_own_is_read(desk: Desk, heads: list[str]) -> None:
    training = planned(desk)
    rows = [
        ["第一中学培训报名表"],
        [],
        heads,
        [1, "吴敏", "138-0013-8001", "第一中学"],
        [2, "何军", "1380", ""],
    ]
    answer = imports(desk, training, rows)
    assert "已导入：报上 1 人" in answer and "第 5 行电话号码不对" in answer
    row = desk.row(Enrolment)
    assert (row.name, row.phone, row.organisation) == ("吴敏", "+8613800138001", "第一中学")
    assert "没有学员" in imports(desk, training, [["标题"], heads])


def test_the_poster_has_the_code_and_a_picture_that_leads_into_the_chat(house: House) -> None:
    desk = Desk(house, Outside(links=Deep()))
    training = planned(desk)
    assert training.code in desk.get(f"/trainings/{training.code}/poster").text
    assert "<svg" in desk.get(f"/trainings/{training.code}/poster.svg").text
    page = PdfReader(io.BytesIO(desk.get(f"/trainings/{training.code}/poster.pdf").content)).pages[0]
    assert decoded(page.images[0].data) == f"https://t.me/front_bot?start={training.poster_token}"
    assert training.code in page.extract_text() and "三楼多媒体教室" in page.extract_text()
    assert "09:00–11:30 周二" in page.extract_text()
    assert (
        desk.get(f"/trainings/{training.code}/attendance.svg").text
        != desk.get(f"/trainings/{training.code}/poster.svg").text
    )


def test_a_poster_without_a_picture_does_not_say_scan(desk: Desk) -> None:
    training = planned(desk)
    for page in ("/poster", "/poster.pdf"):
        answer = desk.get(f"/trainings/{training.code}{page}")
        pdf = page.endswith("pdf")
        shown = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text() if pdf else answer.text
        assert f"发送 {training.code} 即可报名" in shown and "扫码报名" not in shown


def test_who_may_only_look_changes_nothing_and_others_do_not_look(desk: Desk) -> None:
    training = planned(desk)
    desk.enter("auditor")
    assert desk.get(f"/trainings/{training.code}").status_code == 200
    assert desk.post(f"/trainings/{training.code}/do", what="cancel").status_code == 403
    desk.enter("technician")
    assert desk.get("/trainings").status_code == 403
    desk.enter("trainer")
    desk.post(f"/trainings/{training.code}/do", what="cancel")
    assert desk.row(TrainingSession).state == "cancelled"

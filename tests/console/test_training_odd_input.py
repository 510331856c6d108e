"""What trainers type and upload by mistake or on purpose: refused in words, kept harmless, never an error page."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from core.training.lists import MOST_ROWS
from core.training.model import Course, Enrolment, TrainingSession
from tests.console.conftest import CSRF, Desk
from tests.console.test_training_edit import changes
from tests.console.test_trainings import FORM, imports, planned

ODD = [
    "=1+1",
    "<script>alert(1)</script>",
    "第\x00一\x01课",
    "😀" * 20,
    "'; drop table enrolments;--",
    "*粗* [x](http://y)",
]


@pytest.mark.parametrize("words", ODD)
def test_whatever_a_title_a_place_and_a_name_hold_all_pages_show_it_as_text(desk: Desk, words: str) -> None:
    desk.enter("trainer")
    desk.post("/trainings/course", title=words, category="display")
    form = {**FORM, "course_id": str(desk.row(Course).id), "place": words, "organisation": words}
    desk.post("/trainings/add", **form)
    training = desk.row(TrainingSession)
    desk.post(f"/trainings/{training.code}/do", what="walk_in", name=words, phone="13800138001")
    assert desk.row(Enrolment).state == "attended"
    for page in ("", "/edit", "/poster", "/poster.pdf", "/record.pdf", "/record.xlsx"):
        answer = desk.get(f"/trainings/{training.code}{page}")
        assert answer.status_code == 200 and "<script>alert(1)" not in answer.text, page
    book = load_workbook(io.BytesIO(desk.get(f"/trainings/{training.code}/record.xlsx").content))
    assert not [c.coordinate for sheet in book for row in sheet for c in row if c.data_type == "f"]


def test_what_is_no_session_is_refused_in_words(desk: Desk) -> None:
    training = planned(desk)
    for fields, why in (
        ({"day": "9999-12-31"}, "日期、时间或数字不对"),
        ({"seats": "²"}, "日期、时间或数字不对"),
        ({"seats": "9" * 30}, "名额应在"),
        ({"lessons": "9" * 14}, "课时不对"),
        ({"trainer_id": "777"}, "在册"),
        ({"head_id": "-5"}, "在册"),
        ({"from": "23:00", "until": "01:00"}, "日期、时间或数字不对"),
    ):
        assert why in changes(desk, training, **fields), fields
        form = {**FORM, "course_id": str(training.course_id), **fields}
        assert why in desk.post("/trainings/add", **form).text, fields
    assert desk.row(TrainingSession).id == training.id and desk.row(TrainingSession).revision == 0
    for row in ("x", "²", "9" * 30, ""):
        assert desk.post(f"/trainings/{training.code}/do", what="here", row=row).status_code == 404


def uploads(desk: Desk, training: TrainingSession, content: bytes) -> str:
    data = {"csrftoken": desk.client.cookies.get(CSRF, "")}
    url = f"/console/trainings/{training.code}/import"
    answer = desk.client.post(url, data=data, files={"list": ("list.xlsx", content)})
    assert answer.status_code == 200
    return answer.text


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def damaged(content: bytes, name: str, *, instead: bytes | None) -> bytes:
    """The same workbook with one of its parts broken, or gone."""
    whole, buffer = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for part in whole.namelist():
            if part != name or instead is not None:
                made.writestr(part, whole.read(part) if part != name else instead or b"")
    return buffer.getvalue()


def test_a_file_that_is_no_workbook_is_said_to_be_none(desk: Desk) -> None:
    training, good = planned(desk), workbook(["姓名", "手机"], ["吴敏", "13800138001"])
    chart = Workbook()
    chart.remove(chart.active)  # type: ignore[arg-type]
    chart.create_chartsheet()
    chart.save(only := io.BytesIO())
    broken = [
        damaged(good, part, instead=b"<broken") for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml")
    ]
    gone = [damaged(good, part, instead=None) for part in ("xl/worksheets/sheet1.xml", "[Content_Types].xml")]
    for content in (b"", b"a,b\n1,2", only.getvalue(), *broken, *gone):
        assert "不是可以读的 Excel 文件" in uploads(desk, training, content)
    assert desk.row(Enrolment) is None


def test_too_long_a_list_and_one_that_swells_are_refused(desk: Desk) -> None:
    training = planned(desk)
    rows = [[f"学员{n}", str(13800000000 + n)] for n in range(10_000)]
    assert f"最多 {MOST_ROWS} 行" in uploads(desk, training, workbook(["姓名", "手机"], *rows))
    swollen, buffer = b"\0" * (60 * 1024 * 1024), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", swollen)
    assert f"最多 {MOST_ROWS} 行" in uploads(desk, training, buffer.getvalue())
    assert desk.row(Enrolment) is None


def test_formulas_twice_and_one_number_for_two(desk: Desk) -> None:
    training = planned(desk, seats="9")
    answer = imports(
        desk,
        training,
        [
            ["单位", "手机", "姓名"],  # in another order
            ["第一中学", "138-0013-8001", "吴敏"],
            ["第一中学", 13800138001.0, " 吴 敏 "],
            ["第一中学", "13800138001", "何军"],  # the school's number: 何军 must not be lost without a word
            ["第一中学", "13800138002", "=1+1"],
            ["", '=""&13800138003', "刘洋"],
        ],
    )
    assert "报上 1 人" in answer and "已在名单 1 人" in answer
    for row, why in ((4, "已被别人报名"), (5, "没有姓名"), (6, "电话号码不对")):
        assert f"第 {row} 行" in answer and why in answer
    assert desk.row(Enrolment).name == "吴敏"


def test_a_walk_in_with_somebody_elses_number_marks_nobody(desk: Desk) -> None:
    training = planned(desk, seats="1")
    imports(desk, training, [["姓名", "手机"], ["吴敏", 13800138001], ["何军", 13800138002]])
    do = f"/trainings/{training.code}/do"
    assert "已被别人报名" in desk.post(do, what="walk_in", name="刘洋", phone="13800138001").text
    assert desk.row(Enrolment, Enrolment.state == "attended") is None
    he = desk.row(Enrolment, Enrolment.state == "waiting")
    desk.post(do, what="here", row=str(he.id))  # who waited and came is let in by the trainer
    assert desk.row(Enrolment, Enrolment.state == "attended").name == "何军"

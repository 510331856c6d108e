"""Moving and editing a session, and its photos and record, as a trainer does it in the console."""

import io
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from openpyxl import load_workbook
from sqlalchemy import select

from console import Outside
from core.house import House
from core.media.album import Photo
from core.media.store import MediaStore
from core.promise.model import Promise
from core.staff.model import Reveal
from core.training.model import Enrolment, TrainingSession
from tests.console.conftest import CSRF, Desk
from tests.console.test_trainings import FORM, imports, planned
from tests.training.pictures import opened, photo

ROLL: list[list[Any]] = [
    ["姓名", "手机"],
    ["吴敏", 13800138001],
    ["何军", 13800138002],
    ["刘洋", 13800138003],
]


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return Desk(house, Outside(media=MediaStore(tmp_path / "media")))


def changes(desk: Desk, training: TrainingSession, **fields: str) -> str:
    form = {**FORM, "course_id": str(training.course_id), **fields}
    return desk.post(f"/trainings/{training.code}/edit", **form).text


def told(desk: Desk, wording: str) -> int:
    with desk.house.database.reading() as session:
        rows = session.scalars(select(Promise).where(Promise.kind == "training_news"))
        return sum(row.payload["wording"] == wording for row in rows)


def test_the_form_holds_what_is_planned_and_moving_tells_everybody_once(desk: Desk) -> None:
    training = planned(desk, organisation="第一中学", place="三楼&东")
    imports(desk, training, ROLL)
    page = desk.get(f"/trainings/{training.code}/edit").text
    for value in ("2026-12-01", "09:00", "11:30", "第一中学", "三楼&amp;东"):
        assert f'value="{value}"' in page
    assert "正在通知学员" in changes(desk, training, day="2026-12-02", place="一楼报告厅")
    changes(desk, training, day="2026-12-02", place="一楼报告厅")
    moved = desk.row(TrainingSession)
    assert (moved.place, moved.revision, moved.starts_at.day) == ("一楼报告厅", 1, 2)
    assert told(desk, "training.moved") == 3


def test_other_edits_tell_nobody_and_new_seats_go_to_who_waits(desk: Desk) -> None:
    training = planned(desk)
    imports(desk, training, ROLL)
    assert "候补" in desk.get(f"/trainings/{training.code}").text
    changes(desk, training, seats="3", lead_name="周校长", lead_phone="13900139000")
    assert (told(desk, "training.moved"), told(desk, "training.moved_up")) == (0, 1)
    assert desk.row(TrainingSession).lead_phone == "+8613900139000"
    assert "候补" not in desk.get(f"/trainings/{training.code}").text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"seats": "1"}, "名额不能少于已报名的人数"),
        ({"day": "2026-11-20"}, "时间已经过去"),
        ({"until": "08:00"}, "日期、时间或数字不对"),
        ({"place": " "}, "请填写地点"),
        ({"lead_phone": "12"}, "电话号码不对"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(desk: Desk, fields: dict[str, str], why: str) -> None:
    training = planned(desk)
    imports(desk, training, ROLL)
    assert why in changes(desk, training, **fields)
    after = desk.row(TrainingSession)
    assert (after.seats, after.place, after.revision) == (2, FORM["place"], 0)
    assert told(desk, "training.moved") == 0


def test_who_says_on_the_telephone_that_they_cannot_come_is_taken_off_the_list(desk: Desk) -> None:
    training = planned(desk)
    imports(desk, training, ROLL)
    url = f"/trainings/{training.code}/do"
    first = desk.row(Enrolment, Enrolment.name == "吴敏")
    assert "已保存" in desk.post(url, what="leave", row=str(first.id)).text
    assert desk.post(url, what="leave", row=str(first.id)).status_code == 404
    assert desk.post(url, what="leave", row="x").status_code == 404
    assert desk.row(Enrolment, Enrolment.name == "刘洋").state == "registered"  # who waited


def test_a_session_that_is_over_is_not_edited_any_more(desk: Desk) -> None:
    training = planned(desk)
    desk.post(f"/trainings/{training.code}/do", what="cancel")
    assert 'name="place"' not in desk.get(f"/trainings/{training.code}/edit").text
    assert "培训已经结束或取消" in changes(desk, training, place="一楼")


def test_two_sessions_of_one_trainer_at_one_time_are_pointed_out(desk: Desk) -> None:
    planned(desk, trainer_id="1")
    second = planned(desk, trainer_id="1", **{"from": "11:00", "until": "12:00"})
    assert "同一时间该培训师还有" in desk.get(f"/trainings/{second.code}").text


def adds(desk: Desk, training: TrainingSession, *contents: bytes) -> Response:
    files = [("photo", (f"{n}.jpg", content, "image/jpeg")) for n, content in enumerate(contents)]
    data = {"csrftoken": desk.client.cookies.get(CSRF, "")}
    return desk.client.post(f"/console/trainings/{training.code}/photos", data=data, files=files)


def test_photos_are_added_shown_and_taken_away(desk: Desk, tmp_path: Path) -> None:
    training = planned(desk)
    assert "还没有照片" in desk.get(f"/trainings/{training.code}").text
    assert "已保存" in adds(desk, training, photo(), photo(colour="red")).text
    row = desk.row(Photo)
    url = f"/trainings/{training.code}/photos/{row.id}"
    shown = desk.get(url)
    assert (shown.headers["content-type"], shown.headers["x-content-type-options"]) == (
        "image/jpeg",
        "nosniff",
    )
    assert len(opened(shown.content).getexif()) == 0
    assert "这张照片已经有了" in adds(desk, training, photo()).text
    assert "不是可以读的照片" in adds(desk, training, b"<svg/>").text
    desk.post(f"{url}/remove")
    assert desk.get(url).status_code == 404
    assert len([p for p in (tmp_path / "media").rglob("*") if p.is_file()]) == 1


def test_an_upload_of_which_one_photo_is_too_many_leaves_no_file(desk: Desk, tmp_path: Path) -> None:
    training = planned(desk)
    most = desk.house.book.policy("photos")["most"]
    with desk.house.database.session() as session:
        session.add_all(
            Photo(session_id=training.id, path=f"{n}.jpg", mime="image/jpeg", by="孙老师",
                  created_at=desk.house.clock.now())
            for n in range(most - 1)
        )  # fmt: skip
        session.commit()
    assert "已保存" not in adds(desk, training, photo(), photo(colour="red")).text
    assert "不是可以读的照片" in adds(desk, training, photo(colour="green"), b"<svg/>").text
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert "已保存" in adds(desk, training, photo()).text, "there is room for one"


def test_a_photo_belongs_to_its_session_and_to_who_may_see_it(desk: Desk) -> None:
    training = planned(desk)
    adds(desk, training, photo())
    number = desk.row(Photo).id
    other = planned(desk)
    assert desk.get(f"/trainings/{other.code}/photos/{number}").status_code == 404
    desk.enter("auditor")
    assert desk.get(f"/trainings/{training.code}/photos/{number}").status_code == 200
    assert adds(desk, training, photo(colour="red")).status_code == 403
    assert desk.post(f"/trainings/{training.code}/photos/{number}/remove").status_code == 403
    desk.enter("technician")
    assert desk.get(f"/trainings/{training.code}/photos/{number}").status_code == 403


def test_the_record_is_fetched_and_whole_numbers_are_written_down(desk: Desk) -> None:
    training = planned(desk)
    imports(desk, training, ROLL)
    adds(desk, training, photo())
    pdf = desk.get(f"/trainings/{training.code}/record.pdf")
    assert pdf.content.startswith(b"%PDF") and f"{training.code}.pdf" in pdf.headers["content-disposition"]
    assert desk.row(Reveal) is None
    sheet = load_workbook(io.BytesIO(desk.get(f"/trainings/{training.code}/record.xlsx").content)).active
    assert sheet is not None and sheet["B3"].value == "13800138001"
    assert desk.row(Reveal).subject == f"training:{training.code}"
    assert desk.get(f"/trainings/{training.code}/record.exe").status_code == 404

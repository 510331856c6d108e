"""The record of a session: what stands in the workbook and in the PDF, and what does not."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from core.media.album import Album, add_photos
from core.media.photo import BadPhoto, PhotoRules, tidy
from core.media.store import MediaStore
from core.training.lead import enter_lead_review
from core.training.model import SCORES, TrainingReview, TrainingSession
from core.training.record import Record, record_of
from core.training.record_excel import record_excel
from core.training.record_pdf import record_pdf
from core.training.schedule import locked
from core.training.seats import Trainee, enrol
from tests.training.conftest import School
from tests.training.pictures import opened, photo

RULES = PhotoRules(most=3, most_mb=1, most_megapixels=2, longest_side=320)


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def held(school: School) -> TrainingSession:
    """吴敏 came and scored, 何军 did not, and a name that Excel would take for a formula waits."""
    training = school.plans(days=1, hour=15, lead_name="周校长", lead_phone="+8613900139000")
    school.registers(training, "wu", "吴敏", "13800138001")
    school.registers(training, "he", "何军", "13800138002")
    _listed(school, training, "=徐")
    school.passes("1720m")
    school.scans(training.attendance_token, "wu", "webchat")
    school.passes("240m")
    for score in "54543":
        school.says(score, who="wu")
    school.says("讲得很清楚 & <很好>", who="wu")
    return training


def _listed(school: School, training: TrainingSession, *names: str) -> None:
    with school.house.database.session() as session:
        mine, at = locked(session, training.id), school.house.clock.now()
        assert mine is not None
        for n, name in enumerate(names):
            enrol(session, school.house, mine, Trainee(name, f"+861380013{n:04}"), via="import", at=at)
        session.commit()


def adds(school: School, training: TrainingSession, store: MediaStore, content: bytes) -> None:
    tidied, at = tidy(content, RULES), school.house.clock.now()
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None
        album = Album(session_id=mine.id)
        add_photos(session, store, album, [tidied], most=RULES.most, by="孙老师", at=at)
        session.commit()


def read(school: School, training: TrainingSession, language: str = "zh") -> Record:
    with school.house.database.reading() as session:
        mine = session.get_one(TrainingSession, training.id)
        return record_of(session, school.house, mine, language=language)


def test_the_pdf_has_who_came_the_scores_and_the_pictures_and_no_whole_number(
    school: School, store: MediaStore
) -> None:
    training = held(school)
    adds(school, training, store, photo())
    content = record_pdf(school.house, read(school, training), store)
    pages = PdfReader(io.BytesIO(content)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    for words in (
        "培训记录",
        training.code,
        "三楼多媒体教室",
        "吴敏",
        "已签到",
        "何军",
        "缺席",
        "讲得很清楚 & <很好>",
    ):
        assert words in text, words
    assert "138****8001" in text and "13800138001" not in text and "13900139000" not in text
    assert "平均分4.2" in text.replace(" ", "")
    assert sum(len(page.images) for page in pages) == 1


def test_the_workbook_has_three_sheets_and_runs_nothing(school: School, store: MediaStore) -> None:
    training = held(school)
    adds(school, training, store, photo())
    book = load_workbook(io.BytesIO(record_excel(school.house, read(school, training), store)))
    assert book.sheetnames == ["学员名单", "培训评价", "现场照片"]
    roll = [[cell.value for cell in row] for row in book["学员名单"].iter_rows(min_row=3)]
    assert [row[:4] for row in roll[:2]] == [
        ["吴敏", "13800138001", "第一中学", "已签到"],
        ["何军", "13800138002", "第一中学", "缺席"],
    ]
    assert roll[2][0] == "'=徐"
    scores = {row[0].value: row[1].value for row in book["培训评价"].iter_rows() if row[0].value}
    assert (scores["讲解清楚"], scores["平均分"], scores["学员"]) == (4, 4.2, "讲得很清楚 & <很好>")
    assert len(book["现场照片"]._images) == 1


def test_the_score_of_the_lead_stands_apart_and_a_sheet_without_photos_says_so(
    school: School, store: MediaStore
) -> None:
    training = held(school)
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None
        given = dict.fromkeys(SCORES, 2)
        enter_lead_review(session, school.house, mine, given, "来得太晚", at=school.house.clock.now())
        session.commit()
    record = read(school, training)
    assert record.lead == 2.0 and record.average.overall == 3.1
    book = load_workbook(io.BytesIO(record_excel(school.house, record, store)))
    scores = {row[0].value: row[1].value for row in book["培训评价"].iter_rows() if row[0].value}
    assert (scores["其中客户负责人"], scores["客户负责人"]) == (2, "来得太晚")
    assert book["现场照片"]["A1"].value == "没有现场照片"
    pages = PdfReader(io.BytesIO(record_pdf(school.house, record, store))).pages
    assert "其中客户负责人2.0" in "".join(page.extract_text() for page in pages).replace(" ", "").replace(
        "\n", ""
    )


def test_each_score_says_how_many_gave_it_and_without_all_five_there_is_no_total(
    school: School, store: MediaStore
) -> None:
    training = held(school)
    with school.house.database.session() as session:
        review = session.scalars(select(TrainingReview).where(TrainingReview.answered_at.is_not(None))).one()
        review.effect, review.answered_at = None, None
        session.commit()
    record = read(school, training)
    assert [given for _, _, given in record.scores] == [1, 1, 1, 1]
    book = load_workbook(io.BytesIO(record_excel(school.house, record, store)))
    rows = {row[0].value: [cell.value for cell in row[1:3]] for row in book["培训评价"].iter_rows()}
    assert rows["讲解清楚"] == [4, "1 人评"] and "学习效果" not in rows and "平均分" not in rows
    pages = PdfReader(io.BytesIO(record_pdf(school.house, record, store))).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    assert "讲解清楚4.0（1人评）" in text and "平均分" not in text


def test_who_came_stands_first_and_who_gave_the_seat_back_last(school: School) -> None:
    training = school.plans(days=1, hour=15)
    school.registers(training, "he", "何军", "13800138002")
    school.registers(training, "wu", "吴敏", "13800138001")
    _listed(school, training, "徐")
    school.says("取消报名", who="he")
    record = read(school, training)
    assert [row.name for row in record.rows] == ["吴敏", "徐", "何军"]
    assert dict(record.facts)["课时"] == "2 节 × 70 分钟，课间 20 分钟"


def test_a_record_in_english_and_one_without_anything_to_tell(school: School, store: MediaStore) -> None:
    training = school.plans()
    record = read(school, training, "en")
    text = (
        PdfReader(io.BytesIO(record_pdf(school.house, record, None, language="en"))).pages[0].extract_text()
    )
    assert "Record of training" in text and "Trainees" in text and "Photos" not in text


def test_a_long_roll_goes_on_over_pages_with_its_heads(school: School) -> None:
    training = school.plans(seats=200)
    _listed(school, training, *(f"学员{n}" for n in range(80)))
    pages = PdfReader(io.BytesIO(record_pdf(school.house, read(school, training), None))).pages
    assert len(pages) > 1 and all("报名方式" in page.extract_text() for page in pages)


def test_a_photo_is_upright_small_and_tells_nobody_where_it_was_taken() -> None:
    before = opened(photo())
    assert len(before.getexif()) >= 2
    after = opened(tidy(photo(), RULES))
    assert (after.format, after.size) == ("JPEG", (240, 320))
    assert len(after.getexif()) == 0 and "exif" not in after.info
    assert opened(tidy(photo(kind="PNG"), RULES)).format == "JPEG"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "picture"),
        (b"<svg onload=alert(1)>", "picture"),
        (photo()[:-400], "picture"),
        (photo(kind="PNG") + b"x" * 1_000_000, "large"),
        (photo(size=(2000, 1001)), "large"),
    ],
)
def test_what_is_no_photo_or_too_large_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(BadPhoto) as refused:
        tidy(content, RULES)
    assert refused.value.why == why


def test_a_record_has_each_photo_once_and_not_too_many(
    school: School, store: MediaStore, tmp_path: Path
) -> None:
    training = school.plans()
    for colour in ("red", "green", "blue"):
        adds(school, training, store, photo(colour=colour))
    with pytest.raises(BadPhoto, match="twice"):
        adds(school, training, store, photo(colour="red"))
    with pytest.raises(BadPhoto, match="many"):
        adds(school, training, store, photo(colour="black"))
    assert len(read(school, training).photos) == 3
    assert len([path for path in (tmp_path / "media").rglob("*") if path.is_file()]) == 3
    assert all(isinstance(row.created_at, datetime) for row in read(school, training).photos)

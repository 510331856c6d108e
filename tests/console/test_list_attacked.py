"""Lists of trainees as they are really sent: renamed, merged, hidden, with formulas, numbers in every spelling."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from core.training.lists import MOST_ROWS, BadList, _rows
from core.training.model import Enrolment
from tests.console.conftest import Desk
from tests.console.test_training_odd_input import damaged, uploads
from tests.console.test_trainings import imports, planned

HEADS = ["姓名", "手机", "单位"]
OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2048


def saved(book: Workbook) -> bytes:
    book.save(buffer := io.BytesIO())
    return buffer.getvalue()


def filled(book: Workbook, *rows: list[Any]) -> Any:
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    return book.active


def everybody(desk: Desk) -> list[Enrolment]:
    with desk.house.database.reading() as session:
        return list(session.scalars(select(Enrolment).order_by(Enrolment.id)))


def test_the_sheet_that_is_seen_is_read_and_not_a_hidden_one(desk: Desk) -> None:
    training, book = planned(desk), Workbook()
    book.active.title = "字典"  # type: ignore[union-attr]
    filled(book, HEADS, ["不该有", "13800138009", "无"]).sheet_state = "hidden"
    book.active = book.create_sheet("名单")
    filled(book, HEADS, ["吴敏", "13800138001", "第一中学"])
    assert "报上 1 人" in uploads(desk, training, saved(book))
    assert [row.name for row in everybody(desk)] == ["吴敏"]


def test_one_school_merged_beside_its_names_is_of_each_of_them(desk: Desk) -> None:
    training, book = planned(desk, seats="9"), Workbook()
    rows = [["吴敏", 13800138001, "第一中学"], ["何军", 13800138002], ["刘洋", 13800138003, "第二中学"]]
    sheet = filled(book, ["报名表"], HEADS, *rows, ["周杰", 13800138004])
    for cells in ("A1:C1", "C3:C4"):
        sheet.merge_cells(cells)
    assert "报上 4 人" in uploads(desk, training, saved(book))
    schools = {row.name: row.organisation for row in everybody(desk)}
    assert schools == {
        "吴敏": "第一中学",
        "何军": "第一中学",
        "刘洋": "第二中学",
        "周杰": training.organisation,
    }


@pytest.mark.parametrize(
    "number",
    [13800138001, 13800138001.0, "138 0013 8001", "+86 138-0013-8001", "8613800138001", "008613800138001",
     "１３８００１３８００１", "13800138001\u202c", " 13800138001\n", "\u200b138\u00a00013\u00a08001", "'13800138001", "tel:13800138001",
     "13800138001（微信同号）"],
)  # fmt: skip
def test_a_number_in_whatever_spelling(desk: Desk, number: Any) -> None:
    training = planned(desk)
    answer = imports(desk, training, [HEADS, ["吴敏", number, ""]])
    assert "报上 1 人" in answer and desk.row(Enrolment).phone == "+8613800138001"


@pytest.mark.parametrize(
    "number", ["1.38E+10", "138001380", True, "13800138001/13800138002", "无", "2026-12-01"]
)
def test_what_is_no_number_is_told_with_its_row(desk: Desk, number: Any) -> None:
    answer = imports(desk, planned(desk), [HEADS, ["吴敏", number, ""]])
    assert "第 2 行" in answer and "电话号码不对" in answer and desk.row(Enrolment) is None


def test_what_only_calls_itself_a_workbook(desk: Desk) -> None:
    training = planned(desk)
    for content in (
        OLD_EXCEL,
        "姓名,手机\n吴敏,13800138001\n".encode("gbk"),
        b"PK\x03\x04 cut off",
        b"<html></html>",
    ):
        assert "不是可以读的 Excel 文件" in uploads(desk, training, content)
    for rows in ([], [["姓名", "性别"], ["吴敏", "女"]], [HEADS], [HEADS, ["", "", ""]]):
        assert "报上" not in imports(desk, training, rows)
    assert desk.row(Enrolment) is None


def test_a_cell_far_to_the_right_makes_no_row_wide() -> None:
    book = Workbook()
    sheet = filled(book, HEADS, *([f"学员{n}", 13800000000 + n, "第一中学"] for n in range(50)))
    sheet.cell(row=1, column=16_384, value="x")
    rows = _rows(saved(book))
    assert len(rows) == 50 and set(rows[0][1]) == {"name", "phone", "organisation"}


def test_a_column_merged_to_its_end_is_read_in_no_time() -> None:
    """A million cells of it, and then of the whole sheet: only the rows that are there are looked at."""
    for merged in ("C2:C1048576", "C2:XFD1048576"):
        book = Workbook()
        filled(book, HEADS, ["吴敏", 13800138001, "第一中学"], ["何军", 13800138002])
        content = damaged(saved(book), "xl/worksheets/sheet1.xml", instead=with_merge(saved(book), merged))
        assert [values["organisation"] for _, values in _rows(content)] == ["第一中学", "第一中学"]


def with_merge(content: bytes, cells: str) -> bytes:
    """The sheet's XML with cells merged, which openpyxl itself would not survive."""
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    mark = f'</sheetData><mergeCells count="1"><mergeCell ref="{cells}"/></mergeCells>'
    return sheet.replace(b"</sheetData>", mark.encode())


def test_as_many_rows_as_may_be_and_one_more() -> None:
    """The limit is of names: a title above takes none away."""
    rows = [[f"学员{n}", str(13800000000 + n)] for n in range(MOST_ROWS)]
    for above in ([], [["报名表"], []]):
        assert len(_rows(saved_rows(*above, ["姓名", "手机"], *rows))) == MOST_ROWS
        with pytest.raises(BadList, match="rows"):
            _rows(saved_rows(*above, ["姓名", "手机"], *rows, ["多一个", "13900139000"]))


def saved_rows(*rows: list[Any]) -> bytes:
    book = Workbook()
    filled(book, *rows)
    return saved(book)

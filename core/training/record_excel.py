"""The record of a session as a workbook: the roll, the scores with what was said, the pictures."""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.house import House
from core.media.store import MediaStore
from core.messaging.outbox import sayable
from core.training.record import COLUMNS, Record, cell

_WIDTHS = {"name": 14, "phone": 16, "organisation": 26, "state": 10, "via": 12, "attended_at": 14}
_PICTURE = 480  # pixels wide; a row of the sheet is 20 high
_ROW = 20


def record_excel(house: House, record: Record, store: MediaStore | None, *, language: str = "zh") -> bytes:
    """Phone numbers in full: whoever fetches it has its reading written down (console/pages/training_record.py)."""
    book = Workbook()
    sheet: Any = book.active
    _roll(sheet, house, record, language)
    _scores(book.create_sheet(), house, record, language)
    _photos(book.create_sheet(), house, record, store, language)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _roll(sheet: Any, house: House, record: Record, language: str) -> None:
    sheet.title = house.book.text("record.roll", language)
    sheet.append([safe(record.title), record.code, *(safe(value) for _, value in record.facts[:2])])
    sheet.append([house.book.text(f"record.{name}", language) for name in COLUMNS])
    for row in record.rows:
        sheet.append([_cell(house, row, name, language) for name in COLUMNS])
    for row in sheet["A1:F2"]:
        for head in row:
            head.font = Font(bold=True)
    for number, name in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[name]
    sheet.freeze_panes = "A3"


def _scores(sheet: Any, house: House, record: Record, language: str) -> None:
    sheet.title = house.book.text("record.scores", language)
    for word, value in record.facts:
        sheet.append([word, safe(value)])
    for word, many in record.numbers:
        sheet.append([word, many])
    sheet.append([])
    sheet.append([house.book.text("record.answers", language), record.average.answers])
    for word, score, given in record.scores:
        sheet.append([word, score, house.book.text("record.given", language, given=given)])
    if record.average.overall is not None:
        sheet.append([house.book.text("record.average", language), record.average.overall])
    if record.lead is not None:
        sheet.append([house.book.text("record.lead_average", language), record.lead])
    for by, words in record.said:
        sheet.append([by, safe(words)])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 60


def _photos(sheet: Any, house: House, record: Record, store: MediaStore | None, language: str) -> None:
    sheet.title = house.book.text("record.photos", language)
    if not record.photos:
        sheet.append([house.book.text("record.no_photos", language)])
    line = 1
    for photo in record.photos if store else ():
        try:
            picture = Image(store.open(photo.path))  # type: ignore[union-attr]
        except FileNotFoundError:
            continue
        picture.width, picture.height = _PICTURE, picture.height * _PICTURE // picture.width
        sheet.add_image(picture, f"A{line}")
        line += picture.height // _ROW + 2


def _cell(house: House, row: Any, name: str, language: str) -> str:
    value = cell(house, row, name, language)
    return value.removeprefix("+86") if name == "phone" else safe(value)


def safe(value: str) -> str:
    """Never a formula, nor what a workbook cannot hold: what people typed is shown in somebody's Excel."""
    value = sayable(value)
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value

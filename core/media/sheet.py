"""The first sheet of an Excel file that is seen, as text."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import iterparse

from core.messaging.outbox import sayable

MOST_UNPACKED = 50 * 1024 * 1024  # bytes
MOST_COLUMNS = 100  # one cell far to the right would make every row as wide


class BadSheet(Exception):
    """The bytes are no workbook that can be read; ``why`` is file, or rows for far too much of it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Sheet:
    """``down``: cells merged over several rows, as (column, first row, last row) from 0; only the first has the text."""

    rows: list[list[str]]
    down: list[tuple[int, int, int]] = field(default_factory=list)


def sheet_rows(content: bytes, *, most: int) -> list[list[str]]:
    """At most ``most`` rows, the head among them. BadSheet."""
    return read_sheet(content, most=most).rows


def read_sheet(content: bytes, *, most: int) -> Sheet:
    """The same, with its merged cells. BadSheet."""
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
        if unpacked > MOST_UNPACKED:
            raise BadSheet("rows")
        sheet = _seen(content)
        rows = texts(sheet.iter_rows(values_only=True, max_row=most, max_col=MOST_COLUMNS))
        return Sheet(rows, _merged_down(sheet, len(rows)))
    except BadSheet:
        raise
    except Exception as broken:  # openpyxl lets through whatever its readers of zip and XML say, and more
        raise BadSheet("file") from broken


def _seen(content: bytes) -> Any:
    # Here, because it takes openpyxl (with numpy) a quarter of a second to load, which no start of the house waits for.
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    seen = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
    return next(seen, book.worksheets[0])


def _merged_down(sheet: Any, rows: int) -> list[tuple[int, int, int]]:
    """Read row by row openpyxl tells nothing of them; read as a whole it makes a cell for each of a merged column's million."""
    from openpyxl.utils import range_boundaries

    found = []
    with sheet._get_source() as source:  # its XML, which has no other name
        for _, element in iterparse(source):
            if element.tag.endswith("}mergeCell"):
                left, top, _, end = range_boundaries(element.get("ref", ""))
                found.append((left - 1, top - 1, min(end, rows) - 1))
            element.clear()
    return [(column, top, end) for column, top, end in found if end > top]


def texts(rows: Iterable[Iterable[object]]) -> list[list[str]]:
    """Every cell as text on one line; empty for an empty one."""
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    """A phone number that Excel keeps as a number has no decimals."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(sayable(str(cell)).split())

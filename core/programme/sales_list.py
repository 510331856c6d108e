"""A list of sales as Excel or CSV: every row is registered or answered with what is wrong with it."""

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.media.sheet import BadSheet, sheet_rows, texts
from core.programme.sale import Sale, register_sale
from core.staff.refusal import Refused, in_words

MOST_ROWS = 2000
COLUMNS = {
    "name": ("姓名", "name"),
    "phone": ("电话", "手机", "手机号", "phone"),
    "category": ("品类", "产品", "category"),
    "brand": ("品牌", "brand"),
    "model": ("型号", "model"),
    "serial": ("序列号", "serial"),
    "invoice_no": ("发票号", "订单号", "发票或订单号", "invoice_no"),
    "sold_on": ("销售日期", "购买日期", "sold_on"),
    "delivered_on": ("送货日期", "安装日期", "delivered_on"),
}


@dataclass
class Listed:
    """How many were registered, and (row, why) of those that were left out."""

    registered: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def import_sales(
    session: Session, house: House, *, name: str, content: bytes, at: datetime, language: str = "zh"
) -> Listed:
    """Register every row that can be; Refused where the file as a whole cannot be read."""
    done = Listed()
    for number, told in rows_of(name, content):
        try:
            register_sale(session, house, Sale.of(house, told), at=at)
            done.registered += 1
        except Refused as refused:
            done.refused.append((number, in_words(house.book, refused, language)))
    return done


def rows_of(name: str, content: bytes) -> list[tuple[int, dict[str, str]]]:
    """(row of the sheet, column → text) below the head; empty rows are left out."""
    read = _excel if name.lower().endswith((".xlsx", ".xlsm")) else _csv
    try:
        rows = read(content)
    except (BadSheet, ValueError, csv.Error) as broken:
        raise Refused("sale.bad.file", file=name[:60]) from broken
    if len(rows) > MOST_ROWS + 1:
        raise Refused("sale.bad.rows", most=MOST_ROWS)
    places = _places(rows[0] if rows else [])
    found = []
    for number, cells in enumerate(rows[1:], 2):
        told = {column: cells[place] for column, place in places.items() if place < len(cells)}
        if any(told.values()):
            found.append((number, told))
    return found


def _places(heads: list[str]) -> dict[str, int]:
    names = [head.lower() for head in heads]
    places = {
        column: next(names.index(word) for word in words if word in names)
        for column, words in COLUMNS.items()
        if any(word in names for word in words)
    }
    if not {"phone", "category"} <= places.keys() or not {"sold_on", "delivered_on"} & places.keys():
        raise Refused("sale.bad.heads")
    return places


def _excel(content: bytes) -> list[list[str]]:
    return sheet_rows(content, most=MOST_ROWS + 2)


def _csv(content: bytes) -> list[list[str]]:
    return texts(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))

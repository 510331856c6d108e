"""Lists of trainees from Excel: an import in which every row is answered."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.dialogue.choices import plain
from core.dialogue.facts import phone_number
from core.house import House
from core.media.sheet import BadSheet, Sheet, read_sheet
from core.training.model import TrainingSession
from core.training.news import announce
from core.training.roll import enrolled
from core.training.seats import NoSeat, Trainee, lock, open_until, take_seat

MOST_ROWS = 2000
_COLUMNS = {
    "name": ("姓名", "学员姓名", "学员", "教师姓名", "名字", "name"),
    "phone": (
        "电话",
        "手机",
        "手机号",
        "手机号码",
        "电话号码",
        "联系电话",
        "联系方式",
        "联系手机",
        "移动电话",
        "phone",
        "mobile",
    ),
    "organisation": (
        "单位",
        "学校",
        "单位名称",
        "学校名称",
        "工作单位",
        "所在单位",
        "所在学校",
        "公司",
        "organisation",
        "school",
        "company",
    ),
}
_DIGITS = re.compile(r"\+?\d[\d\s-]{5,}\d")
_ABOVE = 10  # rows that may stand above the heads: a title, a date, a note


class BadList(Exception):
    """名单没有读入：{why}。"""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Listed:
    """What came of a list: how many in which state, and (row, why) of those that were left out."""

    registered: int = 0
    waiting: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def import_list(
    session: Session, house: House, *, training_id: int, content: bytes, at: datetime, dry: bool
) -> Listed:
    """Enrol everybody on the sheet; a bad row is told and does not stop the others. BadList, NoResultFound.

    ``dry`` does the same and keeps nothing of it, so what it says is what the import would do.
    """
    training = session.get_one(TrainingSession, training_id)
    done = _enrol_all(session, house, training, content, at)
    if dry:
        session.rollback()
    else:
        session.commit()
    return done


def _enrol_all(
    session: Session, house: House, training: TrainingSession, content: bytes, at: datetime
) -> Listed:
    rows = [(number, *_trainee(values, training)) for number, values in _rows(content)]
    known = _customers(session, {trainee.phone for _, trainee, _ in rows if trainee.phone})
    lock(session, training)
    done, before = Listed(), {row.id for row in enrolled(session, training)}
    for number, trainee, wrong in rows:
        known_as = replace(trainee, customer_id=known.get(trainee.phone or ""))
        why = wrong or _enrol_row(session, house, training, known_as, done, before, at)
        if why:
            done.refused.append((number, why))
    return done


def _trainee(values: dict[str, str], training: TrainingSession) -> tuple[Trainee, str | None]:
    """Who stands in a row, and what it lacks: name, phone."""
    name, phone = values.get("name", "")[:60], _number(plain(values.get("phone", "")))
    wrong = "name" if not name else "phone" if phone is None else None
    return Trainee(name, phone, values.get("organisation") or training.organisation), wrong


def _customers(session: Session, phones: set[str]) -> dict[str, int]:
    """Proved number → whose it is."""
    proved = select(Customer.phone, Customer.id).where(
        Customer.phone.in_(phones), Customer.phone_verified_at.is_not(None), Customer.merged_into.is_(None)
    )
    return {str(phone): number for phone, number in session.execute(proved.order_by(Customer.id.desc()))}


def _enrol_row(
    session: Session,
    house: House,
    training: TrainingSession,
    trainee: Trainee,
    done: Listed,
    before: set[int],
    at: datetime,
) -> str | None:
    """Why the row was left out: taken, over, cancelled, retired; None when it was not."""
    try:
        open_until(training, at)
        row = take_seat(session, house, training, trainee, via="import", at=at)
    except NoSeat as refused:
        return refused.why
    if row.id in before:
        done.known += 1
        return None
    before.add(row.id)
    setattr(done, row.state, getattr(done, row.state) + 1)
    if row.state == "registered":  # who waits is told of the seat once there is one
        announce(session, training, row, "training.listed", at=at)
    return None


def _number(told: str) -> str | None:
    """E.164 of the one number in a cell, whatever stands around it; None where there are two, or none."""
    found = _DIGITS.findall(told)
    return phone_number(told) or (phone_number("".join(found[0].split())) if len(found) == 1 else None)


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """(row of the sheet, column → text) below the head; empty rows are left out."""
    try:
        sheet = read_sheet(content, most=MOST_ROWS + _ABOVE + 2)
    except BadSheet as broken:
        raise BadList(broken.why) from broken
    rows = sheet.rows
    head, places = _heads(rows)
    if len(rows) > MOST_ROWS + head + 1:
        raise BadList("rows")
    _one_for_all(sheet, places["organisation"])
    found = []
    for number, cells in enumerate(rows[head + 1 :], head + 2):
        values = {n: cells[p] for n, p in places.items() if p is not None and p < len(cells)}
        if any(values.values()):
            found.append((number, values))
    if not found:
        raise BadList("empty")
    return found


def _one_for_all(sheet: Sheet, column: int | None) -> None:
    """One school beside many names, its cells merged: it is the school of each of them."""
    for merged, first, last in sheet.down:
        for cells in sheet.rows[first + 1 : last + 1] if merged == column else ():
            if merged < len(cells) and any(cells):  # an empty row is nobody
                cells[merged] = sheet.rows[first][merged]


def _heads(rows: list[list[str]]) -> tuple[int, dict[str, int | None]]:
    """Which row has the heads, and which column is what: most lists have a title above. BadList."""
    for number, cells in enumerate(rows[: _ABOVE + 1]):
        heads = ["".join(cell.lower().split()).rstrip("：:*") for cell in cells]
        places = {
            name: next((heads.index(word) for word in words if word in heads), None)
            for name, words in _COLUMNS.items()
        }
        if places["name"] is not None and places["phone"] is not None:
            return number, places
    raise BadList("heads")

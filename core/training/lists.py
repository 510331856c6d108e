"""Lists of trainees from Excel: an import in which every row is answered."""

import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.dialogue.facts import phone_number
from core.house import House
from core.training.model import TrainingSession
from core.training.news import announce
from core.training.roll import enrolled
from core.training.seats import NoSeat, Trainee, enrol, lock

MOST_ROWS = 2000
_COLUMNS = {
    "name": ("姓名", "name"),
    "phone": ("电话", "手机", "手机号", "phone"),
    "organisation": ("单位", "学校", "organisation"),
}


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
    lock(session, training)
    done, before = Listed(), {row.id for row in enrolled(session, training)}
    for number, values in _rows(content):
        why = _enrol_row(session, house, training, values, done, before, at)
        if why:
            done.refused.append((number, why))
    return done


def _enrol_row(
    session: Session,
    house: House,
    training: TrainingSession,
    values: dict[str, str],
    done: Listed,
    before: set[int],
    at: datetime,
) -> str | None:
    """Why the row was left out: name, phone, taken, over, cancelled; None when it was not."""
    if not values.get("name"):
        return "name"
    phone = phone_number(values["phone"]) if values.get("phone") else None
    if phone is None:
        return "phone"
    proved = select(Customer.id).where(Customer.phone == phone, Customer.phone_verified_at.is_not(None))
    trainee = Trainee(
        values["name"][:60],
        phone,
        values.get("organisation") or training.organisation,
        session.scalars(proved.where(Customer.merged_into.is_(None))).first(),
    )
    try:
        row = enrol(session, house, training, trainee, via="import", at=at)
    except NoSeat as refused:
        return refused.why
    if row.id in before:
        done.known += 1
        return None
    before.add(row.id)
    setattr(done, row.state, getattr(done, row.state) + 1)
    if row.customer_id is not None:
        announce(session, training, row, "training.listed", at=at)
    return None


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """(row of the sheet, column → text) below the head; empty rows are left out."""
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as broken:
        raise BadList("file") from broken
    if len(rows) > MOST_ROWS + 1:
        raise BadList("rows")
    heads = [_text(cell).lower() for cell in rows[0]] if rows else []
    places = {
        name: next((heads.index(w) for w in words if w in heads), None) for name, words in _COLUMNS.items()
    }
    if places["name"] is None or places["phone"] is None:
        raise BadList("heads")
    found = []
    for number, cells in enumerate(rows[1:], 2):
        values = {n: _text(cells[p]) for n, p in places.items() if p is not None and p < len(cells)}
        if any(values.values()):
            found.append((number, values))
    return found


def _text(cell: object) -> str:
    """A phone number that Excel keeps as a number has no decimals."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()

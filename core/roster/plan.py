"""Planning the roster: a shift, an absence, and taking either back. The order of locks: a shift, then accounts.

Each is kept in the history of edits. Refusals are ``Refused`` or ``UnknownStaff``, in the words of the house.
"""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.knowledge.revisions import contents, keep
from core.roster.model import Absence, Shift
from core.staff.model import Staff
from core.staff.refusal import Refused, UnknownStaff

Planned = TypeVar("Planned", Shift, Absence)


def add_shift(
    session: Session,
    house: House,
    *,
    staff: str,
    starts_at: datetime,
    ends_at: datetime,
    note: str | None = None,
    by: str,
) -> Shift:
    """Plan a shift, over midnight or on a holiday as well; only not over another one of the same person."""
    if not timedelta() < ends_at - starts_at <= timedelta(hours=house.book.policy("roster")["shift_hours"]):
        raise Refused("roster.bad_shift", hours=house.book.policy("roster")["shift_hours"])
    return _planned(
        session, house, Shift(staff=staff, starts_at=starts_at, ends_at=ends_at, note=note), by=by
    )


def remove_shift(session: Session, shift: int, *, by: str) -> Shift:
    """Take a shift out of the plan. Alert chains that run already keep whom they were to call."""
    return _removed(session, locked_shift(session, shift), by=by)


def add_absence(
    session: Session,
    house: House,
    *,
    staff: str,
    starts_at: datetime,
    ends_at: datetime,
    deputy: str | None = None,
    by: str,
) -> Absence:
    """Somebody is away; a deputy may be away as well and have one in turn."""
    if not timedelta() < ends_at - starts_at <= timedelta(days=house.book.policy("roster")["absence_days"]):
        raise Refused("roster.bad_absence", days=house.book.policy("roster")["absence_days"])
    if deputy == staff:
        raise Refused("roster.own_deputy", name=staff)
    if deputy is not None:
        _active(session, deputy)
    return _planned(
        session, house, Absence(staff=staff, starts_at=starts_at, ends_at=ends_at, deputy=deputy), by=by
    )


def remove_absence(session: Session, absence: int, *, by: str) -> Absence:
    """They are back, or were never away."""
    return _removed(session, _locked(session, Absence, absence), by=by)


def _planned(session: Session, house: House, row: Planned, *, by: str) -> Planned:
    """Into the plan, and not over another of its kind. Refused, UnknownStaff."""
    lock(session, row.staff)
    refuse_overlap(session, house, type(row), row.staff, row.starts_at, row.ends_at)
    session.add(row)
    written(session, row, "planned", by=by)
    return row


def _removed(session: Session, row: Planned, *, by: str) -> Planned:
    written(session, row, "removed", by=by)
    session.delete(row)
    return row


def span(house: House, starts_at: datetime, ends_at: datetime) -> str:
    """``11-23 20:00–11-24 08:00``; the day once where both are on it."""
    start, end = house.local(starts_at), house.local(ends_at)
    return f"{start:%m-%d %H:%M}–{end:%H:%M}" if start.date() == end.date() else f"{start:%m-%d %H:%M}–{end:%m-%d %H:%M}"  # fmt: skip


def locked_shift(session: Session, shift: int) -> Shift:
    """The shift as the last who changed it left it; Refused when there is none any more."""
    return _locked(session, Shift, shift)


def _locked(session: Session, table: type[Planned], row: int) -> Planned:
    found = session.get(table, row, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refused("roster.gone")
    return found


def lock(session: Session, name: str) -> None:
    """Two plans for one person wait for each other, so that neither misses the other. UnknownStaff."""
    _active(session, name, lock=True)


def refuse_overlap(
    session: Session,
    house: House,
    table: Any,
    staff: str,
    starts_at: datetime,
    ends_at: datetime,
) -> None:
    """Refused where somebody has a row of ``table`` (shifts or absences) within this span."""
    other = session.scalars(
        select(table)
        .where(table.ends_at > starts_at, table.starts_at < ends_at, table.staff == staff)
        .order_by(table.starts_at)
        .limit(1)
    ).first()
    if other is not None:
        key = "roster.overlap" if table is Shift else "roster.away_already"
        raise Refused(key, name=staff, span=span(house, other.starts_at, other.ends_at))


def written(session: Session, row: Shift | Absence, what: str, *, by: str) -> None:
    """One more version in the history of what was planned for this person."""
    session.flush()
    facts: dict[str, Any] = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in contents(row).items()
        if value is not None
    }
    keep(session, f"roster:{row.staff}", {"what": f"{row.__tablename__} {what}"} | facts, by=by, before=None)


def _active(session: Session, name: str, *, lock: bool = False) -> None:
    person = select(Staff.id).where(Staff.name == name, Staff.active)
    if session.scalar(person.with_for_update() if lock else person) is None:
        raise UnknownStaff(name)

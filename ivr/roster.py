"""Who can be reached by telephone now, and who waits for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.call.model import Call
from core.house import House
from core.promise.calendar import NoHolidayData
from core.promise.opening import office_hours
from core.roster.now import names_on_duty
from core.staff.audience import active_staff
from ivr.heard import e164
from ivr.state import CallState

LONGEST = timedelta(hours=2)  # no call lasts longer: an older one has lost its end


@dataclass(frozen=True)
class Roster:
    """(name, telephone) of those on duty, and of those among them who talk to nobody."""

    phones: list[tuple[str, str]]
    free: list[tuple[str, str]]


def roster(session: Session, *, at: datetime, urgent: bool = False) -> Roster:
    """Those on duty who have a telephone; in danger the managers after them."""
    people = active_staff(session)
    on_duty = names_on_duty(session, people, at)
    chosen = [p for p in people if p.name in on_duty]
    chosen += [p for p in people if urgent and p not in chosen and p.role in ("manager", "admin")]
    phones = [(p.name, number) for p in chosen if (number := e164(p.phone or ""))]
    busy = {
        state.data["people"][0][1]
        for _, state in running(session)
        if state.station == "dial" and state.data.get("people")
    }
    return Roster(phones, [p for p in phones if p[1] not in busy])


def running(session: Session) -> list[tuple[Call, CallState]]:
    """The calls that have not ended, oldest first."""
    query = select(Call).where(Call.ended_at.is_(None)).order_by(Call.id.desc()).limit(500)
    newest = session.scalars(query).all()
    latest = max((call.started_at for call in newest), default=None)
    return [
        (call, CallState.load(call.state))
        for call in reversed(newest)
        if latest and latest - call.started_at < LONGEST
    ]


def place_in_line(session: Session, call: Call) -> int:
    """1 for who comes next. Who is not in line yet comes after all who are."""
    waiting = [(state.data["since"], c.id) for c, state in running(session) if state.station == "queue"]
    mine = next((entry for entry in waiting if entry[1] == call.id), None)
    return 1 + sum(1 for entry in waiting if entry[1] != call.id and (mine is None or entry < mine))


def is_open(house: House, at: datetime) -> bool:
    """Office hours; where the holiday table ends, better a call back than a person who may be on holiday."""
    try:
        return office_hours(house).is_open(at)
    except NoHolidayData:
        return False


def closed_until(house: House, at: datetime, language: str) -> str:
    """When a person can be reached again, in words for the ear."""
    try:
        opening = house.local(office_hours(house).next_opening(at))
    except NoHolidayData:
        return house.book.text("voice.next_workday", language)
    now = house.local(at)
    days = (opening.date() - now.date()).days
    if opening <= now:
        return house.book.text("voice.soon", language)
    key = {0: "voice.day.today", 1: "voice.day.tomorrow"}.get(days, "voice.day.other")
    day = house.book.text(key, language, month=opening.month, day=opening.day)
    return house.book.text(
        "voice.opening", language, day=day, hour=opening.hour, minute=f"{opening.minute:02}"
    )

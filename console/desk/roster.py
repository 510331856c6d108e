"""The roster as a grid: a week of days, for each person their shifts and absences of each day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.promise.calendar import NoHolidayData, OfficeHours
from core.promise.opening import office_hours
from core.roster.duty import Duty
from core.roster.model import Absence, Shift
from core.roster.now import duty_now
from core.staff.audience import active_staff
from core.staff.model import Staff

WEEK = 7


@dataclass(frozen=True)
class Day:
    """``kind``: holiday, off, made_up (worked for a holiday), work, or unknown past the table of holidays."""

    day: date
    kind: str
    name: str | None = None  # of the holiday, Chinese or English


@dataclass(frozen=True)
class Week:
    """``cells`` are shifts by person and day, ``away`` absences by the same; ``now`` is who is on duty."""

    days: list[Day]
    people: list[Staff]
    cells: dict[tuple[str, date], list[Shift]]
    away: dict[tuple[str, date], Absence]
    absences: list[Absence]
    now: list[Duty]

    @property
    def empty(self) -> bool:
        """Nothing is planned: the flag of each account decides who is on duty."""
        return not self.cells and not self.absences


def week_from(session: Session, house: House, first: date, *, at: datetime, language: str) -> Week:
    """Seven days from ``first`` on; a shift over midnight stands on the day it begins, or on the first day shown."""
    people, days = active_staff(session), [first + timedelta(days=n) for n in range(WEEK)]
    start, end = (datetime.combine(first + timedelta(days=n), time(), house.zone) for n in (0, WEEK))
    shifts, absences = (
        list(session.scalars(
            select(table).where(table.ends_at > start, table.starts_at < end).order_by(table.starts_at, table.id)
        ))
        for table in (Shift, Absence)
    )  # fmt: skip
    cells: dict[tuple[str, date], list[Shift]] = {}
    for shift in shifts:
        cells.setdefault((shift.staff, max(first, house.local(shift.starts_at).date())), []).append(shift)
    away = {
        (one.staff, day)
        : one
        for one in absences
        for day in days
        if house.local(one.starts_at).date() <= day <= house.local(one.ends_at - timedelta(seconds=1)).date()
    }  # fmt: skip
    hours = office_hours(house)
    shown = [day_of(hours, day, language) for day in days]
    return Week(shown, people, cells, away, absences, duty_now(session, people, at))


def day_of(hours: OfficeHours, day: date, language: str) -> Day:
    """What the legal calendar and the house's decree make of a day."""
    try:
        works = hours.is_workday(day)
    except NoHolidayData:
        return Day(day, "unknown")
    usual = day.weekday() not in hours.days_off
    if works:
        return Day(day, "work" if usual else "made_up")
    if day in hours.decree.off:
        return Day(day, "holiday")
    name = chinese_calendar.get_holiday_detail(day)[1] if day in chinese_calendar.constants.holidays else None
    if name is None:
        return Day(day, "off")
    return Day(day, "holiday", chinese_calendar.Holiday(name).chinese if language == "zh" else name)

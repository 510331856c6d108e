"""Tickets by key and hour: counted once when the hour is over, and read back as what an hour like this one brings."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from core.quality.judge import History
from core.quality.key import HOUSE, keys_of
from core.quality.model import FaultHour, FaultWatch
from core.service.model import Outlet
from core.ticket.model import Ticket

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
CHUNK = timedelta(days=7)  # counted in one transaction, so that nobody waits long for it
_STEADY = 10  # tickets as usual, taken for granted: a few more in a small house are no busy day
_BUSIEST = 3.0  # a house that is busier than this has another cause than a holiday's backlog


@dataclass(frozen=True)
class Fault:
    """What counts of a ticket."""

    ticket_id: int
    number: str
    customer_id: int
    opened_at: datetime
    keys: tuple[str, ...]


def faults(session: Session, start: datetime, end: datetime) -> Iterator[Fault]:
    """The tickets opened in [start, end), oldest first. The area is the address's, else the outlet's."""
    t = Ticket
    query = (
        select(t.id, t.number, t.customer_id, t.opened_at, t.model, t.brand, t.category, t.symptom,
               func.coalesce(t.region, Outlet.region).label("area"))
        .outerjoin(Outlet, Outlet.id == t.outlet_id)
        .where(t.opened_at >= start, t.opened_at < end)
        .order_by(t.opened_at, t.id)
    )  # fmt: skip
    for row in session.execute(query):
        keys = keys_of(
            model=row.model, brand=row.brand, category=row.category, symptom=row.symptom, area=row.area
        )
        yield Fault(row.id, row.number, row.customer_id, row.opened_at, tuple(keys))


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def locked_watch(session: Session, now: datetime, weeks: int) -> FaultWatch | None:
    """The watch's row, locked; made at the first look. None while another process looks, or without any ticket."""
    if session.scalar(select(FaultWatch.id)) is None:
        first = session.scalar(select(func.min(Ticket.opened_at)))
        if first is None:
            return None
        start = max(hour_of(first), hour_of(now) - (weeks + 1) * WEEK)
        session.add(FaultWatch(id=1, first_at=start, counted_to=start))
        session.flush()
    return session.scalars(select(FaultWatch).with_for_update(skip_locked=True)).first()


def count_hours(session: Session, watch: FaultWatch, now: datetime, weeks: int) -> bool:
    """Count the next hours that are over; True when there are more. An hour's facts may still come for one hour."""
    end = hour_of(now) - HOUR
    until = min(end, watch.counted_to + CHUNK)
    if until <= watch.counted_to:
        return False
    counts: Counter[tuple[str, datetime]] = Counter()
    for fault in faults(session, watch.counted_to, until):
        counts.update((key, hour_of(fault.opened_at)) for key in (HOUSE, *fault.keys))
    rows = [{"key": key, "hour": hour, "count": count} for (key, hour), count in sorted(counts.items())]
    if rows:
        session.execute(insert(FaultHour), rows)
    session.execute(delete(FaultHour).where(FaultHour.hour < now - (weeks + 1) * WEEK))
    watch.counted_to = until
    return until < end


class Past:
    """The histories of one look: the house's own is read once."""

    def __init__(self, session: Session, *, now: datetime, first_at: datetime, weeks: int) -> None:
        self._session = session
        self.end = hour_of(now) + HOUR
        self.weeks = max(0, min(weeks, (self.end - first_at) // WEEK))
        self._house = self._hours(HOUSE)

    def start(self, hours: int) -> datetime:
        """Where a window of so many hours begins; it ends with the hour that has begun."""
        return self.end - hours * HOUR

    def of(self, key: str, hours: int, *, elsewhere: int) -> History:
        """``elsewhere``: tickets of the house in this window that are not of this key."""
        mine, house = self._hours(key), self._house
        slots, all_slots = self._slots(mine, hours), self._slots(house, hours)
        total, all_total = self._before(mine, hours), self._before(house, hours)
        usual = all_total * hours / (self.weeks * 168) if self.weeks else 0
        mean = sum(all_slots) / len(all_slots) if all_slots else 0
        profile = mean / usual if usual and mean else 1.0
        today = min(_BUSIEST, max(1.0, (elsewhere + _STEADY) / (mean + _STEADY)))
        return History(hours, self.weeks, slots, total, profile, today)

    def _hours(self, key: str) -> dict[datetime, int]:
        rows = select(FaultHour.hour, FaultHour.count).where(
            FaultHour.key == key, FaultHour.hour >= self.end - self.weeks * WEEK - 24 * HOUR
        )
        return {row.hour: row[1] for row in self._session.execute(rows)}

    def _slots(self, hours_of: dict[datetime, int], hours: int) -> tuple[int, ...]:
        weeks = range(1, self.weeks + 1)
        return tuple(
            sum(hours_of.get(self.end - week * WEEK - n * HOUR, 0) for n in range(1, hours + 1))
            for week in weeks
        )

    def _before(self, hours_of: dict[datetime, int], hours: int) -> int:
        """Not the window itself: what is judged must not raise its own measure."""
        start, end = self.end - self.weeks * WEEK, self.start(hours)
        return sum(count for hour, count in hours_of.items() if start <= hour < end)

"""The anomaly watch (F1): every few minutes, are there more tickets of one key than such an hour usually brings?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.house import House
from core.messaging.faults import reach
from core.quality.history import Fault, Past, count_hours, faults, locked_watch
from core.quality.incident import alert, alert_again, join, open_incident, widen
from core.quality.judge import Spike, judge
from core.quality.key import parts, same_place
from core.quality.model import Incident, IncidentTicket


@dataclass(frozen=True)
class Sign:
    """A key that is unusual now, and the tickets that show it."""

    key: str
    spike: Spike
    faults: tuple[Fault, ...]


def look(house: House) -> int:
    """Count, let tickets join, open what is new, alert; returns the number of incidents opened. A use case."""
    now, policy = house.clock.now(), house.book.policy("quality")
    while _count(house, now, policy["weeks"]):
        pass
    try:
        with house.database.session() as session:
            opened = _look(session, house, now, policy)
            reach("quality.looked")
            session.commit()
            return opened
    except IntegrityError:  # another clock, started at the same moment, was first
        return 0


def _count(house: House, now: datetime, weeks: int) -> bool:
    try:
        with house.database.session() as session:
            watch = locked_watch(session, now, weeks)
            more = watch is not None and count_hours(session, watch, now, weeks)
            session.commit()
            return more
    except IntegrityError:
        return False


def _look(session: Session, house: House, now: datetime, policy: dict[str, Any]) -> int:
    watch = locked_watch(session, now, policy["weeks"])
    if watch is None:
        return 0
    past = Past(session, now=now, first_at=watch.first_at, weeks=policy["weeks"])
    recent = list(faults(session, past.start(max(policy["windows"])), now + timedelta(microseconds=1)))
    linked = set(session.scalars(select(IncidentTicket.ticket_id).where(
        IncidentTicket.ticket_id.in_([fault.ticket_id for fault in recent]))))  # fmt: skip
    free = [fault for fault in recent if fault.ticket_id not in linked]
    running = list(session.scalars(select(Incident).where(Incident.state != "closed").with_for_update()))
    for incident in running:
        free = _join_all(session, house, incident, free, now)
    opened = _open_all(session, house, past, running, recent, free, policy, now)
    for incident in running:
        alert_again(session, house, incident, now, policy)
    return opened


def _join_all(
    session: Session, house: House, incident: Incident, free: list[Fault], now: datetime
) -> list[Fault]:
    """Tickets that match an incident join it; returns the others."""
    keys = set(incident.keys)
    mine = [fault for fault in free if keys & set(fault.keys) and fault.opened_at >= incident.since]
    join(session, house, incident, [fault.ticket_id for fault in mine], at=now, by="frontdoor")
    return [fault for fault in free if fault not in mine]


def _open_all(
    session: Session,
    house: House,
    past: Past,
    running: list[Incident],
    recent: list[Fault],
    free: list[Fault],
    policy: dict[str, Any],
    now: datetime,
) -> int:
    """The most telling key first; what it explains no longer speaks for another key."""
    opened, resting = 0, _resting(session, now, policy["cooldown_hours"])
    # What a cause just closed explains still comes in for a while, and speaks for no other key either.
    free = [fault for fault in free if not resting & set(fault.keys)]
    resting |= {key for incident in running for key in incident.keys}
    while signs := signs_of(free, recent, past, policy, but=resting):
        sign = min(signs, key=_telling)
        resting.add(sign.key)
        near = next((i for i in running if any(same_place(sign.key, key) for key in i.keys)), None)
        if near is not None:  # a power cut has many faces
            widen(near, sign.key, sign.faults)
            incident = near
        else:
            incident = open_incident(session, house, sign.key, sign.spike, sign.faults, at=now)
            running.append(incident)
            opened += 1
        free = _join_all(session, house, incident, free, now)
    for incident in running:
        if not incident.alerts and incident.kind != "manual":  # who opened it by hand knows
            alert(session, house, incident, now)
    return opened


def _telling(sign: Sign) -> tuple[float, int, int, bool, str]:
    """The least likely first; of equals the narrower cause: the model before the area, the county before its city."""
    kind, name, _ = parts(sign.key)
    rank = ("model", "brand", "area").index(kind)
    return sign.spike.p, -len(sign.faults), rank, kind == "area" and name.endswith("00"), sign.key


def signs_of(
    free: Iterable[Fault], recent: list[Fault], past: Past, policy: dict[str, Any], *, but: set[str]
) -> list[Sign]:
    """The keys that are unusual now; several tickets of one customer count once."""
    by_key: dict[str, list[Fault]] = defaultdict(list)
    for fault in free:
        for key in set(fault.keys) - but:
            by_key[key].append(fault)
    found = []
    for key, mine in by_key.items():
        if len(mine) >= policy["minimum"]:
            found += [
                sign for hours in policy["windows"] if (sign := _sign(key, mine, recent, past, hours, policy))
            ]
    return found


def _sign(
    key: str, mine: list[Fault], recent: list[Fault], past: Past, hours: int, policy: dict[str, Any]
) -> Sign | None:
    start = past.start(hours)
    seen = tuple(fault for fault in mine if fault.opened_at >= start)
    observed = len({fault.customer_id for fault in seen})
    if observed < policy["minimum"]:
        return None
    elsewhere = sum(fault.opened_at >= start for fault in recent) - len(seen)
    verdict = judge(observed, past.of(key, hours, elsewhere=elsewhere), policy)
    return Sign(key, verdict, seen) if isinstance(verdict, Spike) else None


def _resting(session: Session, now: datetime, hours: float) -> set[str]:
    """Keys of incidents closed so recently that they open no new one."""
    since = now - timedelta(hours=hours)
    closed = select(Incident.keys).where(Incident.state == "closed", Incident.closed_at > since)
    return {key for keys in session.scalars(closed) for key in keys}

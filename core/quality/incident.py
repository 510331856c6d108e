"""An incident: opened once for each key, joined by its tickets, and told to the department head once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.house import House
from core.quality.history import Fault
from core.quality.judge import Spike
from core.quality.key import parts
from core.quality.model import Incident, IncidentTicket
from core.quality.telling import promise_telling
from core.service.regions import divisions
from core.staff.push import push
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

EVIDENCE = 5  # ticket numbers in an alert


class UnknownIncident(Exception):
    """没有这个群发故障事件:{number}。"""

    def __init__(self, number: int) -> None:
        super().__init__(f"no incident {number}")
        self.number = number


class IncidentClosed(Exception):
    """群发故障事件 {number} 已经结束。"""

    def __init__(self, number: int) -> None:
        super().__init__(f"incident {number} is closed")
        self.number = number


class InAnotherIncident(Exception):
    """工单 {number} 已经在群发故障事件 {incident} 里。"""

    def __init__(self, number: str, incident: int) -> None:
        super().__init__(f"{number} is in incident {incident}")
        self.number, self.incident = number, incident


def find_incident(session: Session, number: int) -> Incident:
    """The incident, locked; UnknownIncident when there is none, IncidentClosed when it is over."""
    incident = session.scalars(select(Incident).where(Incident.id == number).with_for_update()).first()
    if incident is None:
        raise UnknownIncident(number)
    if incident.state == "closed":
        raise IncidentClosed(number)
    return incident


def open_incident(
    session: Session, house: House, key: str, spike: Spike, seen: Sequence[Fault], *, at: datetime
) -> Incident:
    """What the watch noticed. With the policy ``tell: auto`` its customers are told at once."""
    kind = parts(key)[0]
    incident = Incident(key=key, keys=[key], kind=kind, state="open", since=min(f.opened_at for f in seen),
                        opened_at=at, opened_by="frontdoor", window_hours=spike.hours, observed=spike.observed,
                        expected=spike.expected, p=spike.p, alerts=0, alerted_size=0)  # fmt: skip
    if house.book.policy("quality")["tell"] == "auto":
        incident.state, incident.told_at, incident.told_by = "told", at, "frontdoor"
    session.add(incident)
    session.flush()
    return incident


def open_by_hand(
    session: Session, house: House, tickets: Sequence[Ticket], *, by: str, at: datetime
) -> Incident:
    """Staff see one cause in several tickets. InAnotherIncident: its customer would be told twice."""
    running = select(IncidentTicket.incident_id, Ticket.number).join(Ticket).join(Incident)
    running = running.where(Incident.state != "closed", IncidentTicket.removed_at.is_(None))
    taken = session.execute(running.where(IncidentTicket.ticket_id.in_([t.id for t in tickets]))).first()
    if taken is not None:
        raise InAnotherIncident(taken.number, taken.incident_id)
    incident = Incident(key=f"manual:{min(t.id for t in tickets)}:{at.isoformat()}", keys=[], kind="manual",
                        state="open", since=min(t.opened_at for t in tickets), opened_at=at, opened_by=by,
                        observed=len({t.customer_id for t in tickets}), alerts=0, alerted_size=0)  # fmt: skip
    session.add(incident)
    session.flush()
    join(session, house, incident, [t.id for t in tickets], at=at, by=by)
    return incident


def widen(incident: Incident, key: str, seen: Sequence[Fault]) -> None:
    """Another symptom at the same place belongs to it as well."""
    incident.keys = [*incident.keys, key]
    incident.since = min([incident.since, *(fault.opened_at for fault in seen)])


def join(
    session: Session, house: House, incident: Incident, tickets: Sequence[int], *, at: datetime, by: str
) -> int:
    """Put tickets into an incident; who joins after the customers were told is told as well. Returns how many."""
    if not tickets:
        return 0
    known = select(IncidentTicket.ticket_id).where(IncidentTicket.incident_id == incident.id)
    there = set(session.scalars(known.where(IncidentTicket.ticket_id.in_(tickets))))
    fresh = [number for number in dict.fromkeys(tickets) if number not in there]
    for ticket in session.scalars(select(Ticket).where(Ticket.id.in_(fresh)).order_by(Ticket.id)):
        session.add(IncidentTicket(incident_id=incident.id, ticket_id=ticket.id, joined_at=at, by=by))
        written(session, ticket, "incident_joined", incident, at=at, by=by)
    session.flush()
    if incident.told_at is not None:
        promise_telling(session, house, incident, at=at)
    return len(fresh)


def take_out(session: Session, incident: Incident, ticket: Ticket, *, by: str, at: datetime) -> bool:
    """A ticket of another cause leaves, and does not join again by itself. False: it was not in it."""
    link = session.get(IncidentTicket, (ticket.id, incident.id))
    if link is None or link.removed_at is not None:
        return False
    link.removed_at = at
    if link.outcome is None:
        link.outcome, link.decided_at = "removed", at
    written(session, ticket, "incident_left", incident, at=at, by=by)
    return True


def written(
    session: Session, ticket: Ticket, verb: str, incident: Incident, *, at: datetime, by: str, text: str = ""
) -> None:
    """For staff: customers do not read what others report."""
    words = " · ".join(part for part in (f"#{incident.id}", text) if part)
    note(session, ticket, verb=verb, at=at, actor=by, channel="staff", text=words, audience="staff")


def alert(session: Session, house: House, incident: Incident, at: datetime) -> None:
    """Tell the department head: what, how many, how many are usual, and the evidence."""
    tickets = _tickets(session, incident)
    incident.alerts, incident.alerted_at, incident.alerted_size = incident.alerts + 1, at, len(tickets)
    push(
        session,
        house,
        key=f"incident:{incident.id}:{incident.alerts}",
        audience="head",
        wording="push.incident" if incident.alerts == 1 else "push.incident_grows",
        at=at,
        incident=incident.id,
        what=what(house, incident),
        observed=incident.observed,
        expected="—" if incident.expected is None else f"{incident.expected:.1f}",
        hours=incident.window_hours or "—",
        count=len(tickets),
        numbers="、".join(ticket.number for ticket in tickets[:EVIDENCE]),
    )


def alert_again(
    session: Session, house: House, incident: Incident, at: datetime, policy: Mapping[str, Any]
) -> bool:
    """Only when it has grown by the policy's factor since the last alert, and not at once."""
    mine = (IncidentTicket.incident_id == incident.id, IncidentTicket.removed_at.is_(None))
    count = session.scalar(select(func.count()).where(*mine)) or 0
    if incident.alerted_at is None or count < incident.alerted_size * policy["realert_factor"]:
        return False
    if at - incident.alerted_at < timedelta(minutes=policy["realert_minutes"]):
        return False
    alert(session, house, incident, at)
    return True


def what(house: House, incident: Incident, language: str = "zh") -> str:
    """武侯区 断电、没有网络; KFR35GW 不制冷."""
    keys = [parts(key) for key in incident.keys]
    if not keys:
        return house.book.label("incident", "manual", language)
    kind, name, _ = keys[0]
    symptoms = dict.fromkeys(house.book.label("symptom", symptom, language) for _, _, symptom in keys)
    if kind == "area":
        name = divisions().get(name, (name,))[0]
    if kind == "brand":
        brand, _, category = name.partition("/")
        name = f"{brand} {house.book.label('category', category, language)}"
    return f"{name} {'、'.join(symptoms)}"


def _tickets(session: Session, incident: Incident) -> list[Ticket]:
    query = (
        select(Ticket)
        .join(IncidentTicket)
        .where(IncidentTicket.incident_id == incident.id, IncidentTicket.removed_at.is_(None))
    )
    return list(session.scalars(query.order_by(Ticket.id)))

"""Calls that we place: an order is a row of ``calls``, made by a worker through the outbox, told of by webhooks."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.call.limits import NoCall, Placed, may_call, price
from core.call.model import Call
from core.customer.model import Customer
from core.house import House
from core.messaging.outbox import OutboxMessage, say
from core.promise.calendar import QuietHours
from core.promise.model import promise
from core.staff.model import Staff
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

Purpose = Literal["survey", "appointment", "training_news", "training_review", "staff_alert"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def place_call(
    session: Session,
    house: House,
    *,
    purpose: Purpose,
    phone: str,
    at: datetime,
    key: str,
    ticket: Ticket | None = None,
    staff: Staff | None = None,
    customer: Customer | None = None,
    tries: int = 1,
    **facts: Any,
) -> OutboxMessage | NoCall:
    """Queue a call to ``phone`` (E.164), once per ``key``; NoCall where it may not be or cannot be made.

    It is about a ticket, or for a ``customer`` who needs none. ``facts`` are kept with the order: what a push needs to go another way when nobody answers.
    """
    sid = f"order:{key}:{tries}"
    if session.scalar(select(Call.id).where(Call.sid == sid)):
        return NoCall("this call was placed before")
    refused = refusal(session, house, phone, at=at, staff=staff is not None)
    if refused is not None:
        return refused
    order = {"key": key, "tries": tries, "price": price(house.book.policy("voice_out"), phone)}
    order |= {"staff": staff.name if staff else None, "facts": facts}
    order |= {"customer": customer.id} if customer else {}
    language = _language(staff, ticket.customer if ticket else customer)
    call = _row(house, sid, purpose, phone, at=at, ticket=ticket, language=language, order=order)
    session.add(call)
    session.flush()
    _check_later(session, house, call, at)
    if ticket is not None:
        _on_the_timeline(session, ticket, f"{purpose}: {staff.name if staff else phone[-4:]}", at)
    return _order(session, call, at, _patience(house, at, staff=staff is not None))


def _row(
    house: House,
    sid: str,
    purpose: Purpose,
    phone: str,
    *,
    at: datetime,
    ticket: Ticket | None,
    language: str,
    order: dict[str, Any],
) -> Call:
    return Call(
        sid=sid,
        provider=house.caller,
        direction="outbound",
        from_number="",
        to_number=phone,
        ticket_id=ticket.id if ticket else None,
        purpose=purpose,
        language=language,
        state={"station": purpose, "sender": phone},
        status="queued",
        started_at=at,
        order=order,
    )


def _patience(house: House, at: datetime, *, staff: bool) -> timedelta:
    """How long the provider may be away before it is too late: customers are not rung in quiet hours."""
    latest = at + timedelta(minutes=house.book.policy("voice_out")["unheard_minutes"])
    if not staff:
        quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
        latest = min(latest, quiet.begins(at))
    return latest - at


def _on_the_timeline(session: Session, ticket: Ticket, text: str, at: datetime) -> None:
    step = {"actor": "frontdoor", "channel": "voice", "audience": "staff"}
    note(session, ticket, verb="call_placed", at=at, text=text, **step)


def _language(staff: Staff | None, customer: Customer | None) -> str:
    return staff.language if staff else customer.language if customer else "zh"


def refusal(
    session: Session, house: House, phone: str | None, *, at: datetime, staff: bool = False
) -> NoCall | None:
    """Why ``phone`` cannot be called now, None when it can."""
    if house.caller is None:
        return NoCall("no telephone provider can call out")
    if phone is None:
        return NoCall("no number is known")
    if not house.rings(phone):
        return NoCall("nobody holds this telephone")
    policy = house.book.policy("voice_out")
    quiet = None if staff else QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    placed = _placed(session, policy, phone, at)
    return may_call(policy, phone, at=at, provider=house.caller, placed=placed, quiet=quiet)


def _order(session: Session, call: Call, at: datetime, patience: timedelta) -> OutboxMessage:
    """The row that makes a worker place the call. ``since`` and ``until`` are real time: providers know no demo clock.

    After ``until`` it is not placed any more: a provider that was away must not make us ring at night.
    """
    now = datetime.now(UTC)
    since = (now - timedelta(seconds=5)).isoformat(timespec="seconds")
    until = (now + patience).isoformat(timespec="seconds")
    made = say(
        session,
        at=at,
        channel="voice",
        recipient=call.to_number,
        text=f"call: {call.purpose}",
        audience="staff" if call.order and call.order["staff"] else "customer",
        ticket_id=call.ticket_id,
        key=call.sid,
        weight="result",
        extra={"call": {"order": call.id, "since": since, "until": until}},
    )
    assert made is not None  # its key is the order's, which is new
    return made


def _check_later(session: Session, house: House, call: Call, at: datetime) -> None:
    """A call whose end nobody tells us of is asked after, or it would wait for ever."""
    due = at + timedelta(minutes=house.book.policy("voice_out")["unheard_minutes"])
    row = {
        "key": f"call_unheard:{call.id}",
        "kind": "call_unheard",
        "due_at": due,
        "ticket_id": call.ticket_id,
    }
    promise(session, {**row, "payload": {"call": call.id}})


def _placed(session: Session, policy: dict[str, Any], phone: str, at: datetime) -> Placed:
    """One look at the orders of the last 24 hours."""
    here, recent = Call.to_number == phone, Call.started_at > at - HOUR

    def count(*conditions: Any) -> Any:
        whole = conditions[0] if len(conditions) == 1 else conditions[0] & conditions[1]
        return func.coalesce(func.sum(case((whole, 1), else_=0)), 0)

    query = select(count(here, recent), count(here), count(recent), func.count()).where(
        Call.direction == "outbound", Call.started_at > at - DAY, Call.status != "canceled"
    )
    number_hour, number_day, hour, day = session.execute(query).one()
    return Placed(number_hour, number_day, hour, day, _money(session, at))


def _money(session: Session, at: datetime) -> float:
    spent = select(Call.order).where(Call.direction == "outbound", Call.started_at > at - DAY)
    return sum(float((order or {}).get("price", 0)) for order in session.scalars(spent))

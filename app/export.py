"""Shapes that leave the house: tickets and customers as JSON (design §5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.call.model import Call
from core.customer.model import Conversation, Customer, Device, Identity
from core.house import House
from core.media.model import Media
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.programme.listing import follow_ups_of
from core.service.model import Outlet
from core.ticket.model import Ticket

_PLAIN = [
    "number",
    "kind",
    "state",
    "severity",
    "category",
    "brand",
    "model",
    "symptom",
    "non_quality",
    "error_code",
    "description",
    "wants",
    "name",
    "phone",
    "address",
    "warranty",
    "assignee",
    "opened_via",
    "rating",
]
_TIMES = ("opened_at", "due_at", "closed_at")


def iso(house: House, at: datetime | None) -> str | None:
    """ISO 8601 with the business's zone; null where unknown."""
    return None if at is None else house.local(at).isoformat(timespec="seconds")


def ticket_record(session: Session, house: House, ticket: Ticket) -> dict[str, Any]:
    """One ticket with its timeline, in the fields of ``frontdoor tickets --json``."""
    outlet = session.get(Outlet, ticket.outlet_id) if ticket.outlet_id else None
    parent = session.get(Ticket, ticket.parent_id) if ticket.parent_id else None
    return {
        **{name: getattr(ticket, name) for name in _PLAIN},
        "purchase_date": purchase(ticket),
        "outlet": outlet.name if outlet else None,
        **{name: iso(house, getattr(ticket, name)) for name in _TIMES},
        "parent": parent.number if parent else None,
        "timeline": [
            {"at": iso(house, e.at), "actor": e.actor, "verb": e.verb, "channel": e.channel, "note": e.note}
            for e in ticket.timeline
        ],
        # Beyond the contract, for scripts that want to know why.
        "outlet_id": ticket.outlet_id,
        "outlet_reason": ticket.outlet_reason or None,
        "warranty_reason": ticket.warranty_reason or None,
        "fee": ticket.fee,
        "fee_consent": ticket.fee_consent,
        "department": ticket.department,
        "contract": ticket.contract or "standard",
        "appointment_at": iso(house, ticket.appointment_at),
        "flagged": ticket.flagged,
        "media": media_of(session, Media.ticket_id == ticket.id),
    }


def media_of(session: Session, condition: Any) -> list[dict[str, Any]]:
    """Files with what became of them: fetched, pending or lost."""
    states = {"done": "fetched", "dead": "lost"}
    return [
        {
            "id": m.id,
            "kind": m.kind,
            "name": m.name,
            "mime": m.mime,
            "size": m.size,
            "state": states.get(m.status, "pending"),
            "reason": m.error if m.status == "dead" else None,
        }
        for m in session.scalars(select(Media).where(condition).order_by(Media.id))
    ]


def purchase(thing: Ticket | Device) -> str | None:
    """A purchase date to the precision it was told with: 2025-05-01, 2025-05 or 2025."""
    if thing.purchase_date is None:
        return None
    length = {"year": 4, "month": 7}.get(thing.purchase_precision or "day", 10)
    return thing.purchase_date.isoformat()[:length]


def customer_record(session: Session, house: House, phone: str, people: list[Customer]) -> dict[str, Any]:
    """The file of the person behind a phone number: everything, from every channel."""
    ids = [person.id for person in people]
    first = min(people, key=lambda p: (p.phone_verified_at is None, p.id))
    identities = session.scalars(
        select(Identity).where(Identity.customer_id.in_(ids)).order_by(Identity.id)
    ).all()
    devices = session.scalars(select(Device).where(Device.customer_id.in_(ids)).order_by(Device.id)).all()
    mine = Ticket.customer_id.in_(ids) | (Ticket.phone == phone)
    tickets = session.scalars(select(Ticket).where(mine).order_by(Ticket.id.desc())).all()
    return {
        "phone": phone,
        "phone_verified": first.phone_verified_at is not None,
        "name": next((p.name for p in (first, *people) if p.name), None),
        "address": next((p.address for p in (first, *people) if p.address), None),
        "language": first.language,
        "contract": first.contract or "standard",
        "opted_out_at": iso(house, first.opted_out_at),
        "consent": {"version": first.consent_version, "at": iso(house, first.consent_at)},
        "identities": [
            {
                "channel": i.channel,
                "external_id": i.external_id,
                "name": i.display_name,
                "since": iso(house, i.created_at),
            }
            for i in identities
        ],
        "devices": [
            {
                "category": d.category,
                "brand": d.brand,
                "model": d.model,
                "purchase_date": purchase(d),
                "invoice_no": d.invoice_no,
                "serial": d.serial,
                "sold_on": d.sold_on.isoformat() if d.sold_on else None,
                "delivered_on": d.delivered_on.isoformat() if d.delivered_on else None,
                "retired_at": iso(house, d.retired_at),
            }
            for d in devices
        ],
        "tickets": [ticket_record(session, house, t) for t in tickets],
        **_follow_ups(session, house, ids),
        "contacts": _contacts(session, house, [i.id for i in identities]),
    }


def _follow_ups(session: Session, house: House, ids: list[int]) -> dict[str, Any]:
    """``surveys`` are those of finished services (E1), ``follow_ups`` those of the programme's plans (E2)."""
    every = follow_ups_of(session, house, ids)
    return {
        "surveys": [one for one in every if one["ticket"]],
        "follow_ups": [one for one in every if not one["ticket"]],
    }


def _contacts(session: Session, house: House, identity_ids: list[int]) -> list[dict[str, Any]]:
    """Every message in and out, oldest first, with its channel and what came of it (A3)."""
    conversations = session.scalars(
        select(Conversation.id).where(Conversation.identity_id.in_(identity_ids))
    ).all()
    heard = select(InboxMessage).where(InboxMessage.conversation_id.in_(conversations))
    said = select(OutboxMessage).where(OutboxMessage.conversation_id.in_(conversations))
    counted = select(Media.inbox_id, func.count()).where(Media.conversation_id.in_(conversations))
    files = {row[0]: row[1] for row in session.execute(counted.group_by(Media.inbox_id))}
    rows: list[tuple[datetime, int, dict[str, Any]]] = []
    for m in session.scalars(heard):
        contact = _contact(house, m.received_at, m.channel, m.kind, "in", m.text, m.outcome or m.status)
        rows.append((m.received_at, 0, {**contact, "media": files.get(m.id, 0)}))
    for o in session.scalars(said):
        outcome = {"done": "sent", "leased": "pending"}.get(o.status, o.status)
        contact = _contact(house, o.said_at, o.channel, "text", "out", o.readable, outcome)
        rows.append((o.said_at, 1, {**contact, "media": 0}))
    rows += [(c.started_at, -1, _call(house, c)) for c in session.scalars(_calls(identity_ids))]
    return [row for _, _, row in sorted(rows, key=lambda r: r[:2])]


def _calls(identity_ids: list[int]) -> Any:
    return select(Call).where(Call.identity_id.in_(identity_ids))


def _call(house: House, call: Call) -> dict[str, Any]:
    """A call, also one that was missed or hung up: it stands before what was said in it."""
    direction = "in" if call.direction == "inbound" else "out"
    outcome = call.outcome or call.status
    contact = _contact(house, call.started_at, "voice", "call", direction, "", outcome)
    return {**contact, "media": 0, "ended_at": iso(house, call.ended_at), "seconds": call.seconds}


def _contact(
    house: House, at: datetime, channel: str, kind: str, direction: str, text: str, outcome: str
) -> dict[str, Any]:
    return {
        "at": iso(house, at),
        "channel": channel,
        "kind": kind,
        "direction": direction,
        "text": text,
        "outcome": outcome,
    }

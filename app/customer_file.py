"""A customer's file as it leaves the house: identities, devices, tickets, every call and message (design §5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.export import iso, purchase, ticket_record
from core.call.model import Call
from core.customer.model import Conversation, Customer, Device, Identity
from core.house import House
from core.media.model import Media
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.programme.listing import follow_ups_of
from core.ticket.model import Ticket


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
        "identities": [_identity(house, identity) for identity in identities],
        "devices": [_device(house, device) for device in devices],
        "tickets": [ticket_record(session, house, t) for t in tickets],
        **_follow_ups(session, house, ids),
        "contacts": _contacts(session, house, [i.id for i in identities]),
    }


def _identity(house: House, identity: Identity) -> dict[str, Any]:
    return {
        "channel": identity.channel,
        "external_id": identity.external_id,
        "name": identity.display_name,
        "since": iso(house, identity.created_at),
    }


def _device(house: House, device: Device) -> dict[str, Any]:
    return {
        "category": device.category,
        "brand": device.brand,
        "model": device.model,
        "purchase_date": purchase(device),
        "invoice_no": device.invoice_no,
        "serial": device.serial,
        "sold_on": device.sold_on.isoformat() if device.sold_on else None,
        "delivered_on": device.delivered_on.isoformat() if device.delivered_on else None,
        "retired_at": iso(house, device.retired_at),
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

"""A ticket as it leaves the house, as JSON (design §5); a customer's file is in customer_file.py."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Device
from core.house import House
from core.media.model import Media
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

"""What filing decided for a customer, as sentences: outlet, warranty and price, each with its reason (B3, B4).

A chat says them all; a call says them short, and they follow in writing (ivr/after.py).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core.house import House
from core.service.fees import Estimate, estimate, yuan
from core.service.model import Outlet
from core.ticket.model import Ticket


@dataclass(frozen=True)
class Sentence:
    """A key of the wording, and its values."""

    wording: str
    values: dict[str, Any]


def decisions(session: Session, house: House, ticket: Ticket, language: str) -> list[Sentence]:
    """Everything that was decided about a visit; none for tickets that need no visit."""
    found = []
    if ticket.kind in ("repair", "installation") and ticket.outlet_reason:
        found.append(_outlet(session, ticket))
    if has_price(ticket):
        found.append(_warranty(house, ticket, language))
    return found


def has_price(ticket: Ticket) -> bool:
    """Whether warranty and price of this ticket can be told: of a repair of a known appliance."""
    return ticket.kind == "repair" and bool(ticket.category)


def price_of(house: House, ticket: Ticket) -> Estimate:
    """What the repair would cost out of warranty."""
    return estimate(
        category=ticket.category,
        symptom=ticket.symptom,
        price_list=house.book.policy("price_list"),
        markup=house.book.policy("price_markup_percent"),
    )


def prices(cost: Estimate) -> dict[str, str]:
    """An estimate as the wording names its amounts."""
    return {"visit": yuan(cost.visit), "repair": yuan(cost.repair), "price": yuan(cost.price)}


def _warranty(house: House, ticket: Ticket, language: str) -> Sentence:
    why, cost = ticket.warranty_reason, price_of(house, ticket)
    outcome = f"out.{why['why']}" if ticket.warranty == "out" else ticket.warranty
    values = {
        "until": date.fromisoformat(why["until"]).isoformat() if why.get("until") else "—",
        "symptom": house.book.label("symptom", ticket.symptom, language),
        "days": cost.delay_days,
    }
    return Sentence(wording=f"warranty.{outcome}", values=values | prices(cost))


def _outlet(session: Session, ticket: Ticket) -> Sentence:
    why = ticket.outlet_reason
    outlet = session.get(Outlet, ticket.outlet_id) if ticket.outlet_id else None
    values = {
        "outlet": outlet.name if outlet else "",
        "outlet_address": outlet.address if outlet else "",
        "region": why.get("region") or "",
        "distance": why.get("distance") if why.get("distance") is not None else "—",
    }
    return Sentence(wording=f"outlet.{why['tier']}", values=values)

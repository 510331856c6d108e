"""The simulator page /try: the chat, the demo clock and what staff are told. Demonstrations only, but for the chat."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from sqlalchemy import and_, or_, select

from app.frontdoor import Frontdoor
from app.simulator import telephone
from app.simulator.pages import page_of
from app.state import nlu_state
from app.wiring import held_phones
from core.customer.model import Identity
from core.messaging.outbox import OutboxMessage
from core.service.model import Outlet
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of
from ivr.heard import e164
from ivr.ringing import SIMULATOR, ringing
from scheduler.demo import BadAdvance, advance, fired

HERE = Path(__file__).parent
STATIC = StaticFiles(directory=HERE)
# Written by hand and shown to strangers: nothing from elsewhere may run on this page.
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'self'",
    "Cache-Control": "no-cache",
}


class Advance(BaseModel):
    """How far the demo clock is to go: 25h, 1d, next."""

    advance: str


def routes(front: Frontdoor) -> APIRouter:
    router = APIRouter(prefix="/try", tags=["try"])
    router.include_router(telephone.routes(front))
    house, demo = front.house, front.settings.demo

    @router.get("")
    def page() -> HTMLResponse:
        return page_of("index.html", _HEADERS)

    @router.post("/clock")
    def clock(order: Advance) -> JSONResponse:
        if not demo:
            raise HTTPException(404)
        try:
            passed = advance(house, order.advance)
        except (BadAdvance, ValueError) as error:
            return JSONResponse({"error": str(error)}, status_code=409)
        front.outbox_bell.ring()
        now = house.local(passed.now).isoformat(timespec="seconds")
        return JSONResponse({"now": now, "fired": fired(house, passed)})

    @router.get("/state")
    def state(
        visitor: str = Query(default="", max_length=128), phone: str = Query(default="", max_length=60)
    ) -> dict[str, Any]:
        now = house.local(house.clock.now()).isoformat(timespec="seconds")
        known: dict[str, Any] = {"now": now, "demo": demo, "nlu": nlu_state(front)}
        if not demo:
            return known | {"tickets": [], "pushes": []}
        return known | {
            "tickets": _tickets(front, visitor, phone),
            "pushes": _pushes(front),
            "ringing": _ringing(front, phone),
            "login": {"url": "/console", "user": "admin"},
        }

    return router


def _ringing(front: Frontdoor, phone: str) -> dict[str, Any] | None:
    """Whoever asks holds this telephone; what rings on it."""
    number = e164(phone.strip())
    if number is None or front.house.caller != SIMULATOR:
        return None
    held_phones(front.settings).hold(number)
    rings = ringing(front.house, number)
    return asdict(rings) if rings else None


def _tickets(front: Frontdoor, visitor: str, phone: str) -> list[dict[str, Any]]:
    """Of whoever writes here, and of whoever calls with this number; newest first."""
    house = front.house
    with house.database.reading() as session:
        mine = select(Identity).where(
            or_(
                and_(Identity.channel == "webchat", Identity.account == "", Identity.external_id == visitor),
                and_(Identity.channel == "voice", Identity.external_id == phone),
            )
        )
        customers = {identity.customer.id: identity.customer for identity in session.scalars(mine)}
        found = [
            ticket
            for customer in customers.values()
            for ticket in tickets_of(session, customer, only_open=False, limit=10)
        ]
        return [
            _row(front, ticket, session.get(Outlet, ticket.outlet_id) if ticket.outlet_id else None)
            for ticket in sorted(found, key=lambda ticket: ticket.id, reverse=True)[:10]
        ]


def _row(front: Frontdoor, ticket: Ticket, outlet: Outlet | None) -> dict[str, Any]:
    label = front.house.book.label
    return {
        "number": ticket.number,
        "state": ticket.state,
        "state_label": label("state", ticket.state),
        "category_label": label("category", ticket.category)
        if ticket.category
        else label("kind", ticket.kind),
        "outlet": outlet.name if outlet else None,
    }


def _pushes(front: Frontdoor) -> list[dict[str, Any]]:
    house = front.house
    with house.database.reading() as session:
        newest = (
            select(OutboxMessage)
            .where(
                OutboxMessage.audience == "staff",
                OutboxMessage.reply_to.is_(None),
                OutboxMessage.extra["edit"].as_string().is_(None),
            )
            .order_by(OutboxMessage.id.desc())
            .limit(20)
        )
        return [
            {
                "id": row.id,
                "at": house.local(row.said_at).isoformat(timespec="seconds"),
                "to": row.extra.get("to", row.recipient),
                "text": row.text,
            }
            for row in session.scalars(newest)
        ]

"""The ticket list: filters, search, pages by key."""

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.routing import route

from console.desk.search import SCAN, Search, find_tickets
from console.page import Page, may, who
from core.categories import CATEGORIES
from core.service.model import Outlet
from core.staff.model import Staff
from core.ticket.lifecycle import STATES
from core.ticket.model import KINDS, SEVERITIES

CHANNELS = ("wechat", "wecom", "telegram", "voice", "webchat", "staff")
CHOICES = {
    "state": STATES,
    "kind": KINDS,
    "severity": SEVERITIES,
    "category": CATEGORIES,
    "channel": CHANNELS,
}


class TicketList(Page):
    """The search, newest first."""

    name, path = "tickets", "/tickets"

    @route("", name="tickets")
    async def index(self, request: Request) -> Response:
        own = who(request).name if may(request).own_only else None
        search = Search.of(request.query_params, own)

        def look(session: Session) -> dict[str, Any]:
            outlets = session.execute(select(Outlet.id, Outlet.name).order_by(Outlet.id)).all()
            staff = session.scalars(select(Staff.name).where(Staff.active).order_by(Staff.name))
            return {
                "found": find_tickets(session, search),
                "outlets": {row.id: row.name for row in outlets},
                "staff": list(staff),
            }

        context = await self.read(look)
        found = context["found"]
        if found.tickets and len(found.tickets) == 1 and search.q == found.tickets[0].number:
            return RedirectResponse(f"{request.url.path}/{search.q}", status_code=303)
        address = {k: v for k, v in request.query_params.items() if v and k not in ("before", "find")}
        address |= {"q": search.q} if search.q else {}
        context |= {
            "search": search,
            "choices": CHOICES,
            "now": self.house.clock.now(),
            "own": own,
            "scan": SCAN,
            "first": "?" + urlencode(address),
            "more": "?" + urlencode({**address, "before": found.following or ""}),
        }
        return self.show(request, "tickets.html", context)

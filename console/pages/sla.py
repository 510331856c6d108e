"""The SLA board: clocks that are not met yet, with the time left as bars; overdue first, then what is least."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.desk.clocks import Bar, bar
from console.page import Page
from console.pages.ticket import own_name
from core.promise.board import MOST, Filter, open_clocks
from core.promise.clock import CLOCKS, SlaClock
from core.staff.model import Staff
from core.ticket.model import Ticket


class SlaBoard(Page):
    """Clocks of service levels that run, and where each stands."""

    name, path = "sla", "/sla"

    @route("", name="sla")
    async def index(self, request: Request) -> Response:
        own, asked = own_name(request), request.query_params
        clock = asked.get("clock", "")
        wanted = Filter(clock if clock in CLOCKS else "", own or asked.get("assignee", ""))

        def look(session: Session) -> dict[str, Any]:
            staff = select(Staff.name).where(Staff.active).order_by(Staff.name)
            return {"found": open_clocks(session, wanted), "staff": list(session.scalars(staff))}

        context = await self.read(look)
        rows = self._rows(context.pop("found"))
        context |= {"rows": rows, "wanted": wanted, "clocks": CLOCKS, "own": own, "most": MOST}
        part = asked.get("part")
        return self.show(request, "_sla.html" if part else "sla.html", context)

    def _rows(self, found: list[tuple[SlaClock, Ticket]]) -> list[tuple[Bar, Ticket]]:
        now = self.house.clock.now()
        rows = [(bar(self.house, clock, now), ticket) for clock, ticket in found]
        return sorted(rows, key=lambda row: (row[0].tone != "late", row[0].left))

"""What falls due: follow-ups, surveys, reminders and deadline warnings."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.page import Page
from core.promise.model import Promise
from core.promise.watch import SLA_KINDS
from core.ticket.model import Ticket

MOST = 100
KINDS = ("follow_up", "survey", "survey_unanswered", "appointment_reminder", *SLA_KINDS)
PENDING = text("promises.status = 'pending'")


class Promises(Page):
    name, path = "promises", "/promises"

    @route("", name="promises")
    async def index(self, request: Request) -> Response:
        ended = request.query_params.get("show") == "ended"

        def look(session: Session) -> list[Any]:
            query = select(Promise, Ticket).outerjoin(Ticket, Ticket.id == Promise.ticket_id)
            if ended:
                # Straight down the primary key: most of the newest rows are pending ones or near them.
                newest = select(Promise.id).order_by(Promise.id.desc()).limit(2000).subquery()
                query = query.join(newest, newest.c.id == Promise.id).where(Promise.status != "pending")
                query = query.order_by(Promise.ended_at.desc(), Promise.id.desc())
            else:
                query = query.where(PENDING).order_by(Promise.due_at, Promise.id)
            return list(session.execute(query.limit(MOST)))

        now = self.house.clock.now()
        context = {"rows": await self.read(look), "ended": ended, "now": now, "most": MOST, "kinds": KINDS}
        return self.show(request, "promises.html", context)

"""What staff were told: pushes, newest first, on a page that keeps itself fresh."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.page import Page, who
from core.messaging.outbox import OutboxMessage
from core.ticket.model import Ticket

MOST = 60
# Pushes have no index of their own: look through the newest messages only.
SCAN = 5000
# Whichever chat it went to; answers to what staff typed and changes of cards are no news to anybody.
_PUSHES = (
    OutboxMessage.audience == "staff",
    OutboxMessage.reply_to.is_(None),
    OutboxMessage.extra["edit"].as_string().is_(None),
)
# A chat's recipient is an account; the name is beside it.
ADDRESSEE = func.coalesce(OutboxMessage.extra["to"].as_string(), OutboxMessage.recipient)


class Pushes(Page):
    """What staff were told, and by which way; ``mine``: only what concerns who asks."""

    name, path = "pushes", "/pushes"

    @route("", name="pushes")
    async def index(self, request: Request) -> Response:
        mine = request.query_params.get("mine") == "1"
        name = who(request).name

        def look(session: Session) -> list[Any]:
            newest = select(OutboxMessage.id).order_by(OutboxMessage.id.desc()).limit(SCAN).subquery()
            query = (
                select(OutboxMessage, Ticket)
                .join(newest, newest.c.id == OutboxMessage.id)
                .outerjoin(Ticket, Ticket.id == OutboxMessage.ticket_id)
                .where(*_PUSHES, *([name == ADDRESSEE] if mine else []))
            )
            return list(session.execute(query.order_by(OutboxMessage.id.desc()).limit(MOST)))

        rows = await self.read(look)
        template = "_pushes.html" if request.query_params.get("part") else "pushes.html"
        return self.show(request, template, {"rows": rows, "mine": mine})

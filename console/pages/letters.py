"""Dead letters 失败消息: what could not be worked off or delivered, why, and another try."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.page import Page, back_to, may
from console.wording import say
from core.messaging.inbox import InboxMessage
from core.messaging.lease import replay
from core.messaging.outbox import OutboxMessage

BOXES: dict[str, Any] = {"inbox": InboxMessage, "outbox": OutboxMessage}
MOST = 100
DEAD = text("status = 'dead'")


class DeadLetters(Page):
    """Messages given up, with the reason; sent round again from here."""

    name, path = "dead_letters", "/dead-letters"

    @route("", name="dead-letters")
    async def index(self, request: Request) -> Response:
        def look(session: Session) -> dict[str, list[Any]]:
            return {
                box: list(session.scalars(select(model).where(DEAD).order_by(model.id.desc()).limit(MOST)))
                for box, model in BOXES.items()
            }

        context = {"boxes": await self.read(look), "most": MOST}
        return self.show(request, "dead_letters.html", context)

    @route("/{box}/{row:int}/replay", methods=["POST"], name="replay")
    async def replay(self, request: Request) -> Response:
        model = BOXES.get(request.path_params["box"])
        if self.name not in may(request).edits:
            raise HTTPException(403)
        if model is None:
            raise HTTPException(404)
        done = await self.write(lambda session: replay(session, model, request.path_params["row"]))
        flash(request, say("letters.replayed" if done else "letters.gone"), "success" if done else "warning")
        return back_to("/console/dead-letters")

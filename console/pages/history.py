"""Two records about staff: who changed which wording or policy, and who looked at which phone number."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.page import Page
from core.knowledge.model import Revision
from core.staff.model import Reveal

MOST = 200


class History(Page):
    """Who changed what of the reference data, and when."""

    name, path = "history", "/history"

    @route("", name="history")
    async def index(self, request: Request) -> Response:
        subject = (request.query_params.get("subject") or "")[:200]

        def look(session: Session) -> list[Any]:
            query = select(Revision).order_by(Revision.id.desc()).limit(MOST)
            return list(session.scalars(query.where(Revision.subject == subject) if subject else query))

        return self.show(request, "history.html", {"rows": await self.read(look), "subject": subject})


class Reveals(Page):
    """Who saw which number or address in full."""

    name, path = "reveals", "/reveals"

    @route("", name="reveals")
    async def index(self, request: Request) -> Response:
        def look(session: Session) -> list[Any]:
            return list(session.scalars(select(Reveal).order_by(Reveal.id.desc()).limit(MOST)))

        return self.show(request, "reveals.html", {"rows": await self.read(look)})

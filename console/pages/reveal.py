"""Showing what is masked, to those whose task needs it, and writing down who looked (I1)."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette_admin.routing import route

from console.desk.conversation import conversation
from console.desk.dossier import dossier
from console.page import Page, may, who
from console.pages.ticket import own_name
from core.staff.model import Reveal

FIELDS = ("phone", "address", "conversation")


class RevealField(Page):
    """One masked field in full, for those who may, written down each time."""

    name, path = "tickets", "/tickets/{number:str}/reveal"

    @route("", methods=["POST"], name="ticket-reveal")
    async def index(self, request: Request) -> Response:
        field = str((await request.form()).get("field") or "")
        if not may(request).reveals or field not in FIELDS:
            raise HTTPException(403)

        def change(session: Session) -> Any:
            file = dossier(session, request.path_params["number"], own_name(request))
            if file is None:
                raise HTTPException(404)
            subject = f"ticket:{file.ticket.number}"
            # Real time: this is a record about staff, not a business date a demonstration may move.
            session.add(Reveal(at=datetime.now(UTC), staff=who(request).name, subject=subject, field=field))
            if field == "conversation":
                return conversation(session, file.ticket, masked=False)
            return getattr(file.ticket, field) or ""

        value = await self.write(change)
        if field == "conversation":
            return self.show(request, "_bubbles.html", {"bubbles": value})
        return JSONResponse({"value": value}, headers={"Cache-Control": "no-store"})

"""What the pages of rounds share: who plans, who sees only where they go themselves, and how a refusal is told."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash

from console.language import language
from console.page import Page, back_to, may, who
from console.wording import say
from core.media.photo import BadPhoto
from core.rounds.choose import BadRound
from core.rounds.model import RoundVisit
from core.rounds.plan import locked_visit


def own_goes(request: Request) -> str | None:
    """The name of who sees only their own visits; None for who sees all."""
    return who(request).name if may(request).own_only else None


def may_record(request: Request, visit: RoundVisit) -> bool:
    """Who plans, and who goes there."""
    goes = own_goes(request)
    return "rounds" in may(request).edits or (goes is not None and visit.goes == goes)


def visit_seen(request: Request, session: Session, *, held: bool = False) -> RoundVisit:
    """The visit in the address; 404 where there is none, or somebody else goes there."""
    number, goes = request.path_params["visit"], own_goes(request)
    visit = locked_visit(session, number) if held else session.get(RoundVisit, number)
    if visit is None or (goes is not None and visit.goes != goes):
        raise HTTPException(404)
    return visit


def visit_recorded(request: Request, session: Session, *, held: bool = True) -> RoundVisit:
    """The same for who may record there, else 403."""
    visit = visit_seen(request, session, held=held)
    if not may_record(request, visit):
        raise HTTPException(403)
    return visit


class RoundForms(Page):
    """Forms of rounds and visits: changed in one transaction, and told what came of it."""

    async def form(self, request: Request) -> Any:
        """For those who plan."""
        if self.name not in may(request).edits:
            raise HTTPException(403)
        return await request.form()

    async def do_and_tell(self, request: Request, change: Callable[[Session], str], *, back: str) -> Response:
        """``change`` returns where to go; a refusal leads to ``back``."""
        try:
            back = await self.write(change)
            flash(request, say("rounds.saved"), "success")
        except (BadRound, BadPhoto) as error:
            self.refused(request, error)
        return back_to(back)

    def refused(self, request: Request, error: BadRound | BadPhoto) -> None:
        """Said in a flash; photos have the words of the training pages."""
        family = "rounds" if isinstance(error, BadRound) else "trainings"
        name, why = f"error.{type(error).__name__}", say(f"{family}.bad_{error.why}")
        flash(request, self.house.book.text(name, language(), why=why), "error")

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


def own_goes(request: Request) -> str | None:
    """The name of who sees only their own visits; None for who sees all."""
    return who(request).name if may(request).own_only else None


class RoundForms(Page):
    async def form(self, request: Request) -> Any:
        """For those who plan."""
        if self.name not in may(request).edits:
            raise HTTPException(403)
        return await request.form()

    def may_record(self, request: Request, visit: RoundVisit) -> bool:
        """Who plans, and who goes there."""
        goes = own_goes(request)
        return self.name in may(request).edits or (goes is not None and visit.goes == goes)

    async def do_and_tell(self, request: Request, change: Callable[[Session], str], *, back: str) -> Response:
        """``change`` returns where to go; a refusal leads to ``back``."""
        try:
            back = await self.write(change)
            flash(request, say("rounds.saved"), "success")
        except (BadRound, BadPhoto) as error:
            self.refused(request, error)
        return back_to(back)

    def refused(self, request: Request, error: BadRound | BadPhoto) -> None:
        family = "rounds" if isinstance(error, BadRound) else "trainings"
        name, why = f"error.{type(error).__name__}", say(f"{family}.bad_{error.why}")
        flash(request, self.house.book.text(name, language(), why=why), "error")

"""What the training pages share: who may change something, what came of it, and how a refusal is told."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash

from console.language import language
from console.page import Page, back_to, may
from console.wording import say
from core.media.photo import BadPhoto
from core.training.lists import BadList
from core.training.model import TrainingSession
from core.training.schedule import BadSession, locked
from core.training.seats import NoSeat

Refusal = (BadSession, BadList, BadPhoto)


class TrainingForms(Page):
    """Forms post, change something in one transaction, and come back to a page that says what came of it."""

    def may_change(self, request: Request) -> None:
        """403 for who only looks."""
        if self.name not in may(request).edits:
            raise HTTPException(403)

    async def form(self, request: Request) -> Any:
        self.may_change(request)
        return await request.form()

    async def do_and_tell(
        self, request: Request, change: Callable[[Session], str], *, back: str, done: str = "trainings.saved"
    ) -> Response:
        """``change`` returns where to go; a refusal leads to ``back``."""
        try:
            back = await self.write(change)
            flash(request, say(done), "success")
        except Refusal as error:
            self.refused(request, error)
        except NoSeat as error:
            flash(request, say(f"trainings.bad_{error.why}"), "error")
        return back_to(back)

    def refused(self, request: Request, error: BadSession | BadList | BadPhoto) -> None:
        why = say(f"trainings.bad_{error.why}")
        name = f"error.{type(error).__name__}"
        flash(request, self.house.book.text(name, language(), why=why), "error")


def find(session: Session, request: Request) -> TrainingSession:
    """The session in the address; 404."""
    code = request.path_params["code"]
    found = session.scalars(select(TrainingSession).where(TrainingSession.code == code)).first()
    if found is None:
        raise HTTPException(404)
    return found


def find_locked(session: Session, request: Request) -> TrainingSession:
    """The same, and nobody else changes it or takes its seats until the transaction ends."""
    found = find(session, request)
    return locked(session, found.id) or found


def page_of(request: Request) -> str:
    return f"/console/trainings/{request.path_params['code']}"

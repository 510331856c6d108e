"""What every page of ours shares: who asks, whether they may, and how it is shown."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.flash import flash
from starlette_admin.views import CustomView

from console.access import Rights, rights
from console.language import language
from console.wording import say
from core.house import House
from core.staff.model import Staff
from core.staff.refusal import Refused, in_words


def who(request: Request) -> Staff:
    """The member of staff who asks; only behind the log-in."""
    return request.state.staff


def may(request: Request) -> Rights:
    """The rights of who asks; of somebody unknown, none."""
    person = getattr(request.state, "staff", None)
    return rights(person.role if person else None)


def permit(request: Request, what: str) -> None:
    """403 for who may not change ``what``."""
    if what not in may(request).edits:
        raise HTTPException(403)


class Page(CustomView):
    """A page named in the table of roles by ``name``."""

    name = ""
    add_to_menu = False

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house

    def is_accessible(self, request: Request) -> bool:
        return self.name in may(request).pages

    async def read(self, look: Callable[[Session], Any]) -> Any:
        """Run ``look`` with a reading session, off the event loop."""

        def looking() -> Any:
            with self.house.database.reading() as session:
                return look(session)

        return await run_in_threadpool(looking)

    async def write(self, change: Callable[[Session], Any]) -> Any:
        """Run ``change`` in one transaction; an error leaves nothing behind."""

        def changing() -> Any:
            with self.house.database.session() as session:
                result = change(session)
                session.commit()
                return result

        return await run_in_threadpool(changing)

    async def write_and_tell(
        self, request: Request, change: Callable[[Session], Any], done: str, *, back: str
    ) -> Response:
        """Run ``change``, say in a flash what came of it (``done`` is a wording, or why it was refused), and go ``back``."""
        try:
            await self.write(change)
        except Refused as refused:
            flash(request, in_words(self.house.book, refused, language()), "error")
        else:
            flash(request, say(done), "success")
        return back_to(back)

    def show(
        self, request: Request, template: str, context: dict[str, Any], status_code: int = 200
    ) -> Response:
        assert self._admin is not None
        return self._admin._template_response(request, f"console/{template}", context, status_code)


def back_to(path: str) -> Response:
    """After a form: the browser gets the page, so that going back sends nothing twice."""
    return RedirectResponse(path, status_code=303)

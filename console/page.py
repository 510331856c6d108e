"""What every page of ours shares: who asks, whether they may, and how it is shown."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.views import CustomView

from console.access import Rights, rights
from core.house import House
from core.staff.model import Staff


def who(request: Request) -> Staff:
    """The member of staff who asks; only behind the log-in."""
    return request.state.staff


def may(request: Request) -> Rights:
    person = getattr(request.state, "staff", None)
    return rights(person.role if person else None)


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

    def show(
        self, request: Request, template: str, context: dict[str, Any], status_code: int = 200
    ) -> Response:
        assert self._admin is not None
        return self._admin._template_response(request, f"console/{template}", context, status_code)


def back_to(path: str) -> Response:
    return RedirectResponse(path, status_code=303)

"""The start page: what burns first, then how much is open."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.desk.attention import ENOUGH, attention, lessons
from console.page import Page, may, who
from core.asked.board import counts
from core.house import House


class Dashboard(Page):
    """What wants somebody now, and which channels are on."""

    name, path = "dashboard", "/"

    def __init__(self, house: House, channels: dict[str, bool]) -> None:
        super().__init__(house)
        self._channels = channels

    @route("", name="index")
    async def index(self, request: Request) -> Response:
        me, now = who(request), self.house.clock.now()
        own = me.name if may(request).own_only else None
        teaches = me.id if me.role == "trainer" else None

        def look(session: Session) -> dict[str, Any]:
            pages = may(request).pages
            return {
                "seen": attention(session, self.house, now, own),
                "asked": counts(session).get("waiting", 0) if "asked" in pages else None,
                "lessons": lessons(session, now, teaches) if "trainings" in pages else (),
            }

        more = {"now": now, "enough": ENOUGH, "channels": self._channels}
        return self.show(request, "dashboard.html", await self.read(look) | more)

"""The start page: what burns first, then how much is open."""

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.desk.attention import ENOUGH, attention
from console.page import Page, may, who
from core.house import House


class Dashboard(Page):
    name, path = "dashboard", "/"

    def __init__(self, house: House, channels: dict[str, bool]) -> None:
        super().__init__(house)
        self._channels = channels

    @route("", name="index")
    async def index(self, request: Request) -> Response:
        own = who(request).name if may(request).own_only else None
        now = self.house.clock.now()
        seen = await self.read(lambda session: attention(session, self.house, now, own))
        return self.show(
            request,
            "dashboard.html",
            {"seen": seen, "now": now, "enough": ENOUGH, "channels": self._channels},
        )

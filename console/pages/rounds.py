"""Inspection rounds 巡检: all of them with how far they are, the calendar they share with trainings, and one round."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.desk.rounds import round_from
from console.desk.training import field
from console.page import who
from console.pages.round_form import RoundForms, own_goes
from console.pages.trainings import people
from core.categories import CATEGORIES
from core.rounds.model import KINDS, Round
from core.rounds.plan import end_round, plan_round
from core.rounds.progress import calendar, progress_of, rounds_listed, visits_of

MOST = 100
AHEAD = 14  # days of the calendar


class Rounds(RoundForms):
    """All rounds, a new one, one with its visits, and its end."""

    name, path = "rounds", "/rounds"

    @route("", name="rounds")
    async def index(self, request: Request) -> Response:
        today, goes = self.today(), own_goes(request)

        def look(session: Session) -> dict[str, Any]:
            rounds = rounds_listed(session, goes=goes, limit=MOST)
            return {
                "rounds": rounds,
                "progress": progress_of(session, rounds, today=today),
                "days": calendar(session, self.house, first=today, days=AHEAD, goes=goes),
                "people": people(session),
            }

        context = {"today": today, "kinds": KINDS, "categories": CATEGORIES, "ahead": AHEAD}
        return self.show(request, "rounds.html", {**await self.read(look), **context})

    @route("/add", methods=["POST"], name="round-add")
    async def add(self, request: Request) -> Response:
        form, at, by = await self.form(request), self.house.clock.now(), who(request).name

        def change(session: Session) -> str:
            made = plan_round(session, self.house, round_from(session, form), by=by, at=at)
            return f"/console/rounds/{made.id}"

        return await self.do_and_tell(request, change, back="/console/rounds")

    @route("/{round:int}", name="round")
    async def one(self, request: Request) -> Response:
        today, goes = self.today(), own_goes(request)

        def look(session: Session) -> dict[str, Any]:
            found = _find(session, request)
            visits = visits_of(session, found, goes=goes)
            if goes is not None and not visits:
                raise HTTPException(404)
            progress = progress_of(session, [found], today=today)[found.id]
            return {"round": found, "visits": visits, "progress": progress}

        return self.show(request, "round.html", {**await self.read(look), "today": today})

    @route("/{round:int}/end", methods=["POST"], name="round-end")
    async def end(self, request: Request) -> Response:
        form, at, by = await self.form(request), self.house.clock.now(), who(request).name

        def change(session: Session) -> str:
            found, cancelled = _find(session, request), field(form, "what") == "cancel"
            session.refresh(found, with_for_update=True)
            end_round(session, self.house, found, cancelled=cancelled, by=by, at=at)
            return back

        back = f"/console/rounds/{request.path_params['round']}"
        return await self.do_and_tell(request, change, back=back)

    def today(self) -> date:
        return self.house.local(self.house.clock.now()).date()


def _find(session: Session, request: Request) -> Round:
    found = session.get(Round, request.path_params["round"])
    if found is None:
        raise HTTPException(404)
    return found

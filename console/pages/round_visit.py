"""One visit of a round: moved or called off, recorded, and its finding made a ticket; its pictures are in photos.py."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.desk.rounds import day_of
from console.desk.training import field, lines
from console.page import may, who
from console.pages.round_form import RoundForms, may_record, visit_recorded, visit_seen
from console.pages.trainings import people
from core.house import House
from core.media.album import Album, photos_of
from core.rounds.choose import BadRound
from core.rounds.model import RoundVisit
from core.rounds.plan import call_off_visit, move_visit
from core.rounds.visit import file_finding, record_visit


class RoundVisitPage(RoundForms):
    """Whoever goes there sees and records their own; moving and calling off is for who plans."""

    name, path = "rounds", "/rounds/visits/{visit:int}"

    @route("", name="round-visit")
    async def one(self, request: Request) -> Response:
        def look(session: Session) -> dict[str, Any]:
            visit = visit_seen(request, session)
            return {
                "visit": visit,
                "ticket": visit.ticket,
                "device": visit.device,
                "photos": photos_of(session, Album(visit_id=visit.id)),
                "people": people(session),
                "records": may_record(request, visit),
            }

        today = self.house.local(self.house.clock.now()).date()
        return self.show(request, "round_visit.html", {**await self.read(look), "today": today})

    @route("/do", methods=["POST"], name="round-visit-do")
    async def do(self, request: Request) -> Response:
        form, at, by = await request.form(), self.house.clock.now(), who(request).name

        def change(session: Session) -> str:
            visit = visit_recorded(request, session)
            plans = self.name in may(request).edits
            return _verb(session, self.house, visit, form, by, at, plans=plans) or self._back(request)

        return await self.do_and_tell(request, change, back=self._back(request))

    def _back(self, request: Request) -> str:
        return f"/console/rounds/visits/{request.path_params['visit']}"


def _verb(
    session: Session, house: House, visit: RoundVisit, form: Any, by: str, at: datetime, *, plans: bool
) -> str | None:
    """What the buttons do; where to go then, if not back. BadRound."""
    what = field(form, "what")
    if what == "record":
        verdict, findings = field(form, "verdict"), lines(form, "findings")
        record_visit(session, visit, verdict=verdict, findings=findings, by=by, at=at)
    elif what == "ticket":
        ticket = file_finding(session, house, visit, by=by, at=at)
        return f"/console/tickets/{ticket.number}" if plans else None
    elif what == "move" and plans:
        move_visit(session, house, visit, day_of(form, "day"), _goes(session, form), by=by, at=at)
    elif what == "call_off" and plans:
        call_off_visit(session, house, visit, by=by, at=at)
    else:
        raise HTTPException(403 if what in ("move", "call_off") else 400)
    return None


def _goes(session: Session, form: Any) -> str | None:
    """A member of staff, or nobody yet. BadRound for others."""
    goes = field(form, "goes") or None
    if goes is not None and goes not in {person.name for person in people(session)}:
        raise BadRound("goes")
    return goes

"""One visit of a round: moved, recorded with pictures, and its finding made a ticket."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette_admin.routing import route

from console.desk.rounds import day_of
from console.desk.training import field
from console.page import Page, back_to, may, who
from console.pages.files import HEADERS
from console.pages.round_form import RoundForms, own_goes
from console.pages.trainings import people
from core.house import House
from core.media.photo import MEGA, BadPhoto, PhotoRules, keep_photo
from core.media.store import MediaStore
from core.rounds.choose import BadRound
from core.rounds.model import RoundPhoto, RoundVisit
from core.rounds.plan import locked_visit, move_visit
from core.rounds.visit import add_photo, file_finding, photos_of, record_visit


class RoundVisitPage(RoundForms):
    """Told by ``round_visit_page`` where files lie; without a place for them there are no pictures."""

    name, path = "rounds", "/rounds/visits/{visit:int}"
    store: MediaStore | None

    @route("", name="round-visit")
    async def one(self, request: Request) -> Response:
        def look(session: Session) -> dict[str, Any]:
            visit = self._mine(request, session.get(RoundVisit, request.path_params["visit"]))
            return {
                "visit": visit,
                "ticket": visit.ticket,
                "device": visit.device,
                "photos": photos_of(session, visit),
                "people": people(session),
                "records": self.may_record(request, visit),
            }

        today = self.house.local(self.house.clock.now()).date()
        return self.show(request, "round_visit.html", {**await self.read(look), "today": today})

    @route("/do", methods=["POST"], name="round-visit-do")
    async def do(self, request: Request) -> Response:
        form, at, by = await request.form(), self.house.clock.now(), who(request).name

        def change(session: Session) -> str:
            visit = self._for_recording(request, session)
            plans = self.name in may(request).edits
            return _verb(session, self.house, visit, form, by, at, plans=plans) or self._back(request)

        return await self.do_and_tell(request, change, back=self._back(request))

    @route("/photos", methods=["POST"], name="round-photos")
    async def add(self, request: Request) -> Response:
        at, by, back = self.house.clock.now(), who(request).name, self._back(request)
        await self.read(lambda session: self._may_record(request, session))
        form, rules = await request.form(), PhotoRules.of(self.house.book.policy("photos"))
        try:
            kept = [
                await run_in_threadpool(
                    keep_photo, self._kept_in(), await one.read(int(rules.most_mb * MEGA) + 1), rules
                )
                for one in form.getlist("photo")[: rules.most]
                if hasattr(one, "read")
            ]
        except BadPhoto as error:
            self.refused(request, error)
            return back_to(back)

        def change(session: Session) -> str:
            visit = self._for_recording(request, session)
            for photo in kept:
                add_photo(session, visit, photo, most=rules.most, by=by, at=at)
            return back

        return await self.do_and_tell(request, change, back=back)

    @route("/photos/{photo:int}", name="round-photo")
    async def photo(self, request: Request) -> Response:
        def look(session: Session) -> RoundPhoto:
            visit = self._mine(request, session.get(RoundVisit, request.path_params["visit"]))
            photo = session.get(RoundPhoto, request.path_params["photo"])
            if photo is None or photo.visit_id != visit.id:
                raise HTTPException(404)
            return photo

        photo = await self.read(look)
        try:
            path = self._kept_in().open(photo.path)
        except FileNotFoundError as gone:
            raise HTTPException(404) from gone
        return FileResponse(path, media_type=photo.mime, headers={**HEADERS, "Content-Disposition": "inline"})

    def _mine(self, request: Request, visit: RoundVisit | None) -> RoundVisit:
        goes = own_goes(request)
        if visit is None or (goes is not None and visit.goes != goes):
            raise HTTPException(404)
        return visit

    def _may_record(self, request: Request, session: Session) -> None:
        """Asked before a body of many megabytes is read."""
        visit = self._mine(request, session.get(RoundVisit, request.path_params["visit"]))
        if not self.may_record(request, visit):
            raise HTTPException(403)

    def _for_recording(self, request: Request, session: Session) -> RoundVisit:
        visit = self._mine(request, locked_visit(session, request.path_params["visit"]))
        if not self.may_record(request, visit):
            raise HTTPException(403)
        return visit

    def _back(self, request: Request) -> str:
        return f"/console/rounds/visits/{request.path_params['visit']}"

    def _kept_in(self) -> MediaStore:
        if self.store is None:
            raise HTTPException(404)
        return self.store


def _verb(
    session: Session, house: House, visit: RoundVisit, form: Any, by: str, at: datetime, *, plans: bool
) -> str | None:
    """What the buttons do; where to go then, if not back. BadRound."""
    what = field(form, "what")
    if what == "record":
        verdict, findings = field(form, "verdict"), field(form, "findings")
        record_visit(session, visit, verdict=verdict, findings=findings, by=by, at=at)
    elif what == "ticket":
        ticket = file_finding(session, house, visit, by=by, at=at)
        return f"/console/tickets/{ticket.number}" if plans else None
    elif what == "move" and plans:
        known = {person.name for person in people(session)}
        goes = field(form, "goes") or None
        if goes is not None and goes not in known:
            raise BadRound("goes")
        move_visit(session, house, visit, day_of(form, "day"), goes, at=at)
    else:
        raise HTTPException(403 if what == "move" else 400)
    return None


def round_visit_page(store: MediaStore | None) -> Callable[[House], Page]:
    """The page, told where the files lie."""

    def page(house: House) -> Page:
        made = RoundVisitPage(house)
        made.store = store
        return made

    return page

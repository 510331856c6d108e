"""One session: its roll with attendance and walk-ins, a list of trainees, moving it, and its codes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.training import field, plan_from, told
from console.language import language
from console.outside import Links
from console.page import Page, back_to
from console.pages.codes import KINDS, image_of
from console.pages.training_form import TrainingForms, find, find_locked, page_of
from console.pages.trainings import people
from core.dialogue.facts import phone_number
from core.groups.lead_in import promise_groups
from core.house import House
from core.training.attendance import mark, walk_in
from core.training.ended import ask_attendee
from core.training.find import clashing
from core.training.lead import enter_lead_review
from core.training.lists import BadList, Listed, import_list
from core.training.model import SCORES, Enrolment, TrainingSession
from core.training.photos import photos_of
from core.training.poster_pdf import poster_pdf
from core.training.roll import enrolled
from core.training.schedule import BadSession, cancel_session, change_session
from core.training.scores import average_of
from core.training.seats import Trainee
from core.training.times import overrun, usual_slots


class Training(TrainingForms):
    """Told by ``training_page`` where codes lead."""

    name, path = "trainings", "/trainings/{code:str}"
    links: Links

    @route("", name="training")
    async def one(self, request: Request) -> Response:
        return self.show(request, "training.html", await self._facts(request))

    @route("/edit", name="training-edit")
    async def edit(self, request: Request) -> Response:
        def look(session: Session) -> dict[str, Any]:
            return {"training": find(session, request), "people": people(session)}

        context = await self.read(look)
        today = self.house.local(self.house.clock.now()).date()
        slots = usual_slots(self.house.book.policy("training"))
        local = self.house.local
        return self.show(
            request, "training_edit.html", {**context, "today": today, "slots": slots, "local": local}
        )

    @route("/edit", methods=["POST"], name="training-change")
    async def change(self, request: Request) -> Response:
        form, at, back = await self.form(request), self.house.clock.now(), page_of(request)

        def change(session: Session) -> str:
            training = find_locked(session, request)
            plan = replace(plan_from(self.house, form), course_id=training.course_id)
            change_session(session, self.house, training, plan, at=at)
            return back

        return await self.do_and_tell(request, change, back=f"{back}/edit", done="trainings.changed")

    @route("/poster", name="training-poster")
    async def poster(self, request: Request) -> Response:
        training = await self.read(lambda session: find(session, request))
        links = {"poster": await self._links(training.poster_token)}
        links["attendance"] = await self._links(training.attendance_token)
        return self.show(request, "training_poster.html", {"training": training, "links": links})

    @route("/poster.{kind:str}", name="training-poster-code")
    async def poster_code(self, request: Request) -> Response:
        """The code alone; as PDF the poster, ready to be printed."""
        if request.path_params["kind"] != "pdf":
            return await self._picture(request, "poster")
        training, spoken = await self.read(lambda session: find(session, request)), language()
        links = await self._links(training.poster_token)
        content = await run_in_threadpool(poster_pdf, self.house, training, links, language=spoken)
        named = {
            "Content-Disposition": f'inline; filename="{training.code}.pdf"',
            "Cache-Control": "private, no-store",
        }
        return Response(content, media_type="application/pdf", headers=named)

    @route("/attendance.{kind:str}", name="training-attendance-code")
    async def attendance_code(self, request: Request) -> Response:
        return await self._picture(request, "attendance")

    @route("/do", methods=["POST"], name="training-do")
    async def do(self, request: Request) -> Response:
        form, at, back = await self.form(request), self.house.clock.now(), page_of(request)

        def change(session: Session) -> str:
            _verb(session, self.house, find_locked(session, request), form, at)
            return back

        return await self.do_and_tell(request, change, back=back)

    @route("/import", methods=["POST"], name="training-import")
    async def imported(self, request: Request) -> Response:
        form, at, back = await self.form(request), self.house.clock.now(), page_of(request)
        upload, dry = form.get("list"), "dry" in form
        content = await upload.read() if hasattr(upload, "read") else b""

        def change(session: Session) -> Listed:
            number = find(session, request).id
            return import_list(session, self.house, training_id=number, content=content, at=at, dry=dry)

        try:
            flash(request, told(await self.write(change), dry=dry), "success")
        except BadList as error:
            self.refused(request, error)
        return back_to(back)

    async def _picture(self, request: Request, which: str) -> Response:
        """The code of one channel (``?by=wechat``), else of the first that is on."""
        training, kind = await self.read(lambda session: find(session, request)), request.path_params["kind"]
        links = await self._links(getattr(training, f"{which}_token"))
        link = links.get(request.query_params.get("by") or next(iter(links), ""))
        if kind not in KINDS or not link:
            raise HTTPException(404)
        return image_of(link, kind, f"{training.code}-{which}")

    async def _links(self, token: str | None) -> dict[str, str]:
        """channel → where the code leads; asking a provider may take a moment."""
        return await run_in_threadpool(self.links.of, token) if token else {}

    async def _facts(self, request: Request) -> dict[str, Any]:
        def look(session: Session) -> dict[str, Any]:
            training = find(session, request)
            return {
                "training": training,
                "rows": enrolled(session, training),
                "trainer": training.trainer,
                "head": training.head,
                "clashes": clashing(session, training),
                "photos": photos_of(session, training),
                "average": average_of(session, training),
            }

        facts = await self.read(look)
        limit = self.house.book.policy("training")["review"]["below"]
        return {**facts, "overrun": overrun(facts["training"]), "limit": limit, "scores": SCORES}


def training_page(links: Links) -> Callable[[House], Page]:
    """The page, told where codes lead."""

    def page(house: House) -> Page:
        made = Training(house)
        made.links = links
        return made

    return page


def _verb(session: Session, house: House, training: TrainingSession, form: Any, at: datetime) -> None:
    """What the buttons of a session's page do. BadSession, NoSeat."""
    what = field(form, "what")
    if what == "cancel":
        cancel_session(session, house, training, at=at)
    elif what == "walk_in":
        phone = phone_number(field(form, "phone"))
        if not field(form, "name"):
            raise BadSession("name")
        walk_in(session, house, training, Trainee(field(form, "name")[:60], phone), at=at)
    elif what in ("here", "absent"):
        row = session.get(Enrolment, int(field(form, "row") or 0))
        if row is None or row.session_id != training.id or row.state in ("waiting", "cancelled"):
            raise HTTPException(404)
        mark(row, here=what == "here", by="trainer", at=at)
        if row.state == "attended" and training.state == "held":
            ask_attendee(session, house, training, row, at=at)
            promise_groups(session, training, at=at, more=f":{row.id}")
    elif what == "lead_review":
        given = {name: int(score) for name in SCORES if (score := field(form, name)).isdecimal()}
        enter_lead_review(session, house, training, given, field(form, "words"), at=at)
    else:
        raise HTTPException(400)

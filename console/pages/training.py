"""One session: its roll with attendance and walk-ins, a list of trainees, moving it, and its codes."""

from collections.abc import Callable
from dataclasses import replace
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
from console.pages.training_verbs import verb
from console.pages.trainings import people
from core.groups.find import groups_of
from core.house import House
from core.media.album import Album, photos_of
from core.training.find import clashing
from core.training.lists import BadList, Listed, import_list
from core.training.model import SCORES
from core.training.roll import asked_via, enrolled
from core.training.schedule import change_session
from core.training.scores import average_of, lead_average, recordings_of, said_of
from core.training.seats import free_seats
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
        from core.training.poster_pdf import poster_pdf  # here: no start of the house waits for reportlab

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
            verb(session, self.house, find_locked(session, request), form, at)
            row = field(form, "row")
            return f"{back}#row-{row}" if row.isascii() and row.isdecimal() else back

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
            ways, lead_way = asked_via(session, training)
            return {
                "training": training,
                "ways": ways,
                "lead_way": lead_way,
                "recordings": recordings_of(session, training),
                "rows": enrolled(session, training),
                "trainer": training.trainer,
                "head": training.head,
                "clashes": clashing(session, training),
                "photos": photos_of(session, Album(session_id=training.id)),
                "average": average_of(session, training),
                "lead": lead_average(session, training),
                "said": said_of(session, training),
                "free": free_seats(session, training),
                "groups": groups_of(session, training),
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

"""Trainings: courses and sessions, the roll with attendance and walk-ins, lists in and out, and the poster."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.language import language
from console.outside import Links
from console.page import Page, back_to, may
from console.pages.codes import image_of
from console.wording import say
from core.categories import CATEGORIES
from core.dialogue.facts import phone_number
from core.groups.lead_in import promise_groups
from core.house import House
from core.staff.model import Staff
from core.training.attendance import mark, walk_in
from core.training.ended import ask_attendee
from core.training.lists import BadList, Listed, import_list, record
from core.training.model import Course, Enrolment, TrainingSession
from core.training.review import averages_by_course, averages_by_trainer
from core.training.roll import counts, enrolled
from core.training.schedule import BadSession, Plan, add_course, cancel_session, locked, plan_session
from core.training.seats import NoSeat, Trainee
from core.training.times import overrun, usual_slots

MOST = 300
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ("name", "phone", "organisation", "state", "via", "attended_at")


class Trainings(Page):
    """Told by ``trainings_page`` where codes lead."""

    name, path = "trainings", "/trainings"
    links: Links

    @route("", name="trainings")
    async def index(self, request: Request) -> Response:
        policy, context = self.house.book.policy("training"), await self.read(_overview)
        context |= {"categories": CATEGORIES, "policy": policy, "slots": usual_slots(policy)}
        context["today"] = self.house.local(self.house.clock.now()).date()
        return self.show(request, "trainings.html", context)

    @route("/course", methods=["POST"], name="training-course")
    async def course(self, request: Request) -> Response:
        form, at = await self._form(request), self.house.clock.now()

        def change(session: Session) -> str:
            title, category = _field(form, "title"), _field(form, "category")
            add_course(session, title=title, category=category, outline=None, at=at)
            return "/console/trainings"

        return await self._do(request, change, back="/console/trainings")

    @route("/add", methods=["POST"], name="training-add")
    async def add(self, request: Request) -> Response:
        form, at = await self._form(request), self.house.clock.now()

        def change(session: Session) -> str:
            plan = _plan(self.house, form)
            return f"/console/trainings/{plan_session(session, self.house, plan, at=at).code}"

        return await self._do(request, change, back="/console/trainings")

    @route("/{code:str}", name="training")
    async def one(self, request: Request) -> Response:
        return self.show(request, "training.html", await self._facts(request))

    @route("/{code:str}/poster", name="training-poster")
    async def poster(self, request: Request) -> Response:
        return self.show(request, "training_poster.html", await self._facts(request))

    @route("/{code:str}/{which:str}.{kind:str}", name="training-picture")
    async def image(self, request: Request) -> Response:
        facts = await self._facts(request)
        which, kind = request.path_params["which"], request.path_params["kind"]
        link = facts["links"].get(which)
        if which == "record" and kind == "xlsx":
            return await self._record(facts["training"])
        if kind not in ("svg", "png") or not link:
            raise HTTPException(404)
        return image_of(link, kind, f"{facts['training'].code}-{which}")

    @route("/{code:str}/do", methods=["POST"], name="training-do")
    async def do(self, request: Request) -> Response:
        form, at, code = await self._form(request), self.house.clock.now(), request.path_params["code"]

        def change(session: Session) -> str:
            found = _find(session, code)
            training = locked(session, found.id) or found
            _verb(session, self.house, training, form, at)
            return f"/console/trainings/{code}"

        return await self._do(request, change, back=f"/console/trainings/{code}")

    @route("/{code:str}/import", methods=["POST"], name="training-import")
    async def imported(self, request: Request) -> Response:
        form, at, code = await self._form(request), self.house.clock.now(), request.path_params["code"]
        upload, dry = form.get("list"), "dry" in form
        content = await upload.read() if hasattr(upload, "read") else b""

        def change(session: Session) -> Listed:
            number = _find(session, code).id
            return import_list(session, self.house, training_id=number, content=content, at=at, dry=dry)

        back = f"/console/trainings/{code}"
        try:
            flash(request, _told(await self.write(change), dry=dry), "success")
        except BadList as error:
            self._refused(request, error)
        return back_to(back)

    async def _facts(self, request: Request) -> dict[str, Any]:
        code = request.path_params["code"]

        def look(session: Session) -> dict[str, Any]:
            training = _find(session, code)
            rows = enrolled(session, training)
            return {
                "training": training,
                "rows": rows,
                "trainer": training.trainer,
                "head": training.head,
            }

        facts = await self.read(look)
        training = facts["training"]
        tokens = {"poster": training.poster_token, "attendance": training.attendance_token}
        found = {name: await run_in_threadpool(self.links.of, token or "") for name, token in tokens.items()}
        shown = {name: next(iter(urls.values())) for name, urls in found.items() if urls}
        return {**facts, "links": shown, "overrun": overrun(training)}

    async def _record(self, training: TrainingSession) -> Response:
        heads = {name: say(f"trainings.{name}") for name in HEADS}
        content = await self.read(lambda session: record(session, self.house, training, heads))
        named = {"Content-Disposition": f'attachment; filename="{training.code}.xlsx"'}
        return Response(content, media_type=EXCEL, headers={**named, "Cache-Control": "private, no-store"})

    async def _form(self, request: Request) -> Any:
        if self.name not in may(request).edits:
            raise HTTPException(403)
        return await request.form()

    async def _do(self, request: Request, change: Callable[[Session], str], *, back: str) -> Response:
        try:
            back = await self.write(change)
            flash(request, say("trainings.saved"), "success")
        except BadSession as error:
            self._refused(request, error)
        except NoSeat as error:
            flash(request, say(f"trainings.bad_{error.why}"), "error")
        return back_to(back)

    def _refused(self, request: Request, error: BadSession | BadList) -> None:
        why = say(f"trainings.bad_{error.why}")
        name = f"error.{type(error).__name__}"
        flash(request, self.house.book.text(name, language(), why=why), "error")


def trainings_page(links: Links) -> Callable[[House], Page]:
    """The page, told where codes lead."""

    def page(house: House) -> Page:
        made = Trainings(house)
        made.links = links
        return made

    return page


def _overview(session: Session) -> dict[str, Any]:
    query = select(TrainingSession).order_by(TrainingSession.starts_at.desc()).limit(MOST)
    sessions = list(session.scalars(query))
    return {
        "sessions": sessions,
        "counts": counts(session, [training.id for training in sessions]),
        "courses": list(session.scalars(select(Course).where(Course.active).order_by(Course.title))),
        "people": list(session.scalars(select(Staff).where(Staff.active).order_by(Staff.id))),
        "scores": {"trainer": averages_by_trainer(session), "course": averages_by_course(session)},
    }


def _find(session: Session, code: str) -> TrainingSession:
    found = session.scalars(select(TrainingSession).where(TrainingSession.code == code)).first()
    if found is None:
        raise HTTPException(404)
    return found


def _verb(session: Session, house: House, training: TrainingSession, form: Any, at: datetime) -> None:
    """What the buttons of a session's page do. BadSession, NoSeat."""
    what = _field(form, "what")
    if what == "cancel":
        cancel_session(session, house, training, at=at)
    elif what == "walk_in":
        phone = phone_number(_field(form, "phone"))
        if not _field(form, "name"):
            raise BadSession("name")
        walk_in(session, house, training, Trainee(_field(form, "name")[:60], phone), at=at)
    elif what in ("here", "absent"):
        row = session.get(Enrolment, int(_field(form, "row") or 0))
        if row is None or row.session_id != training.id or row.state in ("waiting", "cancelled"):
            raise HTTPException(404)
        mark(row, here=what == "here", by="trainer", at=at)
        if row.state == "attended" and training.state == "held":
            ask_attendee(session, house, training, row, at=at)
            promise_groups(session, training, at=at, more=f":{row.id}")
    else:
        raise HTTPException(400)


def _told(done: Listed, *, dry: bool) -> str:
    bad = "; ".join(f"{number}: {say(f'trainings.bad_{why}')}" for number, why in done.refused[:50])
    words = {"registered": done.registered, "waiting": done.waiting, "known": done.known, "bad": bad or "—"}
    return say("trainings.would" if dry else "trainings.listed", **words)


def _field(form: Any, name: str) -> str:
    return str(form.get(name) or "").strip()


def _plan(house: House, form: Any) -> Plan:
    """BadSession for what is no date, hour or number."""
    try:
        day = date.fromisoformat(_field(form, "day"))
        start, end = (
            datetime.combine(day, datetime.strptime(_field(form, name), "%H:%M").time(), house.zone)
            for name in ("from", "until")
        )
        numbers = {
            name: int(_field(form, name)) for name in ("seats", "lessons", "lesson_minutes", "break_minutes")
        }
        people = {name: int(_field(form, name)) or None for name in ("trainer_id", "head_id")}
        course = int(_field(form, "course_id"))
    except ValueError as wrong:
        raise BadSession("times") from wrong
    phone = _field(form, "lead_phone")
    lead = phone_number(phone) if phone else None
    if phone and lead is None:
        raise BadSession("phone")
    words = {name: _field(form, name) or None for name in ("organisation", "lead_name")}
    return Plan(
        course, start, end, place=_field(form, "place"), lead_phone=lead, **numbers, **people, **words
    )  # type: ignore[arg-type]

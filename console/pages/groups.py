"""Q&A groups 答疑群: the list; one with the steps by which somebody makes it by hand, its code, its people, its end."""

from urllib.parse import urljoin

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.group_steps import HOLD, STEPS, NotSo, number_in
from console.desk.groups import newest, planned, view, way_of
from console.page import Page, back_to, may, who
from console.pages.codes import image_of
from console.wording import say
from core.groups.last_day import BadLastDay
from core.groups.lifecycle import MOVES, BadGroupMove
from core.groups.lifecycle import may as may_move
from core.groups.listen import CHOICES, listens
from core.groups.prepare import CannotPrepare, kinds, prepare
from core.groups.told import locked
from core.training.model import TrainingSession

MOST = 100
WAITING_SECONDS = 10  # after which the page of a group that is waited for looks again


class Groups(Page):
    name, path = "groups", "/groups"

    @route("", name="groups")
    async def index(self, request: Request) -> Response:
        rows = await self.read(lambda session: newest(session, limit=MOST))
        coming = await self.read(lambda session: planned(session, limit=MOST))
        context = {"rows": rows, "coming": coming, "kinds": kinds(self.house)}
        return self.show(request, "groups.html", context)

    @route("/prepare", methods=["POST"], name="group-prepare")
    async def prepare(self, request: Request) -> Response:
        """A group for a session that has not ended yet."""
        if self.name not in may(request).edits:
            raise HTTPException(403)
        form, at = await request.form(), self.house.clock.now()

        def change(session: Session) -> int:
            training = session.get(TrainingSession, number_in(form, "training"))
            if training is None:
                raise CannotPrepare("over")
            return prepare(session, self.house, training, str(form.get("channel") or ""), at=at).id

        try:
            number = await self.write(change)
        except CannotPrepare as refused:
            flash(request, say(f"groups.bad.prepare.{refused.why}"), "error")
            return back_to("/console/groups")
        flash(request, say("groups.done.prepare"), "success")
        return back_to(f"/console/groups/{number}")

    @route("/{group:int}", name="group")
    async def one(self, request: Request) -> Response:
        found = await self.read(lambda session: view(session, self.house, request.path_params["group"]))
        if found is None:
            raise HTTPException(404)
        able = {verb for verb in MOVES if may_move(found.group, verb)}
        context = {"found": found, "able": able, "every": WAITING_SECONDS}
        context |= {"ways_to_ask": CHOICES[found.group.channel], "listens": listens(self.house, found.group)}
        context["today"] = self.house.local(self.house.clock.now()).date()
        return self.show(request, "group.html", context)

    @route("/{group:int}/way/{member:int}.svg", name="group-way")
    async def way(self, request: Request) -> Response:
        """A way in as a QR code, to be shown to whom no chat reaches; member 0: the group's own link."""
        number, member = request.path_params["group"], request.path_params["member"]
        link = await self.read(lambda session: way_of(session, self.house, number, member))
        if not link:
            raise HTTPException(404)
        whole = urljoin(f"{request.url.scheme}://{request.url.netloc}", link)
        return image_of(whole, "svg", f"group-{number}-{member}")

    @route("/{group:int}/do", methods=["POST"], name="group-do")
    async def do(self, request: Request) -> Response:
        if self.name not in may(request).edits:
            raise HTTPException(403)
        form, number, by = await request.form(), request.path_params["group"], who(request).name
        verb, at = str(form.get("verb") or ""), self.house.clock.now()
        step = STEPS.get(verb)
        if step is None:
            raise HTTPException(404)

        def change(session: Session) -> None:
            hold = HOLD.get(verb, locked)
            step(session, self.house, hold(session, number), form, by, at)

        try:
            await self.write(change)
            flash(request, say(f"groups.done.{verb}"), "success")
        except BadGroupMove as moved:
            state = self.house.book.label("qa_group_state", moved.state)
            flash(request, say("groups.bad.move", state=state), "error")
        except BadLastDay as error:
            flash(request, say(f"groups.bad.day.{error.why}"), "error")
        except NotSo as error:
            flash(request, say(f"groups.bad.{error}"), "error")
        return back_to(f"/console/groups/{number}")

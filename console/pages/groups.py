"""Q&A groups 答疑群: the list; one with the steps by which somebody makes it by hand, its code, its people, its end."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.groups import newest, view, way_of
from console.page import Page, back_to, may, who
from console.pages.codes import image_of
from console.wording import say
from core.groups.admission import Declined
from core.groups.doubt import confirm, deny
from core.groups.end import close_group, hand_over
from core.groups.invite import invite_all
from core.groups.join import let_back
from core.groups.lifecycle import MOVES, BadGroupMove
from core.groups.lifecycle import may as may_move
from core.groups.model import GroupMember, QaGroup
from core.groups.search import anew, look_now, wait_again
from core.groups.told import locked
from core.groups.ways import take_back
from core.house import House
from core.training.model import Enrolment

MOST = 100
WAITING_SECONDS = 10  # after which the page of a group that is waited for looks again
_Form = Mapping[str, Any]


class NotSo(Exception):
    """What was asked cannot be done; ``why`` is a key of the page's words."""


class Groups(Page):
    name, path = "groups", "/groups"

    @route("", name="groups")
    async def index(self, request: Request) -> Response:
        rows = await self.read(lambda session: newest(session, limit=MOST))
        return self.show(request, "groups.html", {"rows": rows})

    @route("/{group:int}", name="group")
    async def one(self, request: Request) -> Response:
        found = await self.read(lambda session: view(session, self.house, request.path_params["group"]))
        if found is None:
            raise HTTPException(404)
        able = {verb for verb in MOVES if may_move(found.group, verb)}
        context = {"found": found, "able": able, "every": WAITING_SECONDS}
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
            step(session, self.house, locked(session, number), form, by, at)

        try:
            await self.write(change)
            flash(request, say(f"groups.done.{verb}"), "success")
        except BadGroupMove as moved:
            state = self.house.book.label("qa_group_state", moved.state)
            flash(request, say("groups.bad.move", state=state), "error")
        except NotSo as error:
            flash(request, say(f"groups.bad.{error}"), "error")
        return back_to(f"/console/groups/{number}")


def _look(session: Session, house: House, group: QaGroup, form: _Form, by: str, at: datetime) -> None:
    look_now(session, house, group, at=at)


def _again(session: Session, house: House, group: QaGroup, form: _Form, by: str, at: datetime) -> None:
    wait_again(session, house, group, at=at)


def _close(session: Session, house: House, group: QaGroup, form: _Form, by: str, at: datetime) -> None:
    close_group(session, house, group, reason="by_staff", at=at)


def _hand_over(session: Session, house: House, group: QaGroup, form: _Form, by: str, at: datetime) -> None:
    to = str(form.get("to") or "").strip()
    if not to:
        raise NotSo("nobody")
    hand_over(session, house, group, to=to, reason="by_staff", at=at)


def _confirm(session: Session, house: House, group: QaGroup, form: _Form, by: str, at: datetime) -> None:
    stranger, enrolment = _member(session, group, form), session.get(Enrolment, _number(form, "enrolment"))
    if enrolment is None or enrolment.session_id != group.session_id or stranger.state != "declined":
        raise NotSo("nobody")
    verdict = confirm(session, house, group, stranger, enrolment, by=by, at=at)
    if isinstance(verdict, Declined):
        raise NotSo("taken" if verdict.why == "second_account" else "not_admitted")


def _deny(session: Session, house: House, group: QaGroup, form: _Form, by: str, at: datetime) -> None:
    member = _member(session, group, form)
    if member.state != "joined" or member.external_id is None:
        raise NotSo("nobody")
    deny(session, house, group, member, at=at)


def _let_back(session: Session, house: House, group: QaGroup, form: _Form, by: str, at: datetime) -> None:
    let_back(_member(session, group, form), by=by, at=at)


def _member(session: Session, group: QaGroup, form: _Form) -> GroupMember:
    member = session.get(GroupMember, _number(form, "member"))
    if member is None or member.group_id != group.id:
        raise NotSo("nobody")
    return member


def _number(form: _Form, name: str) -> int:
    value = str(form.get(name) or "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _invite(session: Session, house: House, group: QaGroup, form: _Form, by: str, at: datetime) -> None:
    member = _member(session, group, form)
    if member.state not in ("invited", "left"):
        raise NotSo("nobody")
    take_back(session, house, group, member)
    anew(member)
    invite_all(session, house, group, at=at)


Step = Callable[[Session, House, QaGroup, _Form, str, datetime], None]
STEPS: dict[str, Step] = {
    "look": _look,
    "again": _again,
    "close": _close,
    "hand_over": _hand_over,
    "confirm": _confirm,
    "deny": _deny,
    "let_back": _let_back,
    "invite": _invite,
}

"""Staff accounts: who works here, in which role, who is on duty."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.orders import Unclear, kindly
from console.language import language
from console.page import Page, back_to, may, who
from console.wording import say
from core.dialogue.facts import phone_number
from core.house import House
from core.knowledge.revisions import keep
from core.staff.accounts import BadAccount, NameTaken, add_staff, set_link, set_password
from core.staff.link import code_for
from core.staff.model import ROLES, Staff
from core.staff.people import EMAIL, LINKS, links
from core.staff.refusal import UnknownStaff


class People(Page):
    """Accounts of staff: added, changed, switched off."""

    name, path = "staff", "/staff"

    @route("", name="staff")
    async def index(self, request: Request) -> Response:
        return await self._show(request)

    @route("/add", methods=["POST"], name="staff-add")
    async def add(self, request: Request) -> Response:
        self._permit(request)
        form = await request.form()
        name, role = str(form.get("name") or "").strip()[:60], str(form.get("role") or "")

        def change(session: Session) -> str:
            if not name or role not in ROLES:
                raise Unclear(say("people.incomplete"))
            password = add_staff(
                session,
                name=name,
                role=role,
                phone=_phone(form),
                on_duty="on_duty" in form,
                at=datetime.now(UTC),
            )
            session.flush()
            _mailed(session, session.scalars(select(Staff).where(Staff.name == name)).one(), form)
            keep(session, f"staff:{name}", {"role": role}, by=who(request).name, before=None)
            return password

        try:
            password = await self.write(change)
        except NameTaken as error:
            flash(request, self.house.book.text("error.NameTaken", language(), name=error.name), "error")
            return back_to("/console/staff")
        except (Unclear, BadAccount) as error:
            flash(request, _why(self.house, error), "error")
            return back_to("/console/staff")
        # Shown once, in this answer only: it is stored nowhere, not even in a flash cookie.
        return await self._show(request, name=name, password=password)

    @route("/{person:int}/change", methods=["POST"], name="staff-change")
    async def change(self, request: Request) -> Response:
        self._permit(request)
        form = await request.form()

        what = str(form.get("what") or "save")

        def change(session: Session) -> tuple[str, dict[str, str]]:
            person = session.get(Staff, request.path_params["person"])
            if person is None:
                raise HTTPException(404)
            shown = self._shown(session, person, what)
            if what == "save":
                _mailed(session, person, form)
                _apply(person, form, myself=person.id == who(request).id)
            data = {"role": person.role, "active": person.active, "on_duty": person.on_duty}
            keep(
                session, f"staff:{person.name}", data | dict(links(person)), by=who(request).name, before=None
            )
            return person.name, shown

        try:
            name, shown = await self.write(change)
        except (Unclear, UnknownStaff, BadAccount) as error:
            flash(request, _why(self.house, error), "error")
            return back_to("/console/staff")
        if shown:
            return await self._show(request, name=name, **shown)
        flash(request, say("people.saved", name=name), "success")
        return back_to("/console/staff")

    def _shown(self, session: Session, person: Staff, what: str) -> dict[str, str]:
        """What is shown once and stored nowhere: a new password, a code for a chat."""
        if what == "password":
            return {"password": set_password(person)}
        if what == "link":
            return {"code": code_for(session, person.name, at=self.house.clock.now())}
        if what.startswith("unlink-") and what[7:] in LINKS:
            set_link(session, person, what[7:], None)
        return {}

    def _permit(self, request: Request) -> None:
        if self.name not in may(request).edits:
            raise HTTPException(403)

    async def _show(self, request: Request, **context: Any) -> Response:
        people = await self.read(
            lambda session: list(session.scalars(select(Staff).order_by(Staff.id).limit(500)))
        )
        context |= {"people": people, "roles": ROLES, "links": links}
        response = self.show(request, "people.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response


def _apply(person: Staff, form: Any, *, myself: bool) -> None:
    role, active = str(form.get("role") or person.role), "active" in form
    if role not in ROLES:
        raise Unclear(say("people.incomplete"))
    if myself and (role != person.role or not active):
        raise Unclear(say("people.not_yourself"))
    person.role, person.active, person.on_duty = role, active, "on_duty" in form
    person.phone = _phone(form) or person.phone


def _mailed(session: Session, person: Staff, form: Any) -> None:
    """Their address as the form has it; a form without the field changes nothing."""
    if "email" in form:
        set_link(session, person, EMAIL, str(form["email"]))


def _why(house: House, error: Exception) -> str:
    if isinstance(error, BadAccount):
        channel = house.book.label("channel", error.channel, language())
        return house.book.text("error.BadAccount", language(), account=error.account, channel=channel)
    return kindly(house, error)


def _phone(form: Any) -> str | None:
    raw = str(form.get("phone") or "").strip()
    if not raw:
        return None
    number = phone_number(raw)
    if number is None:
        raise Unclear(say("refused.phone"))
    return number

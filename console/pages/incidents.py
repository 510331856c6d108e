"""Incidents 群发故障: the list, one with its evidence, and what staff decide about it."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.incidents import newest, view
from console.desk.orders import Unclear, kindly
from console.language import language
from console.page import Page, back_to, may, who
from console.wording import say
from core.house import House
from core.quality.incident import (
    InAnotherIncident,
    IncidentClosed,
    UnknownIncident,
    find_incident,
    open_by_hand,
    take_out,
    what,
)
from core.quality.model import Incident
from core.quality.telling import close_incident, tell_customers
from core.staff.refusal import REFUSALS
from core.ticket.find import find
from core.ticket.lifecycle import ENDED

MOST = 100
REFUSED = (Unclear, UnknownIncident, IncidentClosed, InAnotherIncident, *REFUSALS)
_Form = Mapping[str, Any]


class Incidents(Page):
    """Incidents: opened by the watch or by hand, told, closed."""

    name, path = "incidents", "/incidents"

    @route("", name="incidents")
    async def index(self, request: Request) -> Response:
        closed = request.query_params.get("show") == "closed"
        rows = await self.read(lambda session: newest(session, closed=closed, limit=MOST))
        context = {"rows": rows, "closed": closed, "most": MOST, "what": self._what}
        return self.show(request, "incidents.html", context)

    @route("/{incident:int}", name="incident")
    async def one(self, request: Request) -> Response:
        number = request.path_params["incident"]
        found = await self.read(lambda session: view(session, self.house, number))
        if found is None:
            raise HTTPException(404)
        return self.show(request, "incident.html", {"found": found, "what": self._what, "ended": ENDED})

    @route("/open", methods=["POST"], name="incident-open")
    async def open(self, request: Request) -> Response:
        return await self._change(
            request, "open", lambda session, form, by, at: _open(session, self.house, form, by, at)
        )

    @route("/{incident:int}/do", methods=["POST"], name="incident-do")
    async def do(self, request: Request) -> Response:
        form = await request.form()
        verb, number = str(form.get("verb") or ""), request.path_params["incident"]
        step = STEPS.get(verb)
        if step is None:
            raise HTTPException(404)

        def change(session: Session, form: _Form, by: str, at: datetime) -> int:
            step(session, self.house, find_incident(session, number), form, by, at)
            return int(number)

        return await self._change(request, verb, change, number)

    async def _change(
        self,
        request: Request,
        verb: str,
        change: Callable[[Session, _Form, str, datetime], int],
        number: int | None = None,
    ) -> Response:
        if self.name not in may(request).edits:
            raise HTTPException(403)
        form, by, at = await request.form(), who(request).name, self.house.clock.now()
        try:
            number = await self.write(lambda session: change(session, form, by, at))
        except REFUSED as error:
            said = str(error) if isinstance(error, Unclear) else kindly(self.house, error)
            flash(request, said, "error")
        else:
            flash(request, say(f"incident.done.{verb}", number=number), "success")
        return back_to(f"/console/incidents/{number}" if number else "/console/incidents")

    def _what(self, incident: Incident) -> str:
        return what(self.house, incident, language())


def _open(session: Session, house: House, form: _Form, by: str, at: datetime) -> int:
    numbers = list(dict.fromkeys(re.findall(r"\d{10,}", str(form.get("numbers") or ""))))
    if len(numbers) < 2:
        raise Unclear(say("incident.need_two"))
    return open_by_hand(session, house, [find(session, n) for n in sorted(numbers)], by=by, at=at).id


def _tell(session: Session, house: House, incident: Incident, form: _Form, by: str, at: datetime) -> None:
    tell_customers(session, house, incident, by=by, at=at, telling=str(form.get("telling") or ""))


def _close(session: Session, house: House, incident: Incident, form: _Form, by: str, at: datetime) -> None:
    cause = str(form.get("cause") or "").strip()
    if not cause:
        raise Unclear(say("incident.need_cause"))
    close_incident(session, house, incident, by=by, at=at, cause=cause)


def _take_out(session: Session, house: House, incident: Incident, form: _Form, by: str, at: datetime) -> None:
    take_out(session, incident, find(session, str(form.get("number") or "")), by=by, at=at)


STEPS = {"tell": _tell, "close": _close, "take_out": _take_out}

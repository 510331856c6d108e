"""The escalation board: alerts that nobody has taken yet, with the answers a person may give."""

from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.orders import kindly
from console.page import Page, back_to, may, who
from core.escalation.board import board, ticket_number
from core.staff.answers import Doing
from core.staff.command import Command
from core.staff.orders import carry_out
from core.staff.people import named
from core.staff.refusal import REFUSALS, Refused
from core.staff.turn import lock

# What is pressed here, and the order it stands for.
ANSWERS = {"take": "accept", "hand_up": "hand_up", "later": "later"}


class Escalation(Page):
    """Alert chains: who was told, who is next, and the answers that staff may give here, too."""

    name, path = "escalation", "/escalation"

    @route("", name="escalation")
    async def index(self, request: Request) -> Response:
        ended = request.query_params.get("show") == "ended"
        lines = await self.read(lambda session: board(session, ended=ended))
        context = {
            "lines": lines,
            "ended": ended,
            "now": self.house.clock.now(),
            "answers": _answers(request),
        }
        template = "_escalation.html" if request.query_params.get("part") else "escalation.html"
        return self.show(request, template, context)

    @route("/{chain:int}/{answer:str}", methods=["POST"], name="escalation-answer")
    async def answer(self, request: Request) -> Response:
        answer, name = request.path_params["answer"], who(request).name
        if answer not in _answers(request):
            raise HTTPException(403)

        def change(session: Session) -> str:
            number = ticket_number(session, request.path_params["chain"])
            person = named(session, name)
            if number is None or person is None:
                raise HTTPException(404)
            ticket = lock(session, number)
            at, mark = self.house.clock.now(), f"console:{uuid4().hex}"
            doing = Doing(session, self.house, person, ticket, at, "staff", mark)
            return carry_out(doing, Command(ANSWERS[answer], number))

        try:
            said: Any = await self.write(change)
        except (Refused, *REFUSALS) as error:
            flash(request, kindly(self.house, error), "error")
        else:
            flash(request, said.splitlines()[0], "success")
        return back_to("/console/escalation")


def _answers(request: Request) -> list[str]:
    powers = may(request).powers
    return [answer for answer, verb in ANSWERS.items() if powers.permit(verb, mine=False, told=True)]

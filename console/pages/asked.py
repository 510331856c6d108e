"""Questions asked 提问: the waiting ones first, with a box for the answer; then the wording that shall be kept."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.desk.orders import kindly
from console.page import Page, back_to, may, who
from console.wording import say
from core.asked.board import SHOWN, Line, board, counts
from core.asked.learned import confirm, leave
from core.asked.reply import LONGEST, give_answer
from core.knowledge.questions import Answered, Pair, answer
from core.staff.refusal import REFUSALS, Refused

MOST = 100


class AskedQuestions(Page):
    name, path = "asked", "/asked"

    @route("", name="asked")
    async def index(self, request: Request) -> Response:
        show = request.query_params.get("show", "waiting")
        show = show if show in SHOWN else "waiting"
        mine = who(request).name if request.query_params.get("mine") else None
        now = self.house.clock.now()

        def look(session: Session) -> dict[str, Any]:
            lines = board(session, show=show, now=now, trainer=mine, most=MOST)
            near = {line.row.id: self._near(session, line) for line in lines} if show == "answered" else {}
            return {"lines": lines, "counts": counts(session), "near": near}

        context = await self.read(look)
        context |= {"show": show, "mine": mine, "most": MOST, "longest": LONGEST, "now": now}
        return self.show(request, "asked.html", context)

    @route("/{number:str}", methods=["POST"], name="asked-do")
    async def do(self, request: Request) -> Response:
        if self.name not in may(request).edits:
            raise HTTPException(403)
        form, number, by = await request.form(), request.path_params["number"], who(request).name
        what, at = str(form.get("do")), self.house.clock.now()
        words = {name: str(form.get(name) or "") for name in ("question", "answer", "similar_to")}

        def change(session: Session) -> None:
            if what == "answer":
                give_answer(session, self.house, number=number, text=words["answer"], by=by, at=at)
            elif what == "keep":
                confirm(session, self.house, number=number, by=by, at=at, **words)
            elif what == "no_keep":
                leave(session, number=number)
            else:
                raise HTTPException(400)

        try:
            await self.write(change)
        except (Refused, *REFUSALS) as error:
            flash(request, kindly(self.house, error), "error")
        else:
            flash(request, say(f"asked.did_{what}"), "success")
        return back_to("/console/asked" + ("" if what == "answer" else "?show=answered"))

    def _near(self, session: Session, line: Line) -> list[Pair]:
        """Pairs that may mean the same: the question can become one more wording of them."""
        found = answer(session, self.house, line.row.text, category=line.row.category)
        pairs = (found.pair, *found.also) if isinstance(found, Answered) else found.nearest
        return [pair for pair in pairs if pair.key.startswith("question:")]

"""Questions asked 提问: the waiting ones first, to be answered, handed over or ended; then the wording to be kept."""

from typing import Any
from urllib.parse import urlencode

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
from core.asked.hand_over import hand_over
from core.asked.learned import confirm, leave
from core.asked.needless import REASONS, needs_no_answer
from core.asked.places import for_others
from core.asked.reply import LONGEST, give_answer
from core.asked.takers import takers
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
            found = takers(session, now) if show != "answered" else []
            return {"lines": lines, "counts": counts(session), "near": near, "takers": found}

        context = await self.read(look)
        context |= {
            "show": show,
            "mine": mine,
            "most": MOST,
            "longest": LONGEST,
            "now": now,
            "reasons": REASONS,
            "for_others": for_others,
        }
        return self.show(request, "asked.html", context)

    @route("/{number:str}", methods=["POST"], name="asked-do")
    async def do(self, request: Request) -> Response:
        if self.name not in may(request).edits:
            raise HTTPException(403)
        form, number, by = await request.form(), request.path_params["number"], who(request).name
        what, at = str(form.get("do")), self.house.clock.now()
        words = {name: str(form.get(name) or "") for name in ("question", "answer", "similar_to")}
        # Who had it when the page was shown: somebody else may have decided meanwhile.
        order = {"number": number, "by": by, "at": at, "holder": str(form.get("holder") or "")}

        def change(session: Session) -> None:
            if what == "hand_over":
                hand_over(session, self.house, to=str(form.get("to") or ""), **order)
            elif what == "no_answer":
                needs_no_answer(session, self.house, reason=str(form.get("reason") or ""), **order)
            elif what == "answer":
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
        kept = {"show": "answered"} if what in ("keep", "no_keep") else {}
        mine = {"mine": "1"} if request.query_params.get("mine") else {}
        return back_to(f"/console/asked?{urlencode(kept | mine)}".rstrip("?"))

    def _near(self, session: Session, line: Line) -> list[Pair]:
        """Pairs that may mean the same: the question can become one more wording of them."""
        found = answer(session, self.house, line.row.text, category=line.row.category)
        pairs = (found.pair, *found.also) if isinstance(found, Answered) else found.nearest
        return [pair for pair in pairs if pair.key.startswith("question:")]

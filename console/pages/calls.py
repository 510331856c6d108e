"""The call list 待打电话: whom a person has to call, what to say, and one button for what came of it (E1)."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.page import Page, back_to, may, who
from console.wording import say
from core.care.model import CallTask
from core.care.outcome import BadOutcome, Result, outcomes, settle
from core.promise.calendar import QuietHours
from core.staff.model import Reveal

MOST = 50


class CallList(Page):
    """待打电话: what persons must call about, what came of each, and the number in full, which is written down."""

    name, path = "calls", "/calls"

    @route("", name="calls")
    async def index(self, request: Request) -> Response:
        now = self.house.clock.now()
        policy = self.house.book.policy("quiet_hours")
        quiet = QuietHours.of(policy, self.house.zone).covers(now)

        def look(session: Session) -> dict[str, Any]:
            waiting = select(CallTask).where(CallTask.state == "open")
            rows = session.scalars(waiting.order_by(CallTask.due_at, CallTask.id).limit(MOST)).all()
            tickets = {row.id: row.ticket.number for row in rows if row.ticket is not None}
            count = select(func.count()).where(CallTask.state == "open")
            due = session.scalar(count.where(CallTask.due_at <= now)) or 0
            later = session.scalar(count.where(CallTask.due_at > now)) or 0
            return {"rows": rows, "tickets": tickets, "due": due, "later": later}

        context = await self.read(look)
        context |= {"now": now, "most": MOST, "outcomes": outcomes, "quiet": policy if quiet else None}
        return self.show(request, "calls.html", context)

    @route("/{task:int}", methods=["POST"], name="call-result")
    async def result(self, request: Request) -> Response:
        if self.name not in may(request).edits:
            raise HTTPException(403)
        form, task, at = await request.form(), request.path_params["task"], self.house.clock.now()
        score, comment = str(form.get("score") or ""), str(form.get("comment") or "").strip()[:500]
        came = Result(
            outcome=str(form.get("outcome") or ""),
            by=who(request).name,
            at=at,
            score=int(score) if score.isdigit() else None,
            comment=comment or None,
        )
        try:
            done = await self.write(lambda session: _settled(session, self.house, task, came))
        except BadOutcome:
            flash(request, self.house.book.text("error.BadOutcome"), "warning")
        else:
            self._told(request, done)
        return back_to("/console/calls")

    def _told(self, request: Request, done: tuple[str, datetime] | None) -> None:
        if done is None:
            flash(request, say("calls.gone"), "warning")
        elif done[0] == "open":
            flash(request, say("calls.again", at=f"{self.house.local(done[1]):%m-%d %H:%M}"), "success")
        else:
            flash(request, say("calls.done"), "success")

    @route("/{task:int}/reveal", methods=["POST"], name="call-reveal")
    async def reveal(self, request: Request) -> Response:
        if not may(request).reveals:
            raise HTTPException(403)
        task_id, name = request.path_params["task"], who(request).name

        def change(session: Session) -> str:
            task = session.get(CallTask, task_id)
            if task is None:
                raise HTTPException(404)
            subject = f"ticket:{task.ticket.number}" if task.ticket else f"call:{task.id}"
            # Real time: this is a record about staff, not a business date a demonstration may move.
            session.add(Reveal(at=datetime.now(UTC), staff=name, subject=subject, field="phone"))
            return task.phone or ""

        return JSONResponse({"value": await self.write(change)}, headers={"Cache-Control": "no-store"})


def _settled(session: Session, house: Any, task: int, came: Result) -> tuple[str, datetime] | None:
    row = settle(session, house, task, came)
    return None if row is None else (row.state, row.due_at)

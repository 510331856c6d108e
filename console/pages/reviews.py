"""Sentences to label 待标注: what the model was not sure of and what staff put right; a click files an example."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.flash import flash
from starlette_admin.routing import route

from console.page import Page, back_to, may, who
from console.wording import say
from core.dialogue.meaning import INTENTS, SYMPTOMS
from core.nlu_review.review import BadLabel, counted, settle, waiting

MOST = 50


class Reviews(Page):
    """Sentences that the model was unsure of: filed under an intent, or dropped."""

    name, path = "reviews", "/reviews"

    @route("", name="reviews")
    async def index(self, request: Request) -> Response:
        def look(session: Session) -> dict[str, Any]:
            return {"rows": waiting(session, limit=MOST), "counts": counted(session)}

        context = await self.read(look)
        context |= {"most": MOST, "intents": INTENTS, "symptoms": SYMPTOMS}
        return self.show(request, "reviews.html", context)

    @route("/{row:int}", methods=["POST"], name="review")
    async def decide(self, request: Request) -> Response:
        if self.name not in may(request).edits:
            raise HTTPException(403)
        form, row, by = await request.form(), request.path_params["row"], who(request).name
        label = None
        if form.get("do") != "dismiss":
            label = {
                "intent": form.get("intent"),
                "symptom": form.get("symptom"),
                "non_quality": form.get("non_quality") == "1",
            }
        try:
            at = self.house.clock.now()
            done = await self.write(lambda session: settle(session, row, label, by=by, at=at))
        except BadLabel:
            flash(request, say("reviews.bad"), "warning")
        else:
            flash(request, say("reviews.filed" if done else "reviews.gone"), "success" if done else "warning")
        return back_to("/console/reviews")

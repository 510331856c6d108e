"""Try a question 试问一句: what would be answered to it, from where, and with which confidence."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.language import language
from console.page import Page
from core.categories import CATEGORIES
from core.knowledge.questions import Answered, Pair, answer, sense_of

MOST = 200  # characters of a question


class Ask(Page):
    name, path = "ask", "/ask"

    @route("", name="ask")
    async def index(self, request: Request) -> Response:
        text = request.query_params.get("text", "").strip()[:MOST]
        category = request.query_params.get("category") or None
        context: dict[str, Any] = {"text": text, "category": category, "categories": CATEGORIES, "most": MOST}
        if text:
            sense = await run_in_threadpool(sense_of, self.house, text)

            def look(session: Session) -> dict[str, Any]:
                found = answer(session, self.house, text, category=category, language=language(), sense=sense)
                said = isinstance(found, Answered)
                return {
                    "said": found.pair if isinstance(found, Answered) else None,
                    "source": found.source if isinstance(found, Answered) else None,
                    "confidence": found.confidence,
                    "near": found.also if isinstance(found, Answered) else found.nearest,
                    "known": said or bool(found.confidence),
                }

            context |= await self.read(look)
        context["line"] = self.house.book.policy("search")["sure"]
        context["opens"] = opens
        return self.show(request, "ask.html", context)


def opens(pair: Pair) -> str:
    """Where a pair is edited."""
    kind, key = pair.key.split(":", 1)
    return f"/console/{kind}s/edit?pk={key}"

"""The group page over HTTP: a member's link and their browser's secret together open it, neither alone."""

import asyncio
import time
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.webchat.channel import WebchatChannel
from bot.webchat.group_view import place, view
from core.groups.admission import Declined
from core.groups.model import QaGroup
from core.groups.web import enter, inside, leave
from core.house import House
from core.messaging.inbox import Inbound
from core.messaging.reception import Reception
from core.training.news import session_words

LOOK_EVERY, ASK_EVERY = 0.05, 0.5  # seconds: at the bell, and at the database for other processes' news
LONGEST_WAIT = 25.0
_VISITOR = {"min_length": 8, "max_length": 128, "pattern": r"^[A-Za-z0-9_-]+$"}


class Browser(BaseModel):
    """The secret that only this browser knows; the same as in the web chat, so that private talk goes on there."""

    visitor: str = Field(**_VISITOR)  # type: ignore[call-overload]


class Words(Browser):
    """``id`` is the browser's own key of the message: the same id is the same message."""

    id: str = Field(min_length=1, max_length=128)
    text: str = Field(min_length=1, max_length=20_000)


class Look(Browser):
    """``mark`` of what is shown already; ``wait`` in seconds for something newer."""

    mark: str = Field(default="", max_length=80)
    wait: float = Field(default=0, ge=0, le=LONGEST_WAIT)


def routes(house: House, channel: WebchatChannel, reception: Reception) -> APIRouter:
    router = APIRouter(prefix="/groups/{token}", tags=["groups"])

    @router.post("/join")
    def join(token: str, browser: Browser) -> JSONResponse:
        return _joined(house, token, browser.visitor)

    @router.post("/leave")
    def go(token: str, browser: Browser) -> dict[str, bool]:
        with house.database.session() as session:
            left = leave(session, token=token, visitor=browser.visitor, at=house.clock.now())
            session.commit()
        return {"left": left}

    @router.post("/messages", status_code=202)
    async def send(token: str, words: Words) -> dict[str, int]:
        inbound = await run_in_threadpool(_inbound, house, token, words)
        stored = await reception.take(inbound)
        return {"received": stored.id}

    @router.post("/look")
    async def listen(token: str, browser: Look) -> dict[str, Any]:
        """What is there; waits while nothing has changed since ``mark``."""
        deadline = time.monotonic() + browser.wait
        while True:
            delivered, asked = channel.deliveries, time.monotonic()
            shown = await run_in_threadpool(_shown, house, token, browser.visitor)
            if shown["mark"] != browser.mark or time.monotonic() >= deadline:
                return shown
            while channel.deliveries == delivered and time.monotonic() < min(asked + ASK_EVERY, deadline):
                await asyncio.sleep(LOOK_EVERY)

    return router


def _joined(house: House, token: str, visitor: str) -> JSONResponse:
    """In, or 403 with the reason; 404 for a link that is nobody's."""
    with house.database.session() as session:
        came = enter(session, house, token=token, visitor=visitor, at=house.clock.now())
        if came is None:
            raise HTTPException(404)
        verdict, member = came
        refusal = _refusal(house, member.group, verdict) if isinstance(verdict, Declined) else None
        session.commit()
    told = {"error": refusal, "why": verdict.why} if refusal else {"joined": True}
    return JSONResponse(told, status_code=403 if refusal else 200)


def _shown(house: House, token: str, visitor: str) -> dict[str, Any]:
    """The page as this member sees it; 403 for anybody else."""
    with house.database.reading() as session:
        me = inside(session, token=token, visitor=visitor)
        if me is None:
            raise HTTPException(403)
        return view(session, house, me)


def _inbound(house: House, token: str, words: Words) -> Inbound:
    """A member's words; of a group that has ended, or from anybody else, none are taken."""
    with house.database.reading() as session:
        me = inside(session, token=token, visitor=words.visitor)
        if me is None or me.group.state != "open":
            raise HTTPException(403)
        where = {"qa_group": me.group.id, "group": True}
        return Inbound(
            channel="webchat",
            account="",
            external_id=f"{words.visitor}:{words.id}",
            sender=words.visitor,
            conversation=place(me.group, words.visitor),
            name=me.name,
            text=words.text,
            payload=where,
        )


def _refusal(house: House, group: QaGroup, verdict: Declined) -> str:
    words = session_words(house, group.training, "zh")
    return house.book.text(f"qa_group.declined_{verdict.why}", ends_on=f"{group.ends_on:%m-%d}", **words)

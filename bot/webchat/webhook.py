"""Web chat over HTTP: a message is stored before it is acknowledged; answers are fetched by long poll."""

import asyncio
import time
from typing import Any

from fastapi import APIRouter, Path, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from bot.webchat.channel import WebchatChannel
from bot.webchat.history import page
from bot.webchat.payload import WebchatMessage, to_inbound
from core.house import House
from core.knowledge.pictures import Pictures
from core.messaging.reception import Reception

LOOK_EVERY = 0.05  # seconds between looks at the bell
KEPT = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
ASK_EVERY = 0.5  # seconds between looks at the database, for what other processes delivered


def routes(house: House, channel: WebchatChannel, reception: Reception) -> APIRouter:
    router, pictures = APIRouter(prefix="/webchat", tags=["webchat"]), Pictures(house.database)

    @router.post("/messages", status_code=202)
    async def send(message: WebchatMessage) -> dict[str, int]:
        stored = await reception.take(to_inbound(message))
        return {"received": stored.id}

    def look(visitor: str, after: float) -> dict[str, Any]:
        with house.database.reading() as session:
            return page(session, house, visitor=visitor, after=after)

    @router.get("/messages")
    async def listen(
        visitor: str = Query(min_length=8, max_length=128),
        after: float = Query(default=0, ge=0),
        seen: int = Query(default=-1),
        wait: float = Query(default=0, ge=0, le=25),
    ) -> JSONResponse:
        """``seen`` is the highest ``processed`` the caller knows: progress there ends the wait too."""
        deadline = time.monotonic() + wait
        while True:
            delivered, asked = channel.deliveries, time.monotonic()
            news = await run_in_threadpool(look, visitor, after)
            if news["messages"] or (0 <= seen < news["processed"]) or time.monotonic() >= deadline:
                return JSONResponse(news)
            while channel.deliveries == delivered and time.monotonic() < min(asked + ASK_EVERY, deadline):
                await asyncio.sleep(LOOK_EVERY)

    @router.get("/pictures/{picture}")
    async def show(picture: str = Path(pattern=r"^[0-9a-f]{64}$")) -> Response:
        """Named by its content, so a browser asks once."""
        try:
            content, mime = await run_in_threadpool(pictures.content, picture)
        except LookupError:
            return Response(status_code=404)
        return Response(content, media_type=mime, headers=KEPT)

    return router

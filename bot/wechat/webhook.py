"""``/webhooks/wechat``: check, open, store, and only then answer: passively if the answer is ready, else ``success``."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import structlog
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect

from bot.wechat.crypto import Envelope, Refused
from bot.wechat.passive import PATIENCE, Passive, Seats, reply
from bot.wechat.payload import to_inbound
from bot.wechat.xml import MOST, Unreadable, fields_of
from core.messaging.inbox import Inbound
from core.messaging.outbox import OutboxMessage
from core.messaging.reception import Reception

# Nobody expects an answer to these (core/dialogue/arrivals/hear.py).
QUIET = ("silent", "blocked", "unblocked", "undelivered")
ECHO = 512  # characters; WeChat's are about twenty digits
_log = structlog.get_logger()


@dataclass
class Desk:
    """What the webhook of one account works with."""

    app_id: str
    envelope: Envelope
    reception: Reception
    passive: Passive
    seats: Seats
    now: Callable[[], float] = time.time


def routes(desk: Desk) -> APIRouter:
    router = APIRouter(tags=["wechat"])

    @router.get("/webhooks/wechat")
    def verify(request: Request) -> Response:
        """The console's check of the address."""
        try:
            desk.envelope.check(request.query_params)
        except Refused as refused:
            return _refused(str(refused), refused.status)
        echo = request.query_params.get("echostr", "")
        return _plain(echo) if 0 < len(echo) <= ECHO else _refused("echostr", 400)

    @router.post("/webhooks/wechat")
    async def deliver(request: Request) -> Response:
        arrived = time.monotonic()
        try:
            body = await request.body()
        except ClientDisconnect:
            return _refused("half a body", 400)
        if len(body) > MOST:
            return _refused("too large", 413)
        try:
            fields = fields_of(desk.envelope.open(request.query_params, body))
        except Refused as refused:
            return _refused(str(refused), refused.status)
        except Unreadable as unreadable:
            return _refused(str(unreadable), 400)
        inbound = to_inbound(fields, account=desk.app_id, now=desk.now())
        if inbound is None:
            return _refused("no sender", 400)
        row, response = await _taken(desk, inbound, fields, arrived)
        if row is None:
            return response
        return await _carried(desk, row, fields, gone=await request.is_disconnected())

    return router


async def _taken(
    desk: Desk, inbound: Inbound, fields: dict[str, str], arrived: float
) -> tuple[OutboxMessage | None, Response]:
    """Stored; and the answer to be carried, or the response that there is without one."""
    seated = inbound.kind not in QUIET and desk.seats.take()
    try:
        patience = PATIENCE if seated else 0.0
        stored = await desk.reception.take(replace(inbound, patience=patience))
        if not stored.new:
            return None, await _again(desk, stored.id, fields)
        # A database that took its time has used up the patience; WeChat may have hung up already.
        waits = seated and time.monotonic() < arrived + patience
        return await desk.passive.answer(stored.id, arrived + patience) if waits else None, _success()
    finally:
        if seated:
            desk.seats.leave()


async def _again(desk: Desk, inbox_id: int, fields: dict[str, str]) -> Response:
    """A repetition has no second effect; one that comes late may have the answer that got lost."""
    row = await run_in_threadpool(desk.passive.repeated, inbox_id)
    return _sealed(desk, row, fields) if row is not None else _success()


async def _carried(desk: Desk, row: OutboxMessage, fields: dict[str, str], *, gone: bool) -> Response:
    """``gone``: WeChat has hung up, and what we say now nobody hears."""
    if gone:
        await run_in_threadpool(desk.passive.give_up, row)
        return _success()
    try:
        response = _sealed(desk, row, fields)
    except Exception:  # the words are safe in the outbox, and the message is stored
        _log.exception("passive reply failed", outbox=row.id)
        await run_in_threadpool(desk.passive.give_up, row)
        return _success()
    # After the last byte is handed over, not before: see core/messaging/carried.py.
    response.background = BackgroundTask(desk.passive.done, row)
    return response


def _sealed(desk: Desk, row: OutboxMessage, fields: dict[str, Any]) -> Response:
    account, openid = fields.get("ToUserName", ""), fields.get("FromUserName", "")
    xml = reply(row, account=account, openid=openid, now=desk.now())
    return Response(desk.envelope.seal(xml), media_type="application/xml")


def _success() -> Response:
    return _plain("success")


def _plain(text: str) -> Response:
    return PlainTextResponse(text, headers={"X-Content-Type-Options": "nosniff"})


def _refused(why: str, status: int) -> Response:
    _log.warning("WeChat webhook refused", why=why, status=status)
    return PlainTextResponse("refused", status)

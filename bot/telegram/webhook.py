"""Telegram calls us: the secret first, then the row, then 200. What Telegram cannot deliver blocks its whole queue."""

import hmac
import json
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from bot.telegram.at_once import call_at_once
from bot.telegram.me import Me
from bot.telegram.payload import to_inbound, unheard
from core.messaging.inbox import OVERHEARD
from core.messaging.reception import Reception

PATH = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def routes(
    secret: str,
    me: Me,
    reception: Reception,
    learn_name: Callable[[], None],
    overhears: Callable[[str], bool],
) -> APIRouter:
    """Without a secret nobody can prove to be Telegram, so nobody is believed. ``overhears``: chat → core/groups/listen.py"""
    router = APIRouter()
    expected = secret.encode()

    @router.post(PATH)
    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not expected or not hmac.compare_digest(given, expected):
            return _refused(403, "wrong or missing secret")
        if not request.headers.get("content-type", "").lower().startswith("application/json"):
            return _refused(415, "application/json expected")
        update = _update(await request.body())
        if update is None:
            return _refused(400, "not an update")
        if me.username is None:
            learn_name()
        inbound = to_inbound(update, me)
        if inbound.kind == OVERHEARD and not await run_in_threadpool(overhears, str(inbound.payload["chat"])):
            inbound = unheard(inbound)
        stored = await reception.take(inbound)
        call = call_at_once(inbound, new=stored.new)
        return JSONResponse(call) if call else Response()

    return router


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) else None


def _refused(status: int, why: str) -> JSONResponse:
    return JSONResponse({"error": why}, status_code=status)

"""The provider's webhooks: signed, answered within its patience, with a valid document whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.messaging.post import Bell
from ivr import beside, outbound, static
from ivr.exchange import begin, take
from ivr.heard import Heard, read
from ivr.phone import Phone
from ivr.signature import Signature
from ivr.swift import take_swiftly
from ivr.twiml import BASE, accepting

PATIENCE = 11.0  # seconds; Twilio waits for 15
MOST_AGAIN = 4
AT_ONCE = 40  # steps; the others wait for a thread
EVENTS = ("gather", "recorded", "dialled", "left", "wait", "silence", "again")
_log = structlog.get_logger()


def routes(phone: Phone, signature: Signature, outside: Callable[[str], str], bell: Bell) -> APIRouter:
    """``outside``: scheme and host as signed, given the host that was asked for."""
    router = APIRouter(prefix=BASE, tags=["voice"])
    door = _Door(signature, outside)
    swift = partial(take_swiftly, phone)

    async def step(request: Request) -> Response:
        number, event = request.path_params["step"], request.path_params["event"]
        if event not in EVENTS:
            return Response(status_code=404)
        work = beside.wait if event == "wait" else take
        return await door.answer(
            request, event, number, lambda heard: work(phone, heard) or static.hangup(), swift=swift
        )

    # A plain route: nothing of a step needs the dependencies and checks of FastAPI, and callers wait for it.
    router.add_route(f"{BASE}/step/{{step:int}}/{{event}}", step, methods=["POST"])

    @router.post("/incoming")
    async def incoming(request: Request) -> Response:
        return await door.answer(request, "incoming", 0, lambda heard: begin(phone, heard))

    @router.post("/status")
    async def status(request: Request) -> Response:
        return await door.note(request, lambda heard: beside.status(phone, heard))

    @router.post("/recording/{purpose}")
    async def recording(request: Request, purpose: str) -> Response:
        def work(heard: Heard) -> None:
            if beside.recorded(phone, heard, purpose[:20]):
                bell.ring()

        return await door.note(request, work)

    _whispers(router, door, phone)
    _placed(router, door, phone)
    _fallback(router, door)
    return router


def _whispers(router: APIRouter, door: "_Door", phone: Phone) -> None:
    """What the person who is rung hears before the caller does, and whether they take the call."""

    @router.post("/whisper/{call}")
    async def whisper(request: Request, call: int) -> Response:
        return await door.answer(
            request, "whisper", 0, lambda _: accepting(beside.whisper(phone, call, None), call)
        )

    @router.post("/whisper/{call}/answer")
    async def whispered(request: Request, call: int) -> Response:
        def work(heard: Heard) -> str:
            return static.empty() if beside.whisper(phone, call, heard.keys) is None else static.hangup()

        return await door.answer(request, "whisper", 0, work)


def _placed(router: APIRouter, door: "_Door", phone: Phone) -> None:
    """Calls that we placed; from their first words on they take steps like any other."""

    @router.post("/outbound/{order}")
    async def answered(request: Request, order: int) -> Response:
        def work(heard: Heard) -> str:
            return outbound.answered(phone, heard, order) or static.hangup()

        return await door.answer(request, "answered", 0, work)

    @router.post("/outbound/{order}/status")
    async def status(request: Request, order: int) -> Response:
        return await door.note(request, lambda heard: outbound.status(phone, heard, order))


def _fallback(router: APIRouter, door: "_Door") -> None:
    @router.post("/fallback")
    async def fallback(request: Request) -> Response:
        values = await door.values(request)
        if values is None:
            return Response(status_code=403)
        _log.error("the provider came to the fallback", code=values.get("ErrorCode", "")[:20])
        return _xml(static.fallback())

    @router.post("/fallback/{what}")
    async def fallback_keys(request: Request, what: str) -> Response:
        values = await door.values(request)
        if values is None:
            return Response(status_code=403)
        return _xml(static.fallback_keys(values.get("Digits", "")) if what == "keys" else static.thanks())


class _Door:
    """Reads, checks and answers one webhook."""

    def __init__(self, signature: Signature, outside: Callable[[str], str]) -> None:
        self._signature, self._outside = signature, outside
        self._threads = ThreadPoolExecutor(AT_ONCE, "voice")

    def _work(self, work: Callable[[Heard], Any], heard: Heard) -> asyncio.Future[Any]:
        """In a thread. Whoever stops waiting goes on at once; the thread ends by itself."""
        return asyncio.get_running_loop().run_in_executor(self._threads, work, heard)

    async def values(self, request: Request) -> dict[str, str] | None:
        """The parameters, or None when the provider did not send them."""
        body = await request.body()
        try:
            pairs = parse_qsl(
                body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200
            )
        except ValueError:
            return None
        scope = request.scope
        query = scope["query_string"].decode("latin-1")
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        url = self._outside(request.headers.get("host", "")) + path + (f"?{query}" if query else "")
        return dict(pairs) if self._signature.holds(url, pairs, request.headers) else None

    async def answer(
        self,
        request: Request,
        event: str,
        step: int,
        work: Callable[[Heard], str],
        *,
        swift: Callable[[Heard], Awaitable[str | None]] | None = None,
    ) -> Response:
        """``swift`` is asked first, without a thread; what it cannot answer is ``work``."""
        values = await self.values(request)
        if values is None:
            return Response(status_code=403)
        heard = read(values, event=event, step=step)
        if not heard.sid:
            return Response(status_code=400)
        try:
            async with asyncio.timeout(PATIENCE):
                return _xml((await swift(heard) if swift else None) or await self._work(work, heard))
        except Exception as error:  # a caller hears a moment's pause, never an error
            _log.exception("step failed", call=heard.sid, at=event, why=type(error).__name__)
            return _xml(_once_more(request))

    async def note(self, request: Request, work: Callable[[Heard], Any]) -> Response:
        """What needs no document. Not stored is not acknowledged: app/web.py answers 503 then."""
        values = await self.values(request)
        if values is None:
            return Response(status_code=403)
        await self._work(work, read(values, event="note", step=0))
        return Response(status_code=204)


def _once_more(request: Request) -> str:
    """The same webhook after a moment; when that does not help either, a message for a person."""
    times = int(again) if (again := request.query_params.get("again", "0")).isdigit() else MOST_AGAIN
    return static.fallback() if times >= MOST_AGAIN else static.again(f"{request.url.path}?again={times + 1}")


def _xml(document: str) -> Response:
    return Response(document, media_type="text/xml")

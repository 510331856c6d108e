"""The provider's webhooks: signed, answered within its patience, with a valid document whatever happens."""

from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.messaging.post import Bell
from ivr import beside, outbound, static
from ivr.door import EVENTS, Door
from ivr.exchange import begin, take
from ivr.heard import Heard, read
from ivr.phone import Phone
from ivr.signature import Signature
from ivr.swift import take_swiftly
from ivr.twiml import BASE, accepting

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


class _Door(Door):
    """Form parameters, signed over the address as the provider sees it; TwiML goes back."""

    patience = 11.0  # Twilio waits for 15

    def __init__(self, signature: Signature, outside: Callable[[str], str]) -> None:
        super().__init__()
        self._signature, self._outside = signature, outside

    async def values(self, request: Request) -> dict[str, str] | None:
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

    def heard(self, values: dict[str, str], *, event: str, step: int) -> Heard:
        return read(values, event=event, step=step)

    def response(self, request: Request, heard: Heard, document: str) -> Response:
        return _xml(document)

    def again(self, path: str | None) -> str:
        """After the last attempt: a message for a person."""
        return static.again(path) if path else static.fallback()


def _xml(document: str) -> Response:
    return Response(document, media_type="text/xml")

"""jambonz's webhooks: signed JSON in, verbs out, always a valid document. Its HTTP client waits for ten seconds."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from fastapi import APIRouter, Request, WebSocket
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from core.messaging.post import Bell
from ivr import beside, outbound
from ivr.exchange import begin, take
from ivr.heard import Heard
from ivr.jambonz import audio, payload, static
from ivr.jambonz.document import voice_of
from ivr.jambonz.signature import holds
from ivr.jambonz.tapes import Tapes, tape_id
from ivr.jambonz.verbs import BASE, Leg, accepting, connected
from ivr.phone import Phone
from ivr.swift import take_swiftly
from ivr.webhooks import EVENTS, MOST_AGAIN

PATIENCE = 9.0
_log = structlog.get_logger()


@dataclass(frozen=True)
class Ear:
    """What the edge needs: ``outside`` is scheme and host where jambonz reaches us, given the host it asked for."""

    phone: Phone
    secrets: list[str]  # the webhook secret, and the one before it
    outside: Callable[[str], str]
    tapes: Tapes
    bell: Bell
    seconds: Callable[[], float] = time.time  # the real clock, whatever the business's says


def routes(ear: Ear) -> APIRouter:
    router = APIRouter(prefix=BASE, tags=["voice"])
    phone, door = ear.phone, _Door(ear)

    @router.post("/incoming")
    async def incoming(request: Request) -> Response:
        return await door.answer(request, "incoming", 0, lambda heard: begin(phone, heard))

    swift = partial(take_swiftly, phone)

    @router.post("/step/{step}/{event}")
    async def step(request: Request, step: int, event: str) -> Response:
        if event not in EVENTS:
            return Response(status_code=404)
        if event == "wait":
            return await door.answer(
                request, event, step, lambda h: beside.wait(phone, h) or static.leave(step)
            )
        purpose = request.query_params.get("purpose", "")
        return await door.answer(
            request, event, step, lambda h: take(phone, _with_tape(ear, h, purpose)), swift=swift
        )

    @router.post("/status")
    async def status(request: Request) -> Response:
        data = await door.data(request)
        if data is None:
            return Response(status_code=403)
        if not payload.of_other_leg(data):
            await run_in_threadpool(beside.status, phone, payload.heard(data, event="note", step=0))
        return Response(status_code=204)

    _whispers(router, phone, door)
    _placed(router, ear, door)
    _sound(router, ear)
    return router


def _whispers(router: APIRouter, phone: Phone, door: "_Door") -> None:
    """What the person who is rung hears before the caller does, and whether they take the call."""

    @router.post("/whisper/{call}")
    async def whisper(request: Request, call: int) -> Response:
        def work(_heard: Heard) -> str:
            return accepting(beside.whisper(phone, call, None), Leg(call, 0, voice_of(phone.house, "zh")))

        return await door.answer(request, "whisper", 0, work)

    @router.post("/whisper/{call}/answer")
    async def whispered(request: Request, call: int) -> Response:
        def work(heard: Heard) -> str:
            refused = beside.whisper(phone, call, heard.keys or "-")
            return (
                connected() if refused is None else accepting(None, Leg(call, 0, voice_of(phone.house, "zh")))
            )

        return await door.answer(request, "whisper", 0, work)


def _placed(router: APIRouter, ear: Ear, door: "_Door") -> None:
    """Calls that we placed; from their first words on they take steps like any other."""

    @router.post("/outbound/{order}")
    async def answered(request: Request, order: int) -> Response:
        def work(heard: Heard) -> str:
            return outbound.answered(ear.phone, heard, order) or static.hangup()

        return await door.answer(request, "answered", 0, work)

    @router.post("/outbound/{order}/status")
    async def status(request: Request, order: int) -> Response:
        data = await door.data(request)
        if data is None:
            return Response(status_code=403)
        if not payload.of_other_leg(data):
            heard = payload.heard(data, event="note", step=0)
            await run_in_threadpool(outbound.status, ear.phone, heard, order)
        return Response(status_code=204)


def _sound(router: APIRouter, ear: Ear) -> None:
    @router.websocket("/audio/{step}/{purpose}")
    async def sound(socket: WebSocket, step: int, purpose: str) -> None:
        header = socket.headers.get("authorization")
        sid = audio.sender(header, step=step, purpose=purpose, secrets=ear.secrets)
        name = tape_id(sid, step, purpose) if sid else None
        if sid is None or name is None:
            await socket.close(1008)
            return
        silence = socket.query_params.get("silence", "0")
        try:
            await audio.keep(socket, ear.tapes, name, silence=int(silence) if silence.isdecimal() else 0)
        except FileExistsError:  # the same sound a second time
            await socket.close(1008)
            return
        if await run_in_threadpool(beside.recorded, ear.phone, _taped(ear, sid, name), purpose):
            ear.bell.ring()


def _taped(ear: Ear, sid: str, name: str) -> Heard:
    values = {"RecordingSid": name, "RecordingDuration": str(int(ear.tapes.seconds(name)))}
    return Heard(sid=sid, event="recorded", values=values)


def _with_tape(ear: Ear, heard: Heard, purpose: str) -> Heard:
    """A step after a message: which tape, and how long. jambonz itself tells neither."""
    name = tape_id(heard.sid, heard.step, purpose)
    if heard.event != "recorded" or name is None:
        return heard
    values = {**heard.values, **_taped(ear, heard.sid, name).values}
    return Heard(heard.sid, heard.event, heard.step, heard.keys, values=values)


class _Door:
    """Reads, checks and answers one webhook."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear

    async def data(self, request: Request) -> dict[str, Any] | None:
        """What was posted, or None when jambonz did not send it."""
        body, header, now = (
            await request.body(),
            request.headers.get("jambonz-signature"),
            self._ear.seconds(),
        )
        if not any(holds(secret, body, header, now) for secret in self._ear.secrets):
            return None
        return payload.parse(body)

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
        data = await self.data(request)
        if data is None:
            return Response(status_code=403)
        heard = payload.heard(data, event=event, step=step)
        if not heard.sid:
            return Response(status_code=400)
        try:
            async with asyncio.timeout(PATIENCE):
                at_once = await swift(heard) if swift else None
                document = at_once or await run_in_threadpool(work, heard)
        except Exception as error:  # a caller hears a moment's pause, never an error
            _log.exception("step failed", call=heard.sid, at=event, why=type(error).__name__)
            document = _once_more(request)
        base, secret = self._ear.outside(request.headers.get("host", "")), self._ear.secrets[0]
        document = audio.addressed(document, sid=heard.sid, base=base, secret=secret)
        return Response(document, media_type="application/json")


def _once_more(request: Request) -> str:
    """The same webhook after a moment; when that does not help either, good-bye."""
    times = int(again) if (again := request.query_params.get("again", "0")).isdigit() else MOST_AGAIN
    return static.sorry() if times >= MOST_AGAIN else static.again(f"{request.url.path}?again={times + 1}")

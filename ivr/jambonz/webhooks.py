"""jambonz's webhooks: signed JSON in, verbs out, always a valid document."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ivr import beside, outbound
from ivr.door import EVENTS, Door
from ivr.exchange import begin, take
from ivr.heard import Heard
from ivr.jambonz import audio, payload, static
from ivr.jambonz.document import voice_of
from ivr.jambonz.ear import Ear
from ivr.jambonz.left import sound_route, with_tape
from ivr.jambonz.signature import holds
from ivr.jambonz.verbs import BASE, Leg, accepting, connected
from ivr.phone import Phone
from ivr.swift import take_swiftly


def routes(ear: Ear) -> APIRouter:
    """Everything that jambonz calls, below one address."""
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
            request, event, step, lambda h: take(phone, with_tape(ear, h, purpose)), swift=swift
        )

    @router.post("/status")
    async def status(request: Request) -> Response:
        return await door.note(request, lambda heard: beside.status(phone, heard))

    _whispers(router, phone, door)
    _placed(router, ear, door)
    sound_route(router, ear)
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
        return await door.note(request, lambda heard: outbound.status(ear.phone, heard, order))


class _Door(Door):
    """JSON, signed with the webhook secret; verbs go back, with the addresses that sound is sent to."""

    patience = 9.0  # jambonz's HTTP client waits for ten

    def __init__(self, ear: Ear) -> None:
        super().__init__()
        self._ear = ear

    async def values(self, request: Request) -> dict[str, Any] | None:
        body, now = await request.body(), self._ear.seconds()
        header = request.headers.get("jambonz-signature")
        if not any(holds(secret, body, header, now) for secret in self._ear.secrets):
            return None
        return payload.parse(body)

    def heard(self, values: dict[str, Any], *, event: str, step: int) -> Heard:
        return payload.heard(values, event=event, step=step)

    def about_caller(self, values: dict[str, Any]) -> bool:
        return not payload.of_other_leg(values)

    def response(self, request: Request, heard: Heard, document: str) -> Response:
        base, secret = self._ear.outside(request.headers.get("host", "")), self._ear.secrets[0]
        document = audio.addressed(document, sid=heard.sid, base=base, secret=secret)
        return Response(document, media_type="application/json")

    def again(self, path: str | None) -> str:
        """After the last attempt: good-bye, with what to do."""
        return static.again(path) if path else static.sorry()

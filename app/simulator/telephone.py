"""The phone in /try: what the browser does, done on the softphone against the real webhooks. Demonstrations only.

The call itself travels with the browser, signed, so that any process can take its next step and none keeps it.
"""

from typing import Any, Literal

import httpx
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse
from itsdangerous import BadData, URLSafeSerializer
from pydantic import BaseModel, Field

from app.call.dialling import rung, telephone, wire
from app.call.inside import InsideTransport
from app.frontdoor import Frontdoor
from app.telephone import own_number
from ivr.heard import e164
from ivr.ringing import ringing
from ivr.softphone import Callee, machine
from ivr.softphone.keep import dump, load
from ivr.softphone.network import Network
from ivr.softphone.phone import Phone, whispered
from ivr.softphone.state import Call

THREADS = 8  # steps of calls at once
RUNG = {"pickup": "answered", "decline": "busy", "ignore": "no-answer"}  # what is done with a call that rings
MARGIN = 0.01  # seconds: what a person did, he did before the prompt was over


class Step(BaseModel):
    """One thing that happens to a call; ``call`` is the call as it was answered last."""

    do: Literal[
        "call", "pickup", "decline", "ignore", "press", "say", "wait", "hangup", "answer", "busy", "over"
    ]
    call: str = Field(default="", max_length=200_000)
    caller: str = Field(default="", max_length=60)  # whose telephone it is
    value: str = Field(default="", max_length=500)
    confidence: str = Field(default="0.9", max_length=20)  # of the browser's own recogniser
    after: float = Field(default=0.0, ge=0, le=3600)  # seconds since the last answer


def routes(front: Frontdoor) -> APIRouter:
    router = APIRouter(tags=["try"])
    desk = _Desk(front)
    # Not the server's own threads: those are for the webhooks that we wait for.
    threads = CapacityLimiter(THREADS)

    @router.post("/phone")
    async def phone(step: Step, request: Request) -> JSONResponse:
        if not front.settings.demo:
            raise HTTPException(404)
        try:
            return JSONResponse(await to_thread.run_sync(desk.take, step, request, limiter=threads))
        except (BadData, ValueError) as wrong:
            return JSONResponse({"error": str(wrong) or "no such call"}, status_code=409)

    return router


class _Desk:
    def __init__(self, front: Frontdoor) -> None:
        self._settings, self._house = front.settings, front.house
        self._seal = URLSafeSerializer(front.settings.secret, salt="phone in /try")

    def take(self, step: Step, request: Request) -> dict[str, Any]:
        """Carry out a step, up to the next thing that takes time."""
        # Inside there is no TLS, whatever the browser speaks.
        reached_at = f"http://{request.headers.get('host', 'localhost')}"
        http = httpx.Client(transport=InsideTransport(request.app))
        if step.do == "call":
            call = telephone(self._settings, reached_at, caller=step.caller.strip(), http=http).state
            machine.dialled(call)
        elif step.do in RUNG:
            call = self._rung(step, reached_at, http)
            machine.dialled(call, RUNG[step.do])
        else:
            call = load(self._seal.loads(step.call))
        way = wire(self._settings, reached_at, http)
        network = Network(call, way, whisper=lambda leg, callee: _takes(call, whispered(leg, way, callee)))
        network.settle()
        _do(network, step)
        network.settle()
        return self._told(call)

    def _rung(self, step: Step, reached_at: str, http: httpx.Client) -> Call:
        number = e164(step.caller.strip()) or ""
        rings = ringing(self._house, number)
        if rings is None:
            raise ValueError("it rings no more")
        return rung(
            self._settings, reached_at, key=rings.key, order=rings.order, called=number, http=http
        ).state

    def _told(self, call: Call) -> dict[str, Any]:
        doing = call.doing
        return {
            "call": self._seal.dumps(dump(call)),
            "sid": call.line.sid,
            "to": own_number(self._settings),
            "clock": round(call.clock, 2),
            "doing": doing.kind,
            "text": doing.text,
            "left": round(max(0.0, doing.until - call.clock), 2),
            "queued": call.queueing is not None,
            "ended": call.ended,
            "entries": [
                {"at": round(entry.at, 2), "kind": entry.kind, "text": entry.text, "detail": entry.detail}
                for entry in call.journal
            ],
        }


def _takes(call: Call, other: Phone) -> bool:
    """Show the caller's log what the called person heard, and whether he took the call."""
    for words in other.heard:
        call.note("whisper", words)
    return other.ended == "document"


def _do(network: Network, step: Step) -> None:
    call = network.call
    if step.do not in ("call", "wait", *RUNG):
        machine.wait(call, max(0.0, min(step.after, call.doing.until - call.clock - MARGIN)))
    if step.do == "press":
        for key in step.value:
            machine.press(call, key)
            network.settle()
    elif step.do == "say":
        machine.say(call, step.value, step.confidence)
    elif step.do == "wait":
        machine.wait(call)
    elif step.do == "hangup":
        machine.hang_up(call)
    elif step.do in ("answer", "busy", "over"):
        _other(network, step.do)


def _other(network: Network, does: str) -> None:
    """What the other person does: answers, is busy, ends the talk."""
    call = network.call
    if does == "over":
        machine.other_ends(call)
    elif call.doing.kind == "ringing":
        if does == "busy":
            machine.other_ends(call, "busy")
        elif not network.pick_up(Callee()):
            machine.other_ends(call, Callee().refused)
    elif does == "answer":
        machine.pick_up(call)

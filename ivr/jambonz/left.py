"""Messages that callers leave: jambonz sends the sound by websocket, beside the step that follows."""

from fastapi import APIRouter, WebSocket
from fastapi.concurrency import run_in_threadpool

from ivr import beside
from ivr.heard import Heard
from ivr.jambonz import audio
from ivr.jambonz.ear import Ear
from ivr.jambonz.tapes import tape_id


def sound_route(router: APIRouter, ear: Ear) -> None:
    """The websocket by which the sound of a message comes in."""

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


def with_tape(ear: Ear, heard: Heard, purpose: str) -> Heard:
    """A step after a message: which tape, and how long. jambonz itself tells neither."""
    name = tape_id(heard.sid, heard.step, purpose)
    if heard.event != "recorded" or name is None:
        return heard
    values = {**heard.values, **_taped(ear, heard.sid, name).values}
    return Heard(heard.sid, heard.event, heard.step, heard.keys, values=values)

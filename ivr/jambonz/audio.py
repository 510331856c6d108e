"""The sound of a message, sent to us while it is spoken: a web socket that writes a tape.

jambonz's ``listen``: first a JSON text with the call's facts, then 16-bit sound; closing the socket ends the verb.
"""

import hashlib
import hmac
import json
from array import array
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from ivr.jambonz.tapes import Tapes
from ivr.jambonz.verbs import BASE, SAMPLES

PROTOCOL = "audio.drachtio.org"  # what jambonz's sockets ask for
LOUD = 300  # of 32767: what is below is a quiet line
MOST_BYTES = 2 * 2 * SAMPLES * 7200  # two hours of two people


def addressed(document: str, *, sid: str, base: str, secret: str) -> str:
    """The document with the host and the key of each place where sound is sent; the key holds for that tape only."""
    if f'"{BASE}/audio/' not in document:
        return document
    verbs = json.loads(document)
    for verb in verbs:
        for listen in (verb, verb.get("listen")):
            if isinstance(listen, dict) and str(listen.get("url", "")).startswith(f"{BASE}/audio/"):
                _, step, purpose = urlsplit(listen["url"]).path.rsplit("/", 2)
                listen["url"] = _socket(base) + listen["url"]
                listen["wsAuth"] = {"username": sid, "password": key(secret, sid, int(step), purpose)}
    return json.dumps(verbs, ensure_ascii=False)


def _socket(base: str) -> str:
    return "ws" + base.rstrip("/").removeprefix("http")


def key(secret: str, sid: str, step: int, purpose: str) -> str:
    """The secret of one audio socket: whoever does not know it is not listened to."""
    return hmac.new(secret.encode(), f"audio {sid} {step} {purpose}".encode(), hashlib.sha256).hexdigest()


def sender(header: str | None, *, step: int, purpose: str, secrets: list[str]) -> str | None:
    """The call whose sound this is; None when the key does not fit."""
    kind, _, coded = (header or "").partition(" ")
    try:
        sid, _, given = b64decode(coded, validate=True).decode("utf-8").partition(":")
    except (NotBase64, ValueError):
        return None
    keys = [key(secret, sid, step, purpose) for secret in secrets if secret]
    fits = any(hmac.compare_digest(one.encode(), given.encode()) for one in keys)
    return sid if kind.lower() == "basic" and sid and fits else None


async def keep(socket: WebSocket, tapes: Tapes, name: str, *, silence: int) -> None:
    """Write until the caller ends, has been quiet for ``silence`` seconds (0: however long), or the tape is full."""
    await socket.accept(PROTOCOL if PROTOCOL in socket.scope.get("subprotocols", []) else None)
    facts = _facts((await socket.receive()).get("text"))
    rate, channels = int(facts.get("sampleRate") or SAMPLES), 2 if facts.get("mixType") == "stereo" else 1
    quiet = written = 0
    with tapes.writing(name, rate=rate, channels=channels) as track:
        while written < MOST_BYTES and not (silence and quiet >= silence * rate * channels):
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            sound = message.get("bytes") or b""
            sound = sound[: len(sound) // (2 * channels) * 2 * channels]
            track.writeframesraw(sound)
            written += len(sound)
            quiet = 0 if _loud(sound) else quiet + len(sound) // 2
    try:
        await socket.close()
    except (RuntimeError, WebSocketDisconnect):  # the caller was quicker
        return


def _facts(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _loud(sound: bytes) -> bool:
    samples = array("h", sound)
    return bool(samples) and max(max(samples), -min(samples)) > LOUD

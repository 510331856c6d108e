"""A message over a real socket to a real server: what a proxy and uvicorn must let through."""

import json
import time
from base64 import b64encode
from pathlib import Path

import httpx
from websockets.sync.client import connect

from ivr.jambonz.signature import sign
from tests.ivr.jambonz.caller import LOUD, NUMBER, SECRET
from tests.server import Server
from tests.waiting import PATIENCE, until


def test_sound_over_a_socket(tmp_path: Path) -> None:
    server = Server(
        tmp_path,
        FRONTDOOR_PUBLIC_URL="http://phone.example",
        FRONTDOOR_JAMBONZ_API_URL="http://127.0.0.1:9/api",
        FRONTDOOR_JAMBONZ_ACCOUNT_SID="acc",
        FRONTDOOR_JAMBONZ_API_KEY="key",
        FRONTDOOR_JAMBONZ_WEBHOOK_SECRET=SECRET,
        FRONTDOOR_JAMBONZ_NUMBER=NUMBER,
    ).start()
    try:
        listen = _until_listening(server.url)
        auth = f"{listen['wsAuth']['username']}:{listen['wsAuth']['password']}"
        path = listen["url"].removeprefix("ws://phone.example")
        headers = {"Authorization": f"Basic {b64encode(auth.encode()).decode()}"}
        address = server.url.replace("http", "ws") + path
        with connect(address, subprotocols=["audio.drachtio.org"], additional_headers=headers) as socket:  # type: ignore[list-item]
            assert socket.subprotocol == "audio.drachtio.org"
            socket.send(json.dumps({"callSid": "4a-1", "sampleRate": 8000, "mixType": "mono"}))
            for _ in range(3):
                socket.send(LOUD)
        (tape,) = _until_there(tmp_path / "tapes")
        assert tape.stat().st_size == 44 + 3 * len(LOUD)
    finally:
        server.stop()


def _until_listening(url: str) -> dict:  # type: ignore[type-arg]
    """Complaint, product, record it."""
    hook, more = "/webhooks/jambonz/incoming", {}
    for digits in ("3", "1", "1", ""):
        verbs = _post(url + hook, **more)
        # A step that took longer than jambonz waits.
        while [verb["verb"] for verb in verbs] == ["say", "pause", "redirect"]:
            verbs = _post(url + verbs[-1]["actionHook"])
        waiting = next(verb for verb in verbs if verb["verb"] in ("gather", "listen"))
        hook, more = waiting["actionHook"], {"digits": digits, "reason": "dtmfDetected"}
    assert waiting["verb"] == "listen", verbs
    return waiting  # type: ignore[no-any-return]


def _post(address: str, **more: str) -> list[dict]:  # type: ignore[type-arg]
    data = {
        "call_sid": "4a-1",
        "from": "+8613800138000",
        "to": NUMBER,
        "call_status": "in-progress",
        **more,
    }
    body = json.dumps(data).encode()
    headers = {"Jambonz-Signature": sign(SECRET, body, int(time.time()))}
    answer = httpx.post(address, content=body, headers=headers, timeout=PATIENCE, trust_env=False)
    return answer.json()  # type: ignore[no-any-return]


def _until_there(folder: Path) -> list[Path]:
    until(lambda: list(folder.glob("*.wav")))
    return list(folder.glob("*.wav"))

"""A caller behind a jambonz: carries out verbs as its feature server does, and posts what happens, signed.

Only what is written in the feature server is done: a hook that answers with verbs replaces what was left of the
document, one that answers with none lets it go on, and a failed one too.
"""

import json
import time
import uuid
from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

from fastapi.testclient import TestClient

from ivr.jambonz.signature import sign
from tests.ivr.jambonz.schema import validate

SECRET = "a webhook secret of thirty-two letters"
NUMBER = "+864008880000"
LOUD, QUIET = b"\x00\x20" * 8000, b"\x00\x00" * 8000  # a second each
WAITING = ("gather", "listen", "dial")


class JambonzCaller:
    """One call; ``heard`` is what was said since the caller did something, ``doing`` the verb that waits for him."""

    def __init__(self, client: TestClient, number: str = "+8613800138000") -> None:
        self.client, self.number, self.sid = client, number, str(uuid.uuid4())
        self.verbs: list[dict[str, Any]] = []
        self.doing: dict[str, Any] = {}
        self.heard: list[str] = []
        self.whispered: list[str] = []
        self.over = False

    def call(self) -> str:
        self._hook("/webhooks/jambonz/incoming", call_status="trying", direction="inbound")
        return self._run()

    def rung(self, hook: str) -> str:
        """A call that the house has placed: he picks up."""
        self._hook(hook, call_status="in-progress", direction="outbound")
        return self._run()

    def told_at(self, hook: str, status: str) -> None:
        assert self._post(hook, call_status=status, direction="outbound").status_code == 204

    def press(self, keys: str) -> str:
        gather = self._waits("gather")
        end, most = gather.get("finishOnKey"), gather.get("numDigits")
        taken = ""
        for key in keys:
            if key == end:
                break
            taken += key
            if len(taken) == most:
                break
        return self._answer(reason="dtmfDetected", digits=taken)

    def say(self, words: str, confidence: float = 0.9) -> str:
        assert "speech" in self._waits("gather")["input"]
        speech = {"is_final": True, "alternatives": [{"transcript": words, "confidence": confidence}]}
        return self._answer(reason="speechDetected", speech=speech)

    def silence(self) -> str:
        self._waits("gather")
        return self._answer(reason="timeout")

    def record(self, *sound: bytes, key: str = "#") -> str:
        """Speak a message; without ``key`` it goes on until we close the socket."""
        self.tape(*sound, close=bool(key))
        return self._answer(dial_call_duration=len(sound), **({"digits": key} if key else {}))

    def tape(self, *sound: bytes, close: bool = True) -> None:
        listen = self._waits("listen")
        url, auth = urlsplit(listen["url"]), listen["wsAuth"]
        assert url.scheme == "wss" and url.netloc == "phone.example"
        coded = b64encode(f"{auth['username']}:{auth['password']}".encode()).decode()
        with self.client.websocket_connect(
            f"{url.path}?{url.query}",
            subprotocols=["audio.drachtio.org"],
            headers={"Authorization": f"Basic {coded}"},
        ) as socket:
            socket.send_text(json.dumps({"callSid": self.sid, "sampleRate": 8000, "mixType": "mono"}))
            for second in sound:
                socket.send_bytes(second)
            if not close:
                assert socket.receive()["type"] == "websocket.close"

    def answers(self, key: str = "1") -> bool:
        """The rung person picks up, hears who calls, and presses ``key`` (none: his mailbox). True when connected."""
        target = self._waits("dial")["target"][0]
        if "confirmHook" not in target:
            return True
        verbs = validate(self._post(target["confirmHook"], direction="outbound").json())
        gather = verbs[0]
        assert gather["verb"] == "gather"
        self.whispered.append(gather["say"]["text"])
        if not key:
            return verbs[1]["verb"] != "hangup"
        then = validate(self._post(gather["actionHook"], reason="dtmfDetected", digits=key).json())
        return (then or verbs[1:])[0]["verb"] != "hangup"

    def talked(self, status: str = "completed") -> str:
        self._waits("dial")
        return self._answer(dial_call_status=status, dial_call_sid=str(uuid.uuid4()))

    def hang_up(self) -> None:
        self.over = True
        self.doing = {}
        self.told("completed", duration=42)

    def told(self, status: str, **more: Any) -> None:
        assert self._post("/webhooks/jambonz/status", call_status=status, **more).status_code == 204

    def repeat(self, path: str, **more: Any) -> Any:
        """The same webhook as before, as after a lost answer."""
        return self._post(path, **more).json()

    def _waits(self, verb: str) -> dict[str, Any]:
        assert self.doing.get("verb") == verb, (self.doing, self.heard)
        return self.doing

    def _answer(self, **more: Any) -> str:
        hook, self.doing, self.heard = self.doing["actionHook"], {}, []
        self._hook(hook, **more)
        return self._run()

    def _run(self) -> str:
        while self.verbs and not self.over:
            verb = self.verbs.pop(0)
            if verb["verb"] in ("say", "gather") and (said := verb.get("say", verb).get("text")):
                self.heard.append(said)
            if verb["verb"] in WAITING:
                self.doing = verb
                break
            if verb["verb"] == "redirect":
                self._hook(verb["actionHook"])
            if verb["verb"] == "hangup":
                self.hang_up()
        return "".join(self.heard)

    def _hook(self, path: str, **more: Any) -> None:
        answer = self._post(path, **more)
        if answer.status_code == 200:
            self.verbs = validate(answer.json()) or self.verbs

    def _post(self, path: str, **more: Any) -> Any:
        data = {
            "call_sid": self.sid,
            "account_sid": "bed525b4-af09-40d2-9fe7-cdf6ae577c69",
            "from": self.number,
            "to": NUMBER,
            "direction": "inbound",
            "call_status": "in-progress",
            "sip_status": 200,
            **more,
        }
        body = json.dumps(data).encode()
        headers = {"Jambonz-Signature": sign(SECRET, body, int(time.time()))}
        return self.client.post(path, content=body, headers={**headers, "Content-Type": "application/json"})

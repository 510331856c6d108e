"""A caller for tests of the inside: signs and posts like the provider, and reads TwiML with the standard library."""

import itertools
import secrets
import xml.etree.ElementTree as ET
from typing import Any

from fastapi.testclient import TestClient
from twilio.request_validator import RequestValidator

from app.telephone import HOUSE_NUMBER, outside_url, signing_token
from app.wiring import Frontdoor

_tokens = itertools.count(1)
GATHER, RECORD, DIAL, ENQUEUE, REDIRECT, HANGUP = "Gather", "Record", "Dial", "Enqueue", "Redirect", "Hangup"


class Caller:
    """One call. ``heard`` is what the last document says; steps go where that document says."""

    def __init__(
        self, client: TestClient, front: Frontdoor, number: str = "+8613800138000", sid: str = ""
    ) -> None:
        self.client, self.front, self.number = client, front, number
        self.sid = sid or "CA" + secrets.token_hex(16)
        self.document = ET.Element("Response")
        self.text = ""

    def dial(self) -> str:
        return self.post("/webhooks/voice/incoming", CallStatus="ringing")

    def post(self, path: str, **values: str) -> str:
        """One webhook; returns what is heard then."""
        response = self.raw(path, **values)
        assert response.status_code == 200, (response.status_code, path)
        assert response.headers["content-type"].startswith("text/xml")
        assert len(response.content) < 64 * 1024
        self.text = response.text
        self.document = ET.fromstring(response.content)
        return self.heard

    def raw(self, path: str, **values: str) -> Any:
        params = {
            "CallSid": self.sid,
            "AccountSid": "AC" + "0" * 32,
            "From": self.number,
            "To": HOUSE_NUMBER,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "ApiVersion": "2010-04-01",
            **values,
        }
        settings = self.front.settings
        url = f"{outside_url(settings, 'http://testserver')}{path}"
        signature = RequestValidator(signing_token(settings)).compute_signature(url, params)
        headers = {"X-Twilio-Signature": signature, "I-Twilio-Idempotency-Token": f"t{next(_tokens)}"}
        return self.client.post(path, data=params, headers=headers)

    @property
    def heard(self) -> str:
        return " ".join("".join(say.itertext()) for say in self.document.iter("Say"))

    def verb(self, name: str) -> ET.Element | None:
        return next(self.document.iter(name), None)

    @property
    def action(self) -> str:
        """Where the document wants the answer."""
        for name in (GATHER, RECORD, DIAL, ENQUEUE):
            found = self.verb(name)
            if found is not None:
                return found.attrib["action"]
        redirect = self.verb(REDIRECT)
        assert redirect is not None and redirect.text, self.text
        return redirect.text

    def press(self, *keys: str) -> str:
        for one in keys:
            self.post(self.action, Digits=one)
        return self.heard

    def say(self, words: str, confidence: str = "0.9") -> str:
        return self.post(self.action, SpeechResult=words, Confidence=confidence)

    def silence(self) -> str:
        return self.post(self.action, Digits="")

    def record(self, seconds: str = "7", sid: str = "") -> str:
        sid = sid or "RE" + secrets.token_hex(16)
        return self.post(
            self.action, RecordingSid=sid, RecordingDuration=seconds, RecordingUrl="https://x/" + sid
        )

    def hang_up(self, status: str = "completed") -> None:
        assert self.raw("/webhooks/voice/status", CallStatus=status, CallDuration="33").status_code == 204

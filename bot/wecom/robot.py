"""The group robot: one-way, so an extra for urgent matters and never the only one (…/document/path/91770)."""

import json
from urllib.parse import urlsplit

import requests

from bot.wecom.errors import ROBOT_NEVER, Failed, translated
from core.messaging.channel import Later, Outgoing
from core.messaging.pace import Pace
from core.messaging.split import split, utf8_bytes

MOST_TEXT = 2048  # bytes
PACE = {"most": 18, "seconds": 60.0}  # twenty a minute, or ten minutes of silence
SECONDS = 8.0


class WeComRobot:
    """The key is a secret in the address: no exception of requests may leave, its text holds it."""

    name = "wecom_robot"

    def __init__(self, *, key: str, url: str, pace: Pace) -> None:
        self._key, self._url, self._pace = key, url.rstrip("/"), pace
        self._trust = urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1")

    def send(self, message: Outgoing) -> str:
        if wait := self._pace.wait(self.name, message):
            raise Later("twenty messages a minute are the limit", delay=wait)
        text = split(message.text, MOST_TEXT, utf8_bytes)[0]
        try:
            self._post({"msgtype": "text", "text": {"content": text}})
        except Failed as failed:
            raise translated(failed, ROBOT_NEVER) from None
        return message.key

    def _post(self, body: dict[str, object]) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        try:
            with requests.Session() as session:
                session.trust_env = self._trust
                answer = session.post(
                    f"{self._url}/cgi-bin/webhook/send",
                    params={"key": self._key},
                    data=content,
                    headers={"Content-Type": "application/json"},
                    timeout=SECONDS,
                )
            told = answer.json()
            code = int(told.get("errcode", 0))
        except (requests.RequestException, ValueError, AttributeError, TypeError) as lost:
            raise Later(f"robot: {type(lost).__name__}") from None
        if code:
            raise Failed(code, str(told.get("errmsg", "")).replace(self._key, "…"))

"""A client of the web chat: sends a message until it is stored, and fetches what is said."""

import hashlib
import hmac
import time
import uuid
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 30.0  # seconds to keep trying a server that does not answer


class ServerAway(Exception):
    """The server cannot be reached."""


class ChatClient:
    """One visitor. The id is made from the home's secret, so that a name cannot be taken from elsewhere."""

    def __init__(self, url: str, name: str, *, secret: str, memory: Path) -> None:
        self.name, self._url = name, url.rstrip("/")
        self.visitor = "cli-" + hmac.new(secret.encode(), name.encode(), hashlib.sha256).hexdigest()[:40]
        self._http = httpx.Client(base_url=self._url, timeout=40, trust_env=False)
        self._seen_file = memory / hashlib.sha256(f"{self._url} {self.visitor}".encode()).hexdigest()[:24]
        self._seen_file.parent.mkdir(parents=True, exist_ok=True)
        self._after = self._remembered()
        self.processed = 0

    def send(self, text: str) -> int:
        """Hand over one message; returns its inbox id. Tried again with the same id until it is stored."""
        body = {
            "visitor": self.visitor,
            "id": uuid.uuid4().hex,
            "text": text[:20_000],
            "name": self.name[:64],
        }
        return int(self._try("POST", "/webchat/messages", json=body)["received"])

    def fetch(self, wait: float) -> list[dict[str, Any]]:
        """Answers since the last call, waiting up to ``wait`` seconds for one or for progress."""
        query = {"visitor": self.visitor, "after": self._after, "wait": min(wait, 25), "seen": self.processed}
        page = self._try("GET", "/webchat/messages", params=query)
        self.processed = page["processed"]
        answers = [m for m in page["messages"] if m["direction"] == "out"]
        if answers:
            self._after = answers[-1]["id"]
            self._seen_file.write_text(str(self._after))
        return answers

    def language_model(self) -> dict[str, str]:
        """Who understands the messages, as /try/state tells it."""
        state: dict[str, str] = self._try("GET", "/try/state")["nlu"]
        return state

    def _try(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                response = self._http.request(method, path, **request)
            except httpx.TransportError as error:
                problem = (
                    f"{self._url} does not answer ({error}); start it with 'make run' or 'frontdoor serve'"
                )
            else:
                if response.status_code < 500:
                    return self._checked(response)
                problem = f"{self._url} answers {response.status_code}"
            if time.monotonic() > deadline:
                raise ServerAway(problem)
            time.sleep(0.3)

    def _checked(self, response: httpx.Response) -> dict[str, Any]:
        if response.status_code >= 400:
            raise ServerAway(f"{self._url} refused: {response.text[:200]}")
        answer: dict[str, Any] = response.json()
        return answer

    def _remembered(self) -> int:
        try:
            return int(self._seen_file.read_text())
        except (OSError, ValueError):
            return 0

"""Understanding one message: emergency rules first, then the Rasa model, keywords where it cannot answer."""

import base64
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx

from core.dialogue.meaning import ENTITY_TYPES, INTENTS, SYMPTOMS, Entity, Meaning
from nlu.breaker import Breaker
from nlu.emergency import DANGERS, emergency, excused
from nlu.keywords import understand
from nlu.rasa.language.cut import cut

_MOST_BYTES = 200_000
_SENSE_BYTES = 1024  # 512 numbers of two bytes
_ENCODE_SECONDS = 5.0  # for a whole batch, behind which nobody waits
_FAULTS = ("report_fault", "emergency")


@cache
def _trusted() -> SSLContext:
    """Whom we trust, read once for all clients: it takes longer than a message."""
    return httpx.create_ssl_context(trust_env=False)


class NluClient:
    """Thread-safe and keep-alive. ``url`` None: keywords only; ``timeout``: seconds for a whole answer."""

    def __init__(
        self, url: str | None, token: str = "", timeout: float = 1.0, breaker: Breaker | None = None
    ):
        self._url, self._breaker = (url or "").rstrip("/"), breaker or Breaker()
        self._timeout = timeout
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(
            timeout=timeout,
            headers=headers,
            trust_env=False,
            verify=_trusted(),
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=16),
        )

    def parse(self, text: str) -> Meaning:
        """The meaning of ``text``. Never raises and never takes longer than the time-out."""
        return with_emergency(self._model(text) or understand(cut(text)), text)

    def encode(self, texts: Sequence[str]) -> list[bytes] | None:
        """What some texts mean, one vector each; None where no model answers. Up to 32; not for a customer's turn."""
        if not self._url or self._breaker.open:
            return None
        asked = {"texts": [_sendable(text) for text in texts]}
        try:
            told = self._http.post(f"{self._url}/model/encode", json=asked, timeout=_ENCODE_SECONDS)
            senses = [_sense(one) for one in told.raise_for_status().json()["senses"]]
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return None  # whoever waits for an answer finds out whether the server lives
        return senses if len(senses) == len(texts) and all(senses) else None

    def encoder(self) -> str:
        """The fingerprint of the model behind ``encode``; empty where none answers, or does not say."""
        if not self._url or self._breaker.open:
            return ""
        try:
            told = self._http.get(f"{self._url}/model/encode", timeout=_ENCODE_SECONDS)
            return str(told.raise_for_status().json()["model"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return ""

    def state(self) -> dict[str, str]:
        """For health pages: who understands now (``rasa`` or ``keywords``) and, if keywords, why."""
        if not self._url:
            return {"state": "keywords", "reason": "no model server is configured"}
        if self._breaker.reason:
            return {"state": "keywords", "reason": self._breaker.reason}
        return {"state": "rasa", "reason": ""}

    def probe(self) -> dict[str, str]:
        """Asks the server for its health, past the breaker; for start-up and health pages."""
        if self._url:
            try:
                self._http.get(f"{self._url}/healthz").raise_for_status()
                self._breaker.succeeded()
            except httpx.HTTPError as problem:
                self._breaker.failed(_reason(problem))
        return self.state()

    def move(self, url: str) -> None:
        """Points to another server, for one whose port is known only once it runs."""
        self._url = url.rstrip("/")
        self._breaker.succeeded()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _model(self, text: str) -> Meaning | None:
        """What the model says, or None where it does not answer well and in time."""
        if not self._url or not text.strip() or not self._breaker.allows():
            return None
        try:
            meaning = meaning_of(self._answer(text), text)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            self._breaker.failed(_reason(problem))
            return None
        self._breaker.succeeded()
        return meaning

    def _answer(self, text: str) -> Any:
        """The server's JSON. httpx limits each wait; the sum of many small ones is limited here."""
        latest = time.monotonic() + self._timeout
        asked = {"text": _sendable(text), "sense": True}
        with self._http.stream("POST", f"{self._url}/model/parse", json=asked) as response:
            response.raise_for_status()
            body = b""
            for chunk in response.iter_raw():
                body += chunk
                if time.monotonic() > latest or len(body) > _MOST_BYTES:
                    raise ValueError("the answer took too long")
        return json.loads(body)


def _sendable(text: str) -> str:
    return cut(text).encode("utf-8", "replace").decode("utf-8")


def _sense(told: Any) -> bytes:
    """The vector, or nothing where it is not one: answers are then found by words alone."""
    try:
        sense = base64.b64decode(told, validate=True)
    except (ValueError, TypeError):
        return b""
    return sense if len(sense) == _SENSE_BYTES else b""


def meaning_of(answer: dict[str, Any], text: str) -> Meaning:
    """Our server's answer as a Meaning. Raises ValueError, KeyError or TypeError where it is not one."""
    intent, confidence = _likeliest(answer, text)
    told = answer["symptom"], answer["non_quality"]
    if intent == "report_fault" != answer["intent"]["name"]:
        told = answer.get("as_fault") or told
    symptom, blamed = told if intent in _FAULTS else (None, None)
    if intent == "report_fault" and symptom in DANGERS[:3]:
        symptom = "other"
    if intent not in INTENTS or not 0 <= confidence <= 1.001 or symptom not in (None, *SYMPTOMS):
        raise ValueError("an answer of another model")
    return Meaning(
        text,
        intent,
        min(confidence, 1.0),
        tuple(_entity(e, text) for e in answer["entities"]),
        symptom,
        None if blamed is None else bool(blamed),
        nearly=tuple(s for s in answer.get("nearly") or () if s in SYMPTOMS)
        if intent == "report_fault"
        else (),
        sense=_sense(answer.get("sense")),
    )


def _likeliest(answer: dict[str, Any], text: str) -> tuple[str, float]:
    """The model's intent; its second where it hears danger in words that the rules excuse."""
    first = answer["intent"]
    if first["name"] == "emergency" and len(answer["intent_ranking"]) > 1 and excused(cut(text)):
        first = answer["intent_ranking"][1]
    return first["name"], float(first["confidence"])


def _entity(found: dict[str, Any], text: str) -> Entity:
    start, end = int(found["start"]), int(found["end"])
    if found["entity"] not in ENTITY_TYPES or not 0 <= start < end <= len(text):
        raise ValueError("an entity outside the text")
    return Entity(found["entity"], text[start:end], start, end)


def with_emergency(meaning: Meaning, text: str) -> Meaning:
    """The meaning with the danger the rules see in the text; entities stay as they were understood."""
    symptom = emergency(cut(text))
    if symptom is None:
        return meaning
    return replace(
        meaning, intent="emergency", confidence=1.0, symptom=symptom, non_quality=False, source="rules"
    )


def _reason(problem: Exception) -> str:
    return str(problem) or type(problem).__name__

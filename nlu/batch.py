"""Many texts at once: JSON lines in, JSON lines out, through whichever model server there is."""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any

from core.dialogue.meaning import Meaning
from nlu.client import NluClient
from nlu.environment import say
from nlu.process import start_server

_AT_ONCE = 4  # the server parses one at a time; a few in flight hide the way there and back
_CHUNK = 1000
_PATIENCE = 10.0  # seconds; a batch would rather wait than fall back


@contextmanager
def opened() -> Iterator[NluClient]:
    """A client of the running server, or of one started for this batch, or on keywords with a warning."""
    running = NluClient(
        os.environ.get("FRONTDOOR_NLU_URL"), os.environ.get("FRONTDOOR_NLU_TOKEN", ""), _PATIENCE
    )
    if running.probe()["state"] == "rasa":
        yield running
        return
    token = secrets.token_urlsafe()
    server = start_server(token=token)
    try:
        if server.wait():
            yield NluClient(server.url, token, _PATIENCE)
        else:
            say("warning: no Rasa model here, these answers come from keywords alone")
            yield NluClient(None)
    finally:
        server.stop()


def parse_texts(texts: Iterable[str], client: NluClient) -> Iterator[dict[str, Any]]:
    """One answer a text, in order, with what measuring self-help needs besides the contract."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = iter(texts)
        while chunk := list(islice(waiting, _CHUNK)):
            yield from pool.map(lambda text: _measured(client.parse(text)), chunk)


def _measured(meaning: Meaning) -> dict[str, Any]:
    return answer(meaning) | {"nearly": list(meaning.nearly)}


def parse_lines(lines: Iterable[bytes], client: NluClient) -> Iterator[dict[str, Any]]:
    """One answer a non-empty line, in order; a bad line has the same shape plus ``error``."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = (line for line in lines if line.strip())
        while chunk := list(islice(waiting, _CHUNK)):
            yield from pool.map(lambda line: _line(line, client), chunk)


def answer(meaning: Meaning) -> dict[str, Any]:
    """A Meaning in the shape of the contract."""
    entities = [{"type": e.type, "value": e.value, "start": e.start, "end": e.end} for e in meaning.entities]
    return {
        "text": meaning.text,
        "intent": meaning.intent,
        "confidence": round(meaning.confidence, 4),
        "entities": entities,
        "symptom": meaning.symptom,
        "non_quality": meaning.non_quality,
    }


def _line(line: bytes, client: NluClient) -> dict[str, Any]:
    try:
        text = json.loads(line)["text"]
        if not isinstance(text, str):
            raise TypeError
    except (ValueError, TypeError, KeyError, RecursionError):
        empty = Meaning("", "out_of_scope", 0.0)
        return answer(empty) | {"error": 'a JSON object {"text": "…"} is needed'}
    return answer(client.parse(text))

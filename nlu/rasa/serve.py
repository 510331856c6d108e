"""The model behind HTTP: POST /model/parse, POST and GET /model/encode and GET /healthz. Runs in Rasa's Python 3.10."""

import argparse
import asyncio
import gc
import json
import os
import socket
import sys
import threading
import time
from hmac import compare_digest
from pathlib import Path
from typing import Callable

from aiohttp import web
from loaded import Model

MOST_BYTES = 1_000_000
MOST_TEXTS = 32  # encoded at once: 35 ms in which no customer's text is parsed


class Refused(Exception):
    """A request that cannot be answered: ``args`` are the status and the reason."""


class Service:
    """What is answered. One thread takes, parses and answers: threads would fight over the interpreter's lock."""

    def __init__(self, model: Model, token: str):
        self._model, self._token = model, token

    def application(self) -> web.Application:
        """POST /model/parse, POST and GET /model/encode and GET /healthz. Nothing is logged: a line a request would put customers' words on disk."""
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_get("/healthz", self.healthz)
        app.router.add_post("/model/parse", self.parse)
        app.router.add_post("/model/encode", self.encode)
        app.router.add_get("/model/encode", self.encoder)
        return app

    async def healthz(self, _request: web.Request) -> web.Response:
        """Needs no token because it tells nothing."""
        return _answer(200, {"ok": True})

    async def parse(self, request: web.Request) -> web.Response:
        """One text, {"text": …}; with {"sense": true} also what it means as a whole."""
        return await self._answered(request, lambda asked: self._model.parse(_text(asked), asked.get("sense") is True))

    async def encode(self, request: web.Request) -> web.Response:
        """What some texts mean, {"texts": […]}: {"senses": […]}, one each."""
        return await self._answered(request, lambda asked: {"senses": self._model.encode(_texts(asked))})

    async def encoder(self, request: web.Request) -> web.Response:
        """Which model encodes, {"model": …}: what one said may be kept, and is worth nothing to another."""
        try:
            self._authorise(request)
            return _answer(200, {"model": self._model.fingerprint})
        except Refused as refusal:
            return _answer(refusal.args[0], {"error": refusal.args[1]})

    async def _answered(self, request: web.Request, answer: Callable[[dict], dict]) -> web.Response:
        try:
            self._authorise(request)
            return _answer(200, answer(_object(await request.read())))
        except web.HTTPRequestEntityTooLarge:
            return _answer(400, {"error": f"at most {MOST_BYTES} bytes"})
        except Refused as refusal:
            return _answer(refusal.args[0], {"error": refusal.args[1]})

    def _authorise(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ") or request.query.get("token", "")
        if self._token and not compare_digest(given.encode(), self._token.encode()):
            raise Refused(401, "token missing or wrong")


def _answer(status: int, answer: dict) -> web.Response:
    return web.Response(status=status, body=json.dumps(answer).encode(), content_type="application/json")


def _object(body: bytes) -> dict:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise Refused(400, "a JSON object is needed")
    return asked


def _text(asked: dict) -> str:
    text = asked.get("text")
    if not isinstance(text, str):
        raise Refused(400, 'text must be a string: {"text": "…"}')
    return text


def _texts(asked: dict) -> list:
    texts = asked.get("texts")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Refused(400, 'texts must be strings: {"texts": ["…"]}')
    if not 0 < len(texts) <= MOST_TEXTS:
        raise Refused(400, f"1 to {MOST_TEXTS} texts")
    return texts


async def _serve(app: web.Application, listener: socket.socket) -> None:
    """Takes one connection at a time, so that of several processes the one that has nothing to do takes the next."""
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=75)
    await runner.setup()
    loop = asyncio.get_running_loop()
    while True:
        connection, _ = await loop.sock_accept(listener)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await loop.connect_accepted_socket(runner.server, connection)


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.create_server((host, port), backlog=128)
    listener.setblocking(False)
    return listener


def _end_with_parent() -> None:
    """Whoever started us holds our standard input open; when it closes, we go."""
    sys.stdin.buffer.read()
    os._exit(0)


def _end_with(first: int) -> None:
    """A further process ends when the first does."""
    while os.getppid() == first:
        time.sleep(0.5)
    os._exit(0)


def _fork(processes: int) -> None:
    """``processes`` in all that take connections from one socket; the model's memory is shared, written or not."""
    gc.freeze()  # a collection in one process would copy every page it looks at
    first = os.getpid()
    for _ in range(processes - 1):
        if os.fork() == 0:
            threading.Thread(target=_end_with, args=(first,), daemon=True).start()
            return


def main() -> None:
    """Loads, binds, says ``{"port": …}`` on standard output, serves."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--stay", action="store_true", help="do not end with standard input")
    given = parser.parse_args()
    service = Service(Model(given.model), os.environ.get("FRONTDOOR_NLU_TOKEN", ""))
    first, listener = os.getpid(), _listen(given.host, given.port)
    _fork(given.processes)
    if not given.stay:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    if os.getpid() == first:
        print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    asyncio.run(_serve(service.application(), listener))


if __name__ == "__main__":
    main()

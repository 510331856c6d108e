"""The model behind HTTP: POST /model/parse and GET /healthz, nothing else. Runs in Rasa's Python 3.10."""

import argparse
import asyncio
import gc
import hashlib
import json
import os
import socket
import sys
import threading
import time
from hmac import compare_digest
from pathlib import Path

from aiohttp import web
from language.cut import cut
from slim import slim, without_jax

MOST_BYTES = 1_000_000


class Refused(Exception):
    """A request that cannot be answered: ``args`` are the status and the reason."""


class Model:
    """A trained model in memory."""

    def __init__(self, archive: Path):
        checked(archive)
        without_jax()
        from rasa.core.agent import Agent

        processor = Agent.load(str(archive)).processor
        self._target = processor.model_metadata.nlu_target
        self._steps = _steps(processor.graph_runner, self._target)
        slim([node._component for _, node, _ in self._steps])
        self.parse("空调不制冷")  # the first parse builds tables; no customer should wait for it

    def parse(self, text: str) -> dict:
        """One text in the shape of the contract; any string has an answer."""
        from rasa.core.channels.channel import UserMessage

        read = cut(text)
        done = {"__message__": ("__message__", [UserMessage(read)])}
        for name, node, needs in self._steps:
            done[name] = node(*(done[need] for need in needs))
        found = done[self._target][1][0]
        return {
            "text": text, "truncated": len(read) < len(text), "intent": found.get("intent"),
            "intent_ranking": found.get("intent_ranking"), "entities": found.get("entities"),
            "symptom": found.get("symptom"), "non_quality": found.get("non_quality"),
            "as_fault": found.get("as_fault"), "nearly": found.get("nearly"),
        }


def _steps(runner, target: str) -> list:
    """(name, node, what it needs) in running order: dask, made for whole clusters, takes a third of each parse."""
    schema, found = runner._graph_schema.minimal_graph_schema([target]).nodes, {}

    def add(name: str) -> None:
        needs = list(schema[name].needs.values()) if name in schema else []
        for need in needs:
            if need not in found:
                add(need)
        if name in schema:
            found[name] = (name, runner._instantiated_nodes[name], needs)

    add(target)
    return list(found.values())


def checked(archive: Path) -> None:
    """Exits where the archive is not the one that was trained (its hash is recorded beside it)."""
    recorded = archive.with_suffix(archive.suffix + ".sha256").read_text().strip()
    if not compare_digest(recorded, hashlib.sha256(archive.read_bytes()).hexdigest()):
        sys.exit(f"{archive.name}: the archive does not match its recorded hash; delete it and train again")


class Service:
    """What is answered. One thread takes, parses and answers: threads would fight over the interpreter's lock."""

    def __init__(self, model: Model, token: str):
        self._model, self._token = model, token

    def application(self) -> web.Application:
        """POST /model/parse and GET /healthz. Nothing is logged: a line a request would put customers' words on disk."""
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_get("/healthz", self.healthz)
        app.router.add_post("/model/parse", self.parse)
        return app

    async def healthz(self, _request: web.Request) -> web.Response:
        """Needs no token because it tells nothing."""
        return _answer(200, {"ok": True})

    async def parse(self, request: web.Request) -> web.Response:
        """One text."""
        try:
            self._authorise(request)
            text = _text(await request.read())
        except web.HTTPRequestEntityTooLarge:
            return _answer(400, {"error": f"at most {MOST_BYTES} bytes"})
        except Refused as refusal:
            return _answer(refusal.args[0], {"error": refusal.args[1]})
        return _answer(200, self._model.parse(text))

    def _authorise(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ") or request.query.get("token", "")
        if self._token and not compare_digest(given.encode(), self._token.encode()):
            raise Refused(401, "token missing or wrong")


def _answer(status: int, answer: dict) -> web.Response:
    return web.Response(status=status, body=json.dumps(answer).encode(), content_type="application/json")


def _text(body: bytes) -> str:
    try:
        text = json.loads(body)["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refused(400, 'a JSON object {"text": "…"} is needed') from None
    if not isinstance(text, str):
        raise Refused(400, "text must be a string")
    return text


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

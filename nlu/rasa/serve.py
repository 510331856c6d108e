"""The model behind HTTP: POST /model/parse and GET /healthz, nothing else. Runs in Rasa's Python 3.10."""

import argparse
import gc
import hashlib
import json
import os
import sys
import threading
import time
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

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
            "as_fault": found.get("as_fault"),
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


class Handler(BaseHTTPRequestHandler):
    """Keep-alive, one JSON answer a request."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one segment: with Nagle and delayed ACK two cost 40 ms
    disable_nagle_algorithm = True
    timeout = 75
    model: Model
    token: str
    lock = threading.Lock()

    def do_GET(self) -> None:
        """Health; needs no token because it tells nothing."""
        if urlsplit(self.path).path == "/healthz":
            return self._send(200, {"ok": True})
        return self._send(404, {"error": "not found"})

    def do_POST(self) -> None:
        """Parse."""
        try:
            body = self._body()
            if urlsplit(self.path).path != "/model/parse":
                raise Refused(404, "not found")
            self._authorise()
            text = _text(body)
        except Refused as refusal:
            return self._send(refusal.args[0], {"error": refusal.args[1]})
        with self.lock:
            answer = self.model.parse(text)
        return self._send(200, answer)

    def _body(self) -> bytes:
        size = self.headers.get("Content-Length", "")
        if not size.isdigit() or int(size) > MOST_BYTES:
            self.close_connection = True  # what follows on this connection cannot be told from a body
            raise Refused(400, "a Content-Length of at most 1000000 is needed")
        return self.rfile.read(int(size))

    def _authorise(self) -> None:
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        given = given or parse_qs(urlsplit(self.path).query).get("token", [""])[0]
        if self.token and not compare_digest(given.encode(), self.token.encode()):
            raise Refused(401, "token missing or wrong")

    def _send(self, status: int, answer: dict) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Nothing: a line a request would put customers' words on disk."""


def _text(body: bytes) -> str:
    try:
        text = json.loads(body)["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refused(400, 'a JSON object {"text": "…"} is needed') from None
    if not isinstance(text, str):
        raise Refused(400, "text must be a string")
    return text


class Server(ThreadingHTTPServer):
    """Threads only hold connections; parsing is one at a time."""

    daemon_threads = True
    request_queue_size = 128


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
    Handler.model, Handler.token = Model(given.model), os.environ.get("FRONTDOOR_NLU_TOKEN", "")
    first, server = os.getpid(), Server((given.host, given.port), Handler)
    _fork(given.processes)
    if not given.stay:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    if os.getpid() == first:
        print(json.dumps({"port": server.server_port}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

"""How many sentences a second are understood: by one process, by two, and by keywords alone."""

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx

from benchmarks.model_server import TOKEN, Served, model_server
from benchmarks.result import Row, absolute
from nlu.client import NluClient
from nlu.environment import child_variables
from nlu.training import ensure_model

ROUNDS = 5


def parses_a_second(texts: Sequence[str], *servers: Served) -> list[float]:
    """Median parses a second of each, measured in turns so that a busy machine is busy for all."""
    measured: list[list[float]] = [[] for _ in servers]
    for _ in range(ROUNDS):
        for place, server in enumerate(servers):
            measured[place].append(_speed(server.url, texts, at_once=2))
    return [statistics.median(found) for found in measured]


def _speed(url: str, texts: Sequence[str], at_once: int) -> float:
    """Parses a second over ``at_once`` connections, each with its own share of the texts."""
    go = threading.Barrier(at_once + 1)

    def ask(part: Sequence[str]) -> None:
        with httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False, timeout=60) as http:
            http.get(f"{url}/healthz")
            go.wait()
            for text in part:
                http.post(f"{url}/model/parse", json={"text": text}).raise_for_status()

    with ThreadPoolExecutor(at_once) as pool:
        running = [pool.submit(ask, texts[place::at_once]) for place in range(at_once)]
        go.wait()
        started = time.perf_counter()
        for one in running:
            one.result()
    return len(texts) / (time.perf_counter() - started)


def two_processes(texts: Sequence[str]) -> Row:
    """Two processes behind one address beside one, driven by clients that are processes of their own."""
    measured = {}
    for processes in (1, 2):
        with model_server(ensure_model(), child_variables(), processes) as server:
            measured[processes] = statistics.median(_driven(server.url, texts) for _ in range(3))
    ratio = measured[2] / measured[1]
    return Row(
        "parses a second, two processes behind one address",
        round(measured[2], 1),
        "/s",
        "one process",
        round(measured[1], 1),
        round(ratio, 2),
        "≥ 1.3 × on 2 cores, the clients on the same two",
        ratio >= 1.3,
    )


_DRIVER = """
import http.client, json, sys, time
url, token = sys.argv[1:3]
texts = json.load(sys.stdin)
bodies = [json.dumps({"text": t}).encode() for t in texts]
c = http.client.HTTPConnection(url.removeprefix("http://"))
for b in bodies:
    c.request("POST", "/model/parse", b, {"Authorization": "Bearer " + token})
    c.getresponse().read()
"""


def _driven(url: str, texts: Sequence[str], drivers: int = 4) -> float:
    """Parses a second asked by light processes, so that one interpreter's lock does not limit the clients."""
    parts = [json.dumps(list(texts[place::drivers])).encode() for place in range(drivers)]
    command = [sys.executable, "-I", "-S", "-c", _DRIVER, url, TOKEN]
    started = time.perf_counter()
    running = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in parts]
    for child, part in zip(running, parts, strict=True):
        assert child.stdin
        child.stdin.write(part)
        child.stdin.close()
    if any(child.wait(300) for child in running):
        raise RuntimeError("a client failed")
    return len(texts) / (time.perf_counter() - started)


def keywords(texts: Sequence[str]) -> Row:
    """The answer when the model is away."""
    client = NluClient(None)
    client.parse(texts[0])
    taken = []
    for text in texts:
        started = time.perf_counter()
        client.parse(text)
        taken.append(1000 * (time.perf_counter() - started))
    return absolute("keywords answer, 95th of 100", sorted(taken)[int(0.95 * len(taken))], "ms", most=5)

"""Understanding: ours beside Rasa's default Chinese pipeline, on the same sentences, in the same run."""

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.peer import Pipeline, trained
from benchmarks.result import Row, absolute
from benchmarks.sample import SENTENCES
from core.dialogue.meaning import INTENTS
from nlu.environment import PROJECT, child_variables, ensure_environment
from nlu.evaluation import GOALS, Sentence, figures, reached
from nlu.self_help import with_articles
from nlu.training import ensure_model, seconds_of_training

TOKEN = "bench"
TESTSET = PROJECT.parent / "testset"
ROUNDS, SAMPLE = 5, 400
NAME = "Rasa default"
SAME = f"on the same sentences (about {SENTENCES:,})"
HELP = "self-help, right article first"
# The default pipeline has no answer to these.
OURS_ALONE = ("symptom accuracy", "non_quality accuracy", HELP)
# Less is better; everything else is better when there is more of it.
LESS = ("non-emergencies raised", "in-scope wrongly rejected", "expected calibration error")


def run() -> list[Row]:
    """The whole model with its goals, and both pipelines trained alike on a part of the data that fits the time."""
    archive = ensure_model()
    mine, default = trained()
    with _server(archive, child_variables()) as ours, _server(default.archive, default.variables) as other:
        rows = _limits(seconds_of_training(archive), ours, other)
    with _server(mine.archive, mine.variables) as ours, _server(default.archive, default.variables) as other:
        return rows + _side_by_side((mine, ours), (default, other))


def gold_sets() -> dict[str, list[Sentence]]:
    """Every labelled test set by its name."""
    return {
        path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        for path in sorted(TESTSET.glob("*.jsonl"))
    }


class Served:
    """A model server of this run: where it is, how long it took, how much memory it holds."""

    def __init__(self, url: str, ready: float, pid: int) -> None:
        self.url, self.ready, self.pid = url, ready, pid

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def _server(archive: Path, variables: dict[str, str], processes: int = 1) -> Iterator[Served]:
    """The same server for either model."""
    started = time.perf_counter()
    command = [str(ensure_environment()), str(PROJECT / "serve.py"), str(archive), "--port", "0"]
    child = subprocess.Popen(
        [*command, "--processes", str(processes)],
        env=variables | {"FRONTDOOR_NLU_TOKEN": TOKEN},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdin and child.stdout
    said = child.stdout.readline()
    if not said:
        raise RuntimeError(f"no model server: exit code {child.wait()}")
    try:
        yield Served(f"http://127.0.0.1:{json.loads(said)['port']}", time.perf_counter() - started, child.pid)
    finally:
        child.stdin.close()
        child.terminate()
        child.wait(20)


def _limits(seconds: float, ours: Served, other: Served) -> list[Row]:
    """Speed, size and accuracy of what is delivered."""
    texts = [g["text"] for found in gold_sets().values() for g in found]
    sample = texts[:: max(1, len(texts) // SAMPLE)]
    rows = [
        _beside("parses a second, one process", _speeds(sample, ours, other), "/s", 4.0),
        _limit("training on everything", seconds, "s", 180),
        _limit("server ready", ours.ready, "s", 15, other.ready),
        _limit("memory of the model server", ours.memory(), "MB", 700, other.memory()),
        _scaling(sample),
        _keywords(sample),
    ]
    for name, gold in gold_sets().items():
        rows += _accuracy(name, gold, ours)
    return rows


def _side_by_side(mine: tuple[Pipeline, Served], default: tuple[Pipeline, Served]) -> list[Row]:
    """Ours must be better on every measure that the default pipeline has."""
    rows = [
        Row(f"training {SAME}", mine[0].seconds, "s", NAME, default[0].seconds,
            round(mine[0].seconds / default[0].seconds, 3), "less", mine[0].seconds < default[0].seconds)
    ]  # fmt: skip
    gold = [g for name, found in gold_sets().items() if name != "self_help" for g in found]
    texts = [g["text"] for g in gold]
    found = figures(gold, _answers(texts, mine[1]))
    beside = figures(gold, [_default(text, default[1].url) for text in texts])
    return rows + [
        _better(name, found[name], beside[name])
        for name in found
        if name in beside and name not in OURS_ALONE
    ]


def _better(measure: str, value: float, beside: float) -> Row:
    ok = value <= beside if measure in LESS else value >= beside
    ratio = round(value / beside, 3) if beside else None
    goal = "less" if measure in LESS else "more"
    return Row(f"{measure}, {SAME}", round(value, 4), "", NAME, round(beside, 4), ratio, goal, ok)


def _speeds(texts: Sequence[str], *servers: Served) -> list[float]:
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


def _scaling(texts: Sequence[str]) -> Row:
    """Two processes behind one address beside one, driven by clients that are processes of their own."""
    measured = {}
    for processes in (1, 2):
        with _server(ensure_model(), child_variables(), processes) as server:
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


def _keywords(texts: Sequence[str]) -> Row:
    """The answer when the model is away."""
    from nlu.client import NluClient

    client = NluClient(None)
    client.parse(texts[0])
    taken = []
    for text in texts:
        started = time.perf_counter()
        client.parse(text)
        taken.append(1000 * (time.perf_counter() - started))
    return absolute("keywords answer, 95th of 100", sorted(taken)[int(0.95 * len(taken))], "ms", most=5)


def _accuracy(name: str, gold: list[Sentence], ours: Served) -> list[Row]:
    """Every measure on one gold set. Ours is what the product answers: rules, then model."""
    mine = figures(gold, with_articles(gold, _answers([g["text"] for g in gold], ours)))
    if HELP in mine:  # faults only: the other measures would say little
        return [_measure(HELP, HELP, mine[HELP])]
    return [_measure(f"{name}: {m}", m, value) for m, value in mine.items() if GOALS[m]]


def _measure(label: str, measure: str, value: float) -> Row:
    goal = GOALS[measure].replace(">=", "≥").replace("<=", "≤")
    return Row(label, round(value, 4), "", None, None, None, goal, reached(measure, value))


def _answers(texts: list[str], server: Served) -> list[Sentence]:
    from nlu.batch import parse_texts
    from nlu.client import NluClient

    return list(parse_texts(texts, NluClient(server.url, TOKEN, 10)))


def _default(text: str, url: str) -> Sentence:
    """The default pipeline's answer in our shape; its fallback is our out_of_scope."""
    asked: Callable[..., Any] = httpx.post
    answer = asked(
        f"{url}/model/parse?token={TOKEN}", json={"text": text}, trust_env=False, timeout=60
    ).json()
    name = answer["intent"]["name"]
    entities = [
        {"type": e["entity"], "value": text[e["start"] : e["end"]], "start": e["start"], "end": e["end"]}
        for e in answer["entities"]
    ]
    return {
        "text": text,
        "intent": name if name in INTENTS else "out_of_scope",
        "confidence": min(answer["intent"]["confidence"], 1.0),
        "entities": entities,
        "symptom": None,
        "non_quality": None,
    }


def _beside(name: str, speeds: list[float], unit: str, least: float) -> Row:
    ours, other = speeds
    ratio = ours / other
    return Row(
        name, round(ours, 1), unit, NAME, round(other, 1), round(ratio, 2), f"≥ {least:g} ×", ratio >= least
    )


def _limit(name: str, value: float, unit: str, most: float, other: float | None = None) -> Row:
    ratio = round(value / other, 3) if other else None
    beside = NAME if other else None
    return Row(
        name,
        round(value, 1),
        unit,
        beside,
        other and round(other, 1),
        ratio,
        f"≤ {most:g} {unit}",
        value <= most,
    )

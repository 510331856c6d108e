"""Answers to questions: how often right, beside other search engines, and how quick and large over 50,000 entries."""

import gc
import statistics
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import retrieval_engines
from benchmarks.result import Row, absolute, beside, plain
from core.knowledge.search import Index
from core.knowledge.senses import Encode
from core.knowledge.shelf import Entry
from core.knowledge.terms import HouseWords
from nlu.client import NluClient
from nlu.process import ModelServer
from tests.knowledge.asked import Asked, asked, figures, found_by, shipped_held, shipped_index

SMALL, LARGE = 500, 50_000
SETS = {"test": "by the pairs' author", "third": "blind", "fifth": "blind, another author"}


def run() -> list[Row]:
    server = ModelServer(0, "bench").start()
    if not server.wait(600):
        raise RuntimeError(f"no model server: {server.reason}")
    client = NluClient(server.url, "bench")
    try:
        index, words = shipped_index(client.encode), shipped_index()
        rows = [row for name, who in SETS.items() for row in _quality(index, asked(name), who, client.encode)]
        rows += _by_words(words, asked("fifth"))
    finally:
        client.close()
        server.stop()
    blind = [question for question in asked("third") if question.right]
    return rows + _size([question.text for question in blind]) + list(retrieval_engines.rows(blind))


def _by_words(index: Index, questions: list[Asked]) -> list[Row]:
    """What is left where the model server is away."""
    said = figures(questions, found_by(index, questions))
    return [
        plain("by words alone: right answer first", 100 * said.first, "%"),
        plain("by words alone: in the first three", 100 * said.three, "%"),
        absolute("by words alone: unanswerable, answered all the same", 100 * said.false, "%", most=5),
    ]


def _quality(index: Index, questions: list[Asked], who: str, encode: Encode) -> list[Row]:
    said = figures(questions, found_by(index, questions, encode))
    return [
        least(f"{who}: right answer first", said.first, 0.85),
        least(f"{who}: right answer in the first three", said.three, 0.95),
        absolute(f"{who}: unanswerable, answered all the same", 100 * said.false, "%", most=5),
        plain(f"{who}: answered rightly above the line", 100 * said.answered, "%"),
        plain(f"{who}: answered wrongly above the line", 100 * said.mistaken, "%"),
    ]


def least(name: str, share: float, floor: float) -> Row:
    return Row(name, round(100 * share, 2), "%", None, None, None, f"≥ {100 * floor:g} %", share >= floor)


def _size(questions: list[str]) -> list[Row]:
    small, _ = _measured(SMALL, questions)
    large, megabytes = _measured(LARGE, questions)
    return [
        absolute(f"search over {LARGE} entries, median", large, "ms", most=20),
        beside(f"search over {LARGE} entries", large, "ms", f"over {SMALL}", small, most=100),
        plain(f"memory that {LARGE} entries add, with what building them took", megabytes, "MB"),
    ]


def _measured(size: int, questions: list[str]) -> tuple[float, float]:
    """The median of one search, and what the process has more than before."""
    gc.collect()
    before = _resident()
    index, answers = _grown(size)
    index.senses = _any_senses(answers)
    sense = index.senses[0].astype("<f2").tobytes()
    gc.collect()
    added = _resident() - before
    times = []
    for question in questions:
        start = time.perf_counter()
        index.find(question, sense=sense)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), added


def _any_senses(answers: int) -> Any:
    """As long a row for each answer as an encoder's; what it says does not matter for the time."""
    rows = np.random.default_rng(7).standard_normal((answers, 512), dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _resident() -> float:
    """Megabytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6


def _grown(size: int) -> tuple[Index, int]:
    """The shipped wordings over and over, each time another answer with another model's name in it; how many answers."""
    entries, whole = shipped_held()
    grown: list[Entry] = []
    texts: dict[str, str] = {}
    for number, entry in enumerate(islice(cycle(entries), size)):
        edition = number // len(entries)
        key = f"{entry.key}-{edition}"
        grown.append(Entry(key, entry.category, entry.label, f"{entry.said} kfr{edition}"))
        texts[key] = f"{whole[entry.key]} kfr{edition}"
    return Index(grown, texts, HouseWords((), ())), len(texts)

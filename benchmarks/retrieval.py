"""Answers to questions: how often right, beside other terms for the same index, and how quick over 50,000 entries."""

import resource
import statistics
import time
from collections.abc import Callable
from itertools import cycle, islice

import bm25s

from benchmarks.result import Row, absolute, beside, plain
from core.knowledge.search import Index
from core.knowledge.shelf import Entry
from core.knowledge.terms import HouseWords, terms
from tests.knowledge.asked import Asked, asked, figures, found_by, house_words, shipped_held, shipped_index

SMALL, LARGE = 500, 50_000
Terms = Callable[[str], list[str]]


def run() -> list[Row]:
    questions = asked("test")
    said = figures(questions, found_by(shipped_index(), questions))
    rows = [
        least("right answer first", said.first, 0.85),
        least("right answer in the first three", said.three, 0.95),
        absolute("unanswerable, answered all the same", 100 * said.false, "%", most=5),
        plain("answered rightly above the line", 100 * said.answered, "%"),
        plain("answered wrongly above the line", 100 * said.mistaken, "%"),
    ]
    good = [question for question in questions if question.right]
    rows += [
        plain(f"first, wordings only: {name}", 100 * first(good, cut), "%") for name, cut in _cuts().items()
    ]
    return rows + _speed([question.text for question in questions])


def least(name: str, share: float, floor: float) -> Row:
    return Row(name, round(100 * share, 2), "%", None, None, None, f"≥ {100 * floor:g} %", share >= floor)


def _cuts() -> dict[str, Terms]:
    import jieba

    jieba.setLogLevel(60)
    words = house_words()

    def of(kind: Callable[[str], bool]) -> Terms:
        return lambda text: [term for term in terms(text, words) if kind(term)]

    return {
        "jieba words": lambda text: [
            word for word in jieba.cut_for_search(words.plain(text)) if word.strip()
        ],
        "characters": of(lambda term: len(term) == 1),
        "characters and pairs": of(lambda term: term[0] != "~"),
        "characters, pairs and sounds": of(lambda term: True),
    }


def first(questions: list[Asked], cut: Terms) -> float:
    """The share whose best single wording belongs to the right answer."""
    entries, _ = shipped_held()
    model = bm25s.BM25(method="lucene")
    model.index([cut(entry.text) or ["∅"] for entry in entries], show_progress=False)
    hits = 0
    for question in questions:
        known = [term for term in cut(question.text) if term in model.vocab_dict]
        hits += bool(known) and entries[int(model.get_scores(known).argmax())].key in question.right
    return hits / len(questions)


def _speed(questions: list[str]) -> list[Row]:
    small, _ = _milliseconds(SMALL, questions)
    large, megabytes = _milliseconds(LARGE, questions)
    return [
        absolute(f"search over {LARGE} entries, median", large, "ms", most=20),
        beside(f"search over {LARGE} entries", large, "ms", f"over {SMALL}", small, most=100),
        plain(f"memory that {LARGE} entries add", megabytes, "MB"),
    ]


def _milliseconds(size: int, questions: list[str]) -> tuple[float, float]:
    """The median of one search, and what the index added to the process."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    index = _grown(size)
    added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    times = []
    for question in questions:
        start = time.perf_counter()
        index.find(question)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), added


def _grown(size: int) -> Index:
    """The shipped wordings over and over, each time another answer with another model's name in it."""
    entries, whole = shipped_held()
    grown: list[Entry] = []
    texts: dict[str, str] = {}
    for number, entry in enumerate(islice(cycle(entries), size)):
        edition = number // len(entries)
        key = f"{entry.key}-{edition}"
        grown.append(Entry(key, entry.category, entry.label, f"{entry.said} kfr{edition}"))
        texts[key] = f"{whole[entry.key]} kfr{edition}"
    return Index(grown, texts, HouseWords((), ()))

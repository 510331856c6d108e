"""Search engines side by side over the same wordings: the right answer by the best single wording, and the time it takes."""

import re
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice

import bm25s
import numpy as np
import psycopg

from benchmarks.result import Row, plain
from core.knowledge.terms import HouseWords, terms
from tests.engines import Cluster, postgres_binaries
from tests.knowledge.asked import Asked, house_words, shipped_held

LARGE = 50_000
Terms = Callable[[str], list[str]]
Best = Callable[[str], int | None]  # question → number of the best wording


def rows(questions: list[Asked]) -> Iterator[Row]:
    """Quality over the shipped wordings and the median of one search over 50,000."""
    entries, _ = shipped_held()
    texts, keys = [entry.text for entry in entries], [entry.key for entry in entries]
    for name, engine, cut in _engines(house_words()):
        with engine(texts, cut) as best:
            places = [(best(question.text), question) for question in questions]
        right = sum(place is not None and keys[place] in question.right for place, question in places)
        with engine(list(islice(cycle(texts), LARGE)), cut) as best:
            taken = [_timed(best, question.text) for question in questions[:60]]
        yield plain(f"{name}: right first, one wording", 100 * right / len(questions), "%")
        yield plain(f"{name}: search over {LARGE}, median", 1000 * statistics.median(taken), "ms")


def _engines(words: HouseWords) -> Iterator[tuple[str, Callable[..., object], Terms]]:
    import jieba

    jieba.setLogLevel(60)

    def jieba_words(text: str) -> list[str]:
        return [word for word in jieba.cut_for_search(words.plain(text)) if word.strip()]

    def pairs(text: str) -> list[str]:
        return [term for term in terms(text, words) if not term.startswith("~")]

    def threes(text: str) -> list[str]:
        runs = re.findall(r"\w+", words.plain(text))
        return [run[i : i + 3] for run in runs for i in range(len(run) - 2)]

    yield "bm25s, characters and pairs", _bm25s, pairs
    yield "bm25s, jieba", _bm25s, jieba_words
    yield "SQLite FTS5, characters and pairs", _fts5, pairs
    yield "SQLite FTS5, jieba", _fts5, jieba_words
    yield "SQLite FTS5, its own trigrams", _fts5_trigrams, threes
    if postgres_binaries() is not None:
        yield "PostgreSQL, characters and pairs", _postgresql, pairs
        yield "PostgreSQL, jieba", _postgresql, jieba_words


def _timed(best: Best, question: str) -> float:
    start = time.perf_counter()
    best(question)
    return time.perf_counter() - start


@contextmanager
def _bm25s(texts: list[str], cut: Terms) -> Iterator[Best]:
    model = bm25s.BM25(method="lucene")
    model.index([cut(text) or ["∅"] for text in texts], show_progress=False)

    def best(question: str) -> int | None:
        known = [term for term in cut(question) if term in model.vocab_dict]
        return int(np.argmax(model.get_scores(known))) if known else None

    yield best


@contextmanager
def _fts5(
    texts: list[str], cut: Terms, tokenizer: str = "unicode61", stored: Callable[[str], str] | None = None
) -> Iterator[Best]:
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE VIRTUAL TABLE wording USING fts5(text, tokenize='{tokenizer}')")
    kept = stored or (lambda text: " ".join(cut(text)))
    database.executemany("INSERT INTO wording(rowid, text) VALUES (?, ?)", _numbered(map(kept, texts)))

    def best(question: str) -> int | None:
        asked = " OR ".join(f'"{term}"' for term in cut(question))
        found = database.execute(
            "SELECT rowid FROM wording WHERE wording MATCH ? ORDER BY bm25(wording) LIMIT 1", (asked or '""',)
        ).fetchone()
        return None if found is None else found[0]

    yield best
    database.close()


def _fts5_trigrams(texts: list[str], cut: Terms) -> object:
    words = house_words()
    return _fts5(texts, cut, "trigram", words.plain)


@contextmanager
def _postgresql(texts: list[str], cut: Terms) -> Iterator[Best]:
    binaries = postgres_binaries()
    assert binaries is not None
    cluster = Cluster(binaries)
    try:
        url = cluster.new_database().replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as database:
            database.execute("CREATE TABLE searched (id int PRIMARY KEY, terms tsvector)")
            with database.transaction(), database.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO searched VALUES (%s, to_tsvector('simple', %s))",
                    _numbered(" ".join(cut(text)) for text in texts),
                )
            database.execute("CREATE INDEX ON searched USING gin (terms)")
            database.execute("ANALYZE searched")

            def best(question: str) -> int | None:
                asked = " | ".join(f"'{term}'" for term in cut(question) if "'" not in term)
                found = database.execute(
                    "SELECT id FROM searched, to_tsquery('simple', %s) asked WHERE terms @@ asked"
                    " ORDER BY ts_rank(terms, asked, 1) DESC, id LIMIT 1",
                    (asked,),
                ).fetchone()
                return None if found is None else found[0]

            yield best
    finally:
        cluster.remove()


def _numbered(texts: Iterable[str]) -> list[tuple[int, str]]:
    return list(enumerate(texts))

"""A text turn with the real model, beside a bare /model/parse in the same run."""

import tempfile
from pathlib import Path

import httpx

from benchmarks.desk import CONVERSATION, answer, arrive, house_at, wall
from benchmarks.result import Row, beside, median
from nlu.client import NluClient
from nlu.process import ModelServer
from tests.engines import new_sqlite

ROUNDS = 12


def run() -> list[Row]:
    server = ModelServer(0, "bench").start()
    if not server.wait(600):
        raise RuntimeError(f"no model server: {server.reason}")
    try:
        with tempfile.TemporaryDirectory() as folder:
            return [_measure(server.url, Path(folder))]
    finally:
        server.stop()


def _measure(url: str, folder: Path) -> Row:
    house, client = house_at(new_sqlite(folder)), NluClient(url, "bench")
    bare: list[float] = []
    whole: list[float] = []
    with httpx.Client(headers={"Authorization": "Bearer bench"}, trust_env=False) as http:
        for number in range(ROUNDS):
            for text, _, _ in CONVERSATION:
                arrive(house, f"customer-{number}", text)
                before = wall()
                http.post(f"{url}/model/parse", json={"text": text}).raise_for_status()
                parsed = wall()
                answer(house, text, client.parse)
                if number:  # the first round warms both up
                    bare.append((parsed - before) / 1e6)
                    whole.append((wall() - parsed) / 1e6)
    client.close()
    house.database.close()
    return beside("turn with NLU, median", median(whole), "ms", "bare /model/parse", median(bare), most=1.5)

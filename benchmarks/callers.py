"""Callers at once: each makes one call after another, and each of its steps waits for the answer to the one before.

Runs as a process of its own: ``python -m benchmarks.callers URL CALLERS PAUSE < calls.jsonl`` prints JSON.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

from benchmarks.load import Connection, shot


async def talk(
    calls: list[list[tuple[bytes, bool]]], host: str, port: int, callers: int, pause: float
) -> dict[str, object]:
    """``pause``: seconds that a caller listens before the next key, give or take a half."""
    waiting = iter(calls)
    taken: list[float] = []
    answers: Counter[str] = Counter()

    async def caller() -> None:
        connection = Connection(host, port)
        for call in waiting:
            for request, measured in call:
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))
                begun = time.perf_counter()
                try:
                    status = str(await connection.ask(request))
                except (OSError, asyncio.IncompleteReadError) as error:
                    status, connection = type(error).__name__, Connection(host, port)
                answers[status] += 1
                if measured:
                    taken.append(1000 * (time.perf_counter() - begun))

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return {"milliseconds": taken, "answers": dict(answers), "seconds": time.perf_counter() - begun}


def main() -> None:
    url, callers, pause = urlsplit(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    calls = []
    for line in sys.stdin:
        one = json.loads(line)
        calls.append([(shot(json.dumps(s), url.netloc).request, s["measured"]) for s in one])
    print(json.dumps(asyncio.run(talk(calls, url.hostname or "", url.port or 80, callers, pause))))


if __name__ == "__main__":
    main()

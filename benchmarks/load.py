"""An open load: requests leave at their appointed time, whether earlier ones are answered or not.

Runs as a process of its own: ``python -m benchmarks.load URL RATE CONNECTIONS < shots.jsonl`` prints JSON.
"""

import asyncio
import json
import sys
import time
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Shot:
    """One request as bytes, ready to send."""

    request: bytes


def shot(line: str, host: str) -> Shot:
    """``{"path", "headers": {}, "body": base64}`` as one HTTP/1.1 request."""
    one = json.loads(line)
    body = b64decode(one["body"])
    headers = {"Host": host, "Content-Length": str(len(body)), **one["headers"]}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return Shot(f"POST {one['path']} HTTP/1.1\r\n{head}\r\n".encode() + body)


class Connection:
    """One kept-alive connection; requests on it are answered one after another."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> int:
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            ),
            0,
        )
        await self._reader.readexactly(length)
        return int(head.split(b" ", 2)[1])


async def fire(shots: list[Shot], host: str, port: int, rate: float, connections: int) -> dict[str, object]:
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait(Connection(host, port))
    taken: list[float] = []
    answers: Counter[str] = Counter()
    begin = time.perf_counter() + 0.2

    async def one(place: int, request: bytes) -> None:
        due = begin + place / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        connection = await free.get()
        try:
            status = str(await connection.ask(request))
        except (OSError, asyncio.IncompleteReadError) as error:
            status = type(error).__name__
            connection = Connection(host, port)
        free.put_nowait(connection)
        answers[status] += 1
        taken.append(1000 * (time.perf_counter() - due))

    await asyncio.gather(*(one(place, s.request) for place, s in enumerate(shots)))
    return {"milliseconds": taken, "answers": dict(answers), "seconds": time.perf_counter() - begin}


def main() -> None:
    url, rate, connections = urlsplit(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    shots = [shot(line, url.netloc) for line in sys.stdin]
    print(json.dumps(asyncio.run(fire(shots, url.hostname or "", url.port or 80, rate, connections))))


if __name__ == "__main__":
    main()

"""Providers for a measurement: they write down when which push arrived; one answers, the other never does.

A process of its own, ``python -m benchmarks.refusing``: prints the two ports, and at the end of its input all arrivals.
"""

import asyncio
import json
import re
import sys
import time

MARK = re.compile(rb"P(\d+)Q")
TOKEN = b'{"errcode":0,"errmsg":"ok","access_token":"bench-token-0123456789","expires_in":7200}'
TAKEN = b'{"errcode":0,"errmsg":"ok","msgid":"m"}'
Arrivals = dict[int, float]


class Provider(asyncio.Protocol):
    """One connection. What it is asked is complete when head and body are there; pipelining is not expected."""

    def __init__(self, arrivals: Arrivals, *, answers: bool) -> None:
        self._arrivals, self._answers, self._data = arrivals, answers, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        now, self._data = time.time(), self._data + data
        head, complete, body = self._data.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head.lower())
        if not complete or len(body) < (int(length[1]) if length else 0):
            return
        self._data = b""
        for mark in MARK.findall(body):
            self._arrivals.setdefault(int(mark), now)
        if self._answers:
            self._give(TOKEN if b"gettoken" in head else TAKEN)

    def _give(self, content: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self._transport.write(head.encode() + content)  # type: ignore[attr-defined]


async def main() -> None:
    loop, arrivals = asyncio.get_running_loop(), (Arrivals(), Arrivals())
    servers = [
        await loop.create_server(lambda a=a, n=n: Provider(a, answers=n == 0), "127.0.0.1", 0)  # type: ignore[misc]
        for n, a in enumerate(arrivals)
    ]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(json.dumps(arrivals), flush=True)


if __name__ == "__main__":
    asyncio.run(main())

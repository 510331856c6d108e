"""How Tencent calls a webhook: with patience, three tries, sometimes at the same time.

Tencent waits five seconds. On a busy machine that is over now and then; a test that is about it says so.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

# The query parameters and the body of one try; each try is signed anew.
Sealed = Callable[[], tuple[dict[str, str], str]]


@dataclass
class Try:
    """One request: `status` 0 when no answer came in time."""

    status: int
    body: str = ""
    seconds: float = 0

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass
class Delivered:
    """All tries, and the passive reply (decrypted, one level of fields, deeper ones as `Image.MediaId`)."""

    tries: list[Try] = field(default_factory=list)
    reply: dict[str, str] | None = None
    broken: str = ""  # why the answer is not one that Tencent accepts

    @property
    def ok(self) -> bool:
        return any(each.ok for each in self.tries) and not self.broken

    @property
    def text(self) -> str:
        return (self.reply or {}).get("Content", "")


class Callback:
    """`client` may be a Starlette TestClient; without it the requests go over the network."""

    def __init__(self, url: str, client: httpx.Client | None, patience: float) -> None:
        self.url, self.client, self.patience = url, client, patience

    def post(self, sealed: Sealed, tries: int, at_once: bool) -> list[Try]:
        if at_once:
            with ThreadPoolExecutor(tries) as pool:
                return list(pool.map(lambda _: self._once(sealed), range(tries)))
        done: list[Try] = []
        while len(done) < tries and not (done and done[-1].ok):
            done.append(self._once(sealed))
        return done

    def get(self, params: dict[str, str]) -> Try:
        return self._request("GET", params, None)

    def _once(self, sealed: Sealed) -> Try:
        params, body = sealed()
        return self._request("POST", params, body)

    def _request(self, verb: str, params: dict[str, str], body: str | None) -> Try:
        started = time.monotonic()
        more: dict[str, Any] = {} if body is None else {"content": body.encode("utf-8", "surrogatepass")}
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
        try:
            if self.client:
                answer = self.client.request(verb, self.url, params=params, headers=headers, **more)
            else:
                with httpx.Client(trust_env=False, verify=False, timeout=self.patience) as client:
                    answer = client.request(verb, self.url, params=params, headers=headers, **more)
        except httpx.TransportError:
            return Try(0, seconds=time.monotonic() - started)
        seconds = time.monotonic() - started
        return (
            Try(answer.status_code, answer.text, seconds)
            if seconds <= self.patience
            else Try(0, seconds=seconds)
        )

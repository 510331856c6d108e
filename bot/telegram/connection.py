"""python-telegram-bot is asynchronous and our workers are threads: one event loop on a thread of its own joins them."""

import asyncio
import logging
import threading
import warnings
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar
from urllib.parse import urlsplit

from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from core.messaging.channel import Later

T = TypeVar("T")
LONGEST = 45.0  # seconds of one call; the outbox row is leased for longer
_LOCAL = ("127.0.0.1", "localhost", "::1")
# httpx logs every URL, and ours hold the token; PTB logs every message and the secret. What goes wrong we report.
for _name in ("httpx", "httpcore", "telegram"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)
# Where we ask for raw answers we mean it: PTB's objects refuse what is not quite as they expect.
warnings.filterwarnings("ignore", message="Please use", category=PTBUserWarning)


class Connection:
    """The bot and its loop. The loop's thread starts with the first call, so that a fork takes none along."""

    def __init__(self, token: str, api_url: str) -> None:
        self.token, self.api_url = token, api_url.rstrip("/")
        local = urlsplit(api_url).hostname in _LOCAL
        self.http: dict[str, Any] = {"trust_env": not local}  # HTTPS_PROXY is for the way out of the country
        self.bot: ExtBot[Any] = ExtBot(
            token,
            base_url=f"{self.api_url}/bot",
            base_file_url=f"{self.api_url}/file/bot",
            request=self._request(read=15, pool=32),
            get_updates_request=self._request(read=15, pool=2),
            # It would take every call about a group for a message there; limits.py tells them apart.
            rate_limiter=AIORateLimiter(max_retries=0, group_max_rate=0),
        )
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def _request(self, *, read: float, pool: int) -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=pool,
            read_timeout=read,
            connect_timeout=5,
            pool_timeout=5,
            httpx_kwargs=self.http,
        )

    def run(self, call: Coroutine[Any, Any, T], *, longest: float = LONGEST) -> T:
        """Wait for a call of the bot. Raises what it raises, and Later when the loop has ended."""
        future = self.begin(call)
        try:
            return future.result(longest)
        except TimeoutError:
            future.cancel()
            raise Later("Telegram does not answer") from None

    def begin(self, call: Coroutine[Any, Any, T]) -> "Future[T]":
        """Start a call and go on."""
        try:
            return asyncio.run_coroutine_threadsafe(call, self._running())
        except Later:
            call.close()
            raise

    def close(self) -> None:
        """End the loop; calls under way are given up."""
        with self._lock:
            self._closed, loop, self._loop = True, self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(loop.stop)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise Later("the house is closing")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._serve, args=[self._loop], name="telegram", daemon=True).start()
            return self._loop

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(self._shut())
        loop.close()

    async def _shut(self) -> None:
        await asyncio.sleep(0)
        for request in self.bot._request:
            await request.shutdown()

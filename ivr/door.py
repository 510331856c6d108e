"""The door of a provider's webhooks: each is checked, read, and answered within the provider's patience."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from fastapi import Request
from fastapi.responses import Response

from ivr.heard import Heard

EVENTS = (
    "gather",
    "recorded",
    "dialled",
    "left",
    "wait",
    "silence",
    "again",
)  # what a step's address may end in
MOST_AGAIN = 4
AT_ONCE = 40  # steps; the others wait for a thread
_log = structlog.get_logger()


class Door(ABC):
    """What providers share. Each says how it signs, what its parameters mean, and how a document goes back."""

    patience: float  # seconds; less than the provider waits

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "voice")

    @abstractmethod
    async def values(self, request: Request) -> dict[str, Any] | None:
        """The parameters, or None when the provider did not send them."""

    @abstractmethod
    def heard(self, values: dict[str, Any], *, event: str, step: int) -> Heard:
        """The parameters in our words."""

    @abstractmethod
    def response(self, request: Request, heard: Heard, document: str) -> Response:
        """A document on its way out."""

    @abstractmethod
    def again(self, path: str | None) -> str:
        """The document that asks for ``path`` after a moment; None: that did not help, say what else to do."""

    async def answer(
        self,
        request: Request,
        event: str,
        step: int,
        work: Callable[[Heard], str],
        *,
        swift: Callable[[Heard], Awaitable[str | None]] | None = None,
    ) -> Response:
        """``swift`` is asked first, without a thread; what it cannot answer is ``work``."""
        values = await self.values(request)
        if values is None:
            return Response(status_code=403)
        heard = self.heard(values, event=event, step=step)
        if not heard.sid:
            return Response(status_code=400)
        try:
            async with asyncio.timeout(self.patience):
                document = (await swift(heard) if swift else None) or await self._in_thread(work, heard)
        except Exception as error:  # a caller hears a moment's pause, never an error
            _log.exception("step failed", call=heard.sid, at=event, why=type(error).__name__)
            document = self.again(_once_more(request))
        return self.response(request, heard, document)

    async def note(self, request: Request, work: Callable[[Heard], Any]) -> Response:
        """What needs no document. Not stored is not acknowledged: app/web.py answers 503 then."""
        values = await self.values(request)
        if values is None:
            return Response(status_code=403)
        if self.about_caller(values):
            await self._in_thread(work, self.heard(values, event="note", step=0))
        return Response(status_code=204)

    def about_caller(self, values: dict[str, Any]) -> bool:
        """Whether a note tells of the call itself, not of somebody whom we rang for it."""
        return True

    def _in_thread(self, work: Callable[[Heard], Any], heard: Heard) -> asyncio.Future[Any]:
        """Whoever stops waiting goes on at once; the thread ends by itself."""
        return asyncio.get_running_loop().run_in_executor(self._threads, work, heard)


def _once_more(request: Request) -> str | None:
    """The same webhook, with its place in the row of attempts; None after the last."""
    times = int(again) if (again := request.query_params.get("again", "0")).isdigit() else MOST_AGAIN
    return None if times >= MOST_AGAIN else f"{request.url.path}?again={times + 1}"

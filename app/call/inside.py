"""HTTP to ourselves without a socket: the whole ASGI app with its middleware, from a thread that serves a request.

The phone in /try calls the real webhooks this way, wherever the server listens and whatever stands before it.
"""

import anyio
import anyio.from_thread
import httpx
from starlette.types import ASGIApp


class InsideTransport(httpx.BaseTransport):
    """Every address leads to ``app``. Only in worker threads of the event loop that runs it (``to_thread``)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = httpx.ASGITransport(app, raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """From a worker's thread: the application runs on the event loop that the thread belongs to."""
        answer: httpx.Response = anyio.from_thread.run(self._ask, request)
        return answer

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions.get("timeout", {}).get("read")
        try:
            with anyio.fail_after(seconds):
                answer = await self._app.handle_async_request(request)
                content = await answer.aread()
        except TimeoutError as late:
            raise httpx.ReadTimeout("no answer in time", request=request) from late
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)

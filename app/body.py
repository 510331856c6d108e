"""The limit on what a request may carry, as plain ASGI: it runs before every webhook and must cost nothing."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MOST_BODY = 256 * 1024  # bytes
_WITH_BODY = ("POST", "PUT", "PATCH")


class LimitBody:
    """Refuses what is too large by its stated length, and what does not state one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in _WITH_BODY and not _console(scope["path"]):
            length = next((v for k, v in scope["headers"] if k == b"content-length"), b"")
            if not length.isdigit():
                await JSONResponse({"error": "length required"}, 411)(scope, receive, send)
                return
            if int(length) > MOST_BODY:
                await JSONResponse({"error": "too large"}, 413)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _console(path: str) -> bool:
    return path.startswith("/console")

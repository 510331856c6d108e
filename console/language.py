"""The language of one request: the cookie decides, Chinese when there is none."""

from contextvars import ContextVar

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

# The framework's own locale cookie has the same name and the same values.
COOKIE = "language"
LANGUAGES = ("zh", "en")
YEAR = 365 * 24 * 3600

_current: ContextVar[str] = ContextVar("console_language", default="zh")


def language() -> str:
    """Of the page that is being made: zh or en."""
    return _current.get()


class LanguageMiddleware:
    """Remembers the language for everything below; plain ASGI, so that the context reaches the handlers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        chosen = HTTPConnection(scope).cookies.get(COOKIE)
        token = _current.set(chosen if chosen in LANGUAGES else "zh")
        try:
            await self.app(scope, receive, send)
        finally:
            _current.reset(token)

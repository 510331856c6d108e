"""The session of the editing pages: looking must not take SQLite's write lock."""

from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Receive, Scope, Send

_looking: ContextVar[bool] = ContextVar("console_looking", default=False)


class LookingMiddleware:
    """Marks requests that change nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _looking.set(scope.get("method") in ("GET", "HEAD"))
        try:
            await self.app(scope, receive, send)
        finally:
            _looking.reset(token)


class EditSession(Session):
    """Binds to the reading engine on GET; one engine object per session, for one connection per session."""

    _reading: Engine | None = None

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        engine = super().get_bind(*args, **kwargs)
        if not _looking.get() or not isinstance(engine, Engine):
            return engine
        if self._reading is None:
            self._reading = engine.execution_options(readonly=True)
        return self._reading

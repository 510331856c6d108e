"""Headers for pages that show people's data, and kind words for a form that was open too long."""

from html import escape

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.wording import say

# The framework's pages carry inline scripts; everything else comes from this house only, but for the pictures of
# WeCom's join codes, which WeCom keeps (bot/wecom/customer_groups.py).
POLICY = (
    "default-src 'self' 'unsafe-inline'; img-src 'self' data: https://*.qpic.cn; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'"
)


class Shield:
    """Plain ASGI, around everything else of the console."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        stale = False

        async def guarded(message: Message) -> None:
            nonlocal stale
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                kind = headers.get("content-type", "")
                # Only the CSRF check answers 403 in plain text; all other refusals are pages.
                stale = message["status"] == 403 and kind.startswith("text/plain")
                _protect(headers, page=kind.startswith("text/html") or stale)
                if stale:
                    headers["content-type"] = "text/html; charset=utf-8"
                    headers["content-length"] = str(len(_stale_page()))
            elif stale:
                message = {"type": "http.response.body", "body": _stale_page()}
            await send(message)

        await self.app(scope, receive, guarded)


def _protect(headers: MutableHeaders, *, page: bool) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    if page:
        headers["Content-Security-Policy"] = POLICY
        headers["Referrer-Policy"] = "same-origin"
        headers["Cache-Control"] = "no-store"


def _stale_page() -> bytes:
    text, home = escape(say("error.stale")), escape(say("home"))
    return f'<!doctype html><meta charset="utf-8"><p>{text}</p><a href="/console/">{home}</a>'.encode()

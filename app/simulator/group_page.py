"""The page of a Q&A group, /groups/<link>: empty for everybody but the browser that its link belongs to."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.simulator.pages import page_of

# The link is somebody's own: it is told to no other site, and kept in no cache between us.
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
ROUTER = APIRouter()


@ROUTER.get("/groups/{token}")
def page(token: str) -> HTMLResponse:
    return page_of("group.html", _HEADERS)

"""The pages for a customer's browser, put together once: a frame that all share, and what each has of its own."""

from functools import cache
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


@cache
def _whole(name: str) -> str:
    return _PAGES.get_template(name).render()


def page_of(name: str, headers: dict[str, str]) -> HTMLResponse:
    """One of the pages beside this file, such as ``index.html``."""
    return HTMLResponse(_whole(name), headers=headers)

"""A small application that serves TwiML written by hand, and looks at every request with Twilio's own validator."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from ivr.softphone import Caller

TOKEN = "12345678901234567890123456789012"
HOST = "http://testserver"


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    fields: dict[str, str]
    token: str
    genuine: bool


Answer = str | Response | Callable[[dict[str, str]], "str | Response"]


@dataclass
class Switchboard:
    """Documents by path; what has none is 404. A string is what stands inside Response."""

    documents: dict[str, Answer] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        form = await request.form()
        posted = {name: str(value) for name, value in form.items()}
        validator = RequestValidator(TOKEN)
        genuine = validator.validate(str(request.url), posted, request.headers["x-twilio-signature"])
        fields = dict(request.query_params) | posted
        token = request.headers["i-twilio-idempotency-token"]
        self.seen.append(Seen(request.method, request.url.path, fields, token, genuine))
        made = self.documents.get(request.url.path)
        made = made(fields) if callable(made) and not isinstance(made, Response) else made
        if made is None:
            return Response("", status_code=404)
        return made if isinstance(made, Response) else xml(made)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self.answer, methods=["GET", "POST"])])

    def phone(self, document: Answer | None = None, **options: Any) -> Caller:
        """A telephone whose number answers with this document at /in."""
        if document is not None:
            self.documents["/in"] = document
        options = {"token": TOKEN, "http": TestClient(self.app)} | options
        return Caller(options.pop("url", f"{HOST}/in"), **options)

    def asked(self, path: str) -> list[dict[str, str]]:
        """The fields of every request to a path."""
        return [seen.fields for seen in self.seen if seen.path == path]


def xml(inside: str) -> Response:
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>', media_type="text/xml"
    )


@pytest.fixture
def board() -> Any:
    """Every request of every test must carry a signature that twilio's validator accepts."""
    opened = Switchboard()
    yield opened
    assert all(seen.genuine for seen in opened.seen), [seen for seen in opened.seen if not seen.genuine]

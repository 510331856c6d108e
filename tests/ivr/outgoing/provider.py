"""api.twilio.com on 127.0.0.1, as far as placing calls goes: creates, lists, refuses, and loses its answers."""

import base64
import itertools
import json
from collections.abc import Callable
from email.utils import formatdate
from urllib.parse import parse_qsl

from tests.providers.http import Answer, HttpServer, Request

ACCOUNT, TOKEN, NUMBER = "AC" + "1" * 32, "local-twilio-token", "+864008111222"
_BASE = f"/2010-04-01/Accounts/{ACCOUNT}"


class TwilioServer(HttpServer):
    """``calls`` are those it has placed, newest last; ``fails`` decides over each creation before it is made."""

    def __init__(self) -> None:
        self.calls: list[dict[str, str]] = []
        self.listed = 0
        self.fails: list[Callable[[], Answer | None]] = []  # taken from the front, one for each creation
        self._numbers = itertools.count(1)
        super().__init__()

    @property
    def settings(self) -> dict[str, str]:
        account = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "twilio_from": NUMBER}
        return account | {"twilio_api_url": self.url, "public_url": "https://house.example"}

    def answer(self, request: Request) -> Answer:
        secret = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {secret}":
            return Answer({"code": 20003, "message": "Authenticate", "status": 401}, 401)
        if request.path != f"{_BASE}/Calls.json":
            return Answer({"code": 20404, "message": "not found", "status": 404}, 404)
        return self._list(request) if request.verb == "GET" else self._create(request)

    def _create(self, request: Request) -> Answer:
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        with self.lock:
            refused = self.fails.pop(0)() if self.fails else None
            if refused is not None and not refused.dropped:
                return refused
            if refused is not None and refused.status != 200:  # lost on the way: it was never made
                return refused
            call = {
                "sid": f"CA{next(self._numbers):032x}",
                "to": form["To"],
                "from": form["From"],
                "status": "queued",
                "direction": "outbound-api",
                "date_created": formatdate(usegmt=True),
                **{f"asked_{name}": value for name, value in form.items()},
            }
            self.calls.append(call)
        return refused or Answer(call, 201)

    def _list(self, request: Request) -> Answer:
        self.listed += 1
        mine = [
            call
            for call in reversed(self.calls)
            if (call["to"], call["from"]) == (request.query.get("To"), request.query.get("From"))
        ]
        return Answer({"calls": mine, "page": 0, "page_size": 50, "next_page_uri": None})


def refused(code: int, status: int) -> Callable[[], Answer]:
    return lambda: Answer({"code": code, "message": json.dumps(code), "status": status}, status)


def lost_after() -> Answer:
    """The call is made, and nobody hears of it."""
    return Answer(dropped=True)


def lost_before() -> Answer:
    """The request never arrives."""
    return Answer(dropped=True, status=599)

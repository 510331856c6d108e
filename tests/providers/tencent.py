"""What WeChat's and WeCom's APIs share: /cgi-bin/<method>?access_token=, JSON, errors by number with HTTP 200."""

import json
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.providers.http import Answer, HttpServer, Request
from tests.providers.multipart import parts
from tests.providers.record import Call, Record, Trouble, troubled


class Refused(Exception):
    """An errcode; `violation` when only a mistake of ours can cause it."""

    def __init__(self, code: int, text: str = "", violation: bool = False, **more: Any) -> None:
        super().__init__(code)
        self.code, self.text, self.violation, self.more = code, text, violation, more


def wrong(code: int, text: str = "") -> Refused:
    return Refused(code, text, violation=True)


def server_error() -> Trouble:
    return Trouble({"errmsg": "Internal Server Error"}, status=500)


def slow(seconds: float) -> Trouble:
    """The call takes effect; the answer is late."""
    return Trouble(delay=seconds)


def dropped(effect: bool = False) -> Trouble:
    """The connection ends without an answer, before or after the effect."""
    return Trouble(dropped=True, effect=effect)


class TencentServer(HttpServer):
    """`fail()` plans what goes wrong; `advance()` moves this provider's clock, on which quotas and tokens run."""

    errors: dict[int, str]
    methods: Mapping[str, Callable[[Any, Call], Any]]
    without_token: frozenset[str]

    def __init__(self) -> None:
        self.record = Record(to=lambda call: call.params.get("touser"))
        self.caller_ip = "203.0.113.9"  # what the provider says of the caller in "IP not allowed"
        self._ahead = 0.0
        super().__init__()

    @property
    def calls(self) -> list[Call]:
        return self.record.calls

    @property
    def violations(self) -> list[str]:
        return self.record.violations

    def called(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of one method, such as "message/custom/send"."""
        return [call.params for call in self.calls if call.method == method]

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def fail(
        self, how: int | Trouble, on: str | None = None, to: str | None = None, times: float = math.inf
    ) -> None:
        """Let calls of a method, to a user, or all calls answer this errcode or have this trouble."""
        trouble = how if isinstance(how, Trouble) else Trouble(self.error(Refused(how)))
        self.record.fail(trouble, on, to, times)

    def heal(self) -> None:
        self.record.heal()

    def error(self, refused: Refused) -> dict[str, Any]:
        text = refused.text or self.errors.get(refused.code, "error").format(ip=self.caller_ip)
        return {"errcode": refused.code, "errmsg": f"{text} rid: 6925a1b2-0c3d4e5f-1a2b3c4d"} | refused.more

    def answer(self, request: Request) -> Answer:
        method = request.path.removeprefix("/cgi-bin/")
        params, files = self.parameters(request)
        call = Call(method, params, token=request.query.get("access_token", ""), files=files)
        with self.lock:
            self.calls.append(call)
            trouble = self.record.trouble(call)
        return troubled(trouble, call, lambda: self.play(call)) if trouble else self.play(call)

    def parameters(self, request: Request) -> tuple[dict[str, Any], dict[str, bytes]]:
        params: dict[str, Any] = {k: v for k, v in request.query.items() if k != "access_token"}
        kind = request.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            return params, {name: content for name, _, content in parts(kind, request.body)}
        if rb"\u" in request.body:
            # These APIs show such text as it was sent, backslash and all.
            self.violations.append(f"{request.path}: Chinese text sent as \\u escapes")
        try:
            return params | json.loads(request.body or b"{}"), {}
        except (ValueError, TypeError):
            self.violations.append(f"{request.path}: the body is not a JSON object")
            return params, {}

    def play(self, call: Call) -> Answer:
        try:
            with self.lock:
                call.answer = self.act(call)
        except Refused as refused:
            call.answer = self.error(refused)
            if refused.violation:
                self.violations.append(f"{call.method}: {call.answer['errmsg']}")
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            call.answer = self.error(Refused(47001, "data format error"))
            self.violations.append(f"{call.method}: a body of another shape than documented: {problem!r}")
        answer = call.answer if isinstance(call.answer, Answer) else Answer(call.answer)
        call.answer = answer.body
        return answer

    def act(self, call: Call) -> Any:
        if call.method not in self.methods:
            self.violations.append(f"{call.method}: no such method here")
            return Answer({"errcode": 404, "errmsg": "not found"}, status=404)
        if call.method not in self.without_token:
            self.check_token(call.token)
        result = self.methods[call.method](self, call)
        return {"errcode": 0, "errmsg": "ok"} | result if isinstance(result, dict) else result

    def check_token(self, token: str) -> None:
        raise NotImplementedError


def need(params: dict[str, Any], code: int, *names: str, optional: tuple[str, ...] = ()) -> None:
    """Refuse a body that lacks a field, or has one that the documentation does not know."""
    if missing := [name for name in names if params.get(name) in (None, "")]:
        raise wrong(code, f"missing {', '.join(missing)}")
    if unknown := params.keys() - {*names, *optional}:
        raise wrong(code, f"unknown field {', '.join(sorted(unknown))}")

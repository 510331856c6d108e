"""Signature, addresses, time-outs, retries, redirects: over real sockets where it matters."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from ivr.softphone import Caller
from ivr.softphone.signing import signature
from tests.ivr.softphone.conftest import HOST, TOKEN, Switchboard, xml
from tests.ports import free_port
from tests.serving import serving
from tests.waiting import PATIENCE

WORDS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.text(min_size=1, max_size=40, alphabet="abc019"), st.dictionaries(WORDS, WORDS, max_size=6), WORDS)
def test_twilios_validator_agrees_with_our_signature(token: str, fields: dict[str, str], query: str) -> None:
    url = str(httpx.URL("https://example.com:8443/voice/in", params={"q": query}))
    signed = signature(token, url, fields.items())
    assert RequestValidator(token).validate(url, fields, signed)
    assert not RequestValidator(token + "x").validate(url, fields, signed)


def test_the_signature_of_twilios_own_page() -> None:
    """The example of twilio.com/docs/usage/security, as it has been printed for years."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    signed = signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", fields.items())
    assert signed == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_every_request_has_the_fields_of_a_call_blank_ones_too(board: Switchboard) -> None:
    phone = board.phone('<Gather numDigits="1" action="/b"/>', caller="anonymous").call().press("1")
    first, second = board.seen
    assert (
        first.fields["CallSid"] == phone.line.sid
        and phone.line.sid.startswith("CA")
        and len(phone.line.sid) == 34
    )
    assert first.fields["From"] == first.fields["Caller"] == "anonymous" and first.fields["FromCity"] == ""
    assert (first.fields["CallStatus"], second.fields["CallStatus"]) == ("ringing", "in-progress")
    assert (first.fields["ApiVersion"], first.fields["Direction"]) == ("2010-04-01", "inbound")
    assert first.token != second.token


def test_delivered_twice_means_the_same_token_and_both_answers_are_kept(board: Switchboard) -> None:
    board.documents["/b"] = "<Say>好</Say>"
    phone = board.phone('<Gather numDigits="1" action="/b"/>', twice=True).call().press("1")
    assert [seen.path for seen in board.seen] == ["/in", "/in", "/b", "/b"]
    assert board.seen[0].token == board.seen[1].token != board.seen[2].token == board.seen[3].token
    assert board.seen[2].fields == board.seen[3].fields
    assert phone.heard == ["好"] and len(phone.wire.twins) == 2
    assert all(first == second for first, second in phone.wire.twins)


class Slow:
    """A server that answers late, in drops, not at all, or elsewhere."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str]] = []
        self.genuine = True
        self.fails = 0

    async def answer(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        path = request.url.path
        self.seen.append((request.method, path, request.headers["i-twilio-idempotency-token"]))
        url = str(request.url)
        if request.headers.get("x-outside"):
            url = request.headers["x-outside"] + path
        self.genuine &= RequestValidator(TOKEN).validate(url, form, request.headers["x-twilio-signature"])
        if path == "/late":
            await asyncio.sleep(0.6)
        if path == "/drops":
            return StreamingResponse(self._drops(), media_type="text/xml")
        if path == "/flaky" and len(self.seen) <= self.fails:
            return Response("", status_code=503)
        if path in ("/moved", "/moved307"):
            return RedirectResponse("/here?x=1", status_code=307 if path == "/moved307" else 302)
        return xml(f"<Say>{path} {request.method} {form.get('CallStatus', '')}</Say>")

    async def _drops(self) -> Any:
        for _ in range(1200):  # a minute
            yield b"<Response>"
            await asyncio.sleep(0.05)


@pytest.fixture
def slow() -> Iterator[tuple[Slow, str]]:
    told = Slow()
    routes = [Route("/{path:path}", told.answer, methods=["GET", "POST"])]
    with serving(Starlette(routes=routes)) as address:
        yield told, address
    assert told.genuine


def test_an_answer_that_comes_too_late_is_none(slow: tuple[Slow, str]) -> None:
    told, url = slow
    phone = Caller(f"{url}/late#rt=200", token=TOKEN, fallback=f"{url}/fallback").call()
    assert phone.errors[0].startswith("11200") and phone.heard == ["/fallback POST ringing"]
    assert [path for _, path, _ in told.seen] == [
        "/late",
        "/fallback",
    ]  # by default a late answer is not asked again


def test_an_answer_in_drops_ends_with_the_whole_time(slow: tuple[Slow, str]) -> None:
    _, url = slow
    begun = time.monotonic()
    phone = Caller(f"{url}/drops#tt=300", token=TOKEN).call()
    assert phone.errors[0].startswith("11200") and time.monotonic() - begun < PATIENCE / 2


def test_retries_come_with_the_same_token(slow: tuple[Slow, str]) -> None:
    told, url = slow
    told.fails = 2
    phone = Caller(f"{url}/flaky#rc=3&rp=5xx", token=TOKEN).call()
    assert phone.heard == ["/flaky POST ringing"] and len(told.seen) == 3
    assert len({token for *_, token in told.seen}) == 1


def test_retries_end(slow: tuple[Slow, str]) -> None:
    told, url = slow
    told.fails = 9
    phone = Caller(f"{url}/flaky#rc=2&rp=all", token=TOKEN).call()
    assert phone.ended == "error" and len(told.seen) == 3


def test_a_server_error_is_not_asked_again_by_default(slow: tuple[Slow, str]) -> None:
    told, url = slow
    told.fails = 9
    Caller(f"{url}/flaky", token=TOKEN).call()
    assert len(told.seen) == 1


def test_nobody_listens(board: Switchboard) -> None:
    phone = Caller(f"http://127.0.0.1:{free_port()}/in", token=TOKEN).call()
    assert phone.errors[0].startswith("11205") and phone.ended == "error"


@pytest.mark.parametrize("url", ["ftp://example.com/in", "http://例子/在", "in", "http://exa mple/in"])
def test_addresses_that_are_none(url: str) -> None:
    assert Caller(url, token=TOKEN).call().errors[0].startswith("11100")


def test_a_moved_page_is_followed_and_signed_again(slow: tuple[Slow, str]) -> None:
    _, url = slow
    assert Caller(f"{url}/moved", token=TOKEN).call().heard == ["/here GET"]
    assert Caller(f"{url}/moved307", token=TOKEN).call().heard == ["/here POST ringing"]


def test_the_public_address_is_signed_and_the_inner_one_is_reached(slow: tuple[Slow, str]) -> None:
    told, url = slow
    outside = "https://phone.example.com"
    http = httpx.Client(trust_env=False, headers={"x-outside": outside})
    phone = Caller(f"{outside}/in", token=TOKEN, http=http, outside=outside, inside=url).call()
    assert phone.heard == ["/in POST ringing"] and told.genuine


def test_a_fallback_for_a_number_that_is_reached_again(board: Switchboard) -> None:
    """An address of another host than ours is called as it is."""
    phone = board.phone("<Redirect>http://other.example/x</Redirect>", outside=HOST, inside=HOST).call()
    assert phone.requests[-1].text == "POST http://other.example/x"

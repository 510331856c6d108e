"""The phone in /try: each step by HTTP, through the real app, the call carried by the browser."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from anyio import to_thread
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from app.settings import Settings
from app.telephone import account_sid, signing_token
from app.web import create_app
from tests.ivr.softphone.conftest import HOST, TOKEN, Switchboard

B = "/webhooks/voice"
MENU = f'<Say>您好</Say><Gather input="dtmf speech" language="cmn-Hans-CN" numDigits="1" action="{B}/menu"><Say>报修请按1</Say></Gather>'


class Slow:
    """A webhook that works in a thread of the server's, as the real ones do."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    async def answer(self, request: Any) -> Any:
        to_thread.current_default_thread_limiter().total_tokens = 4
        await run_in_threadpool(time.sleep, 0.05)
        return await self._board.answer(request)


class Browser:
    """What the page does: it sends a step with the call as it was answered last."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.call = client, ""
        self.answer: dict[str, Any] = {}

    def do(self, what: str, **more: Any) -> dict[str, Any]:
        response = self.client.post("/try/phone", json={"do": what, "call": self.call, **more})
        assert response.status_code == 200, response.text
        self.answer = response.json()
        self.call = self.answer["call"]
        return self.answer

    def heard(self) -> list[str]:
        return [entry["text"] for entry in self.answer["entries"] if entry["kind"] == "heard"]


def application(tmp_path: Any, url: str, board: Switchboard, **settings: Any) -> FastAPI:
    """The whole app, with a voice of the test's own where the menus answer."""
    made = create_app(Settings(home=tmp_path, database_url=url, nlu_url="off", **settings))
    made.router.routes.insert(0, Route(B + "/{path:path}", Slow(board).answer, methods=["POST"]))
    return made


@pytest.fixture
def demo(tmp_path: Any, sqlite_url: str, board: Switchboard) -> Iterator[TestClient]:
    made = application(tmp_path, sqlite_url, board, demo=True, twilio_auth_token=TOKEN)
    board.documents |= {f"{B}/incoming": MENU, f"{B}/menu": "<Say>请讲</Say>", f"{B}/status": ""}
    with TestClient(made) as client:
        yield client


def test_a_call_step_by_step(demo: TestClient, board: Switchboard) -> None:
    browser = Browser(demo)
    first = browser.do("call", caller="+8613911112222")
    assert first["doing"] == "speaking" and browser.heard() == ["您好"] and first["left"] == 0.5
    assert board.asked(f"{B}/incoming")[0]["From"] == "+8613911112222"
    browser.do("wait")
    assert browser.heard() == ["报修请按1"] and browser.answer["doing"] == "speaking"
    browser.do("press", value="1", after=0.6)
    assert board.asked(f"{B}/menu")[0]["Digits"] == "1" and browser.heard() == ["请讲"]
    assert browser.answer["clock"] == pytest.approx(1.1)
    assert browser.do("hangup")["ended"] == "caller"
    assert board.asked(f"{B}/status")[0]["CallStatus"] == "completed"


def test_a_person_is_slower_than_the_clock(demo: TestClient, board: Switchboard) -> None:
    """What was pressed while a prompt was shown belongs to that prompt, however long it was read aloud."""
    browser = Browser(demo)
    browser.do("call")
    browser.do("press", value="1", after=60)
    browser.do("wait")
    assert board.asked(f"{B}/menu")[0]["Digits"] == "1", "typed ahead, while 您好 was said"


def test_speech_with_the_confidence_of_the_browser(demo: TestClient, board: Switchboard) -> None:
    browser = Browser(demo)
    browser.do("call")
    browser.do("wait")
    browser.do("say", value="报修", confidence="0.31")
    assert board.asked(f"{B}/menu")[0]["Confidence"] == "0.31"


def test_the_other_side_is_played_too(demo: TestClient, board: Switchboard) -> None:
    board.documents[f"{B}/incoming"] = (
        f'<Dial action="{B}/after"><Number url="{B}/whisper">10086</Number></Dial>'
    )
    board.documents[f"{B}/whisper"] = (
        f'<Gather numDigits="1" action="{B}/ok"><Say>接听请按1</Say></Gather><Hangup/>'
    )
    board.documents |= {f"{B}/ok": "", f"{B}/after": lambda f: f"<Say>{f['DialCallStatus']}</Say>"}
    browser = Browser(demo)
    assert browser.do("call")["doing"] == "ringing"
    assert browser.do("answer", after=2)["doing"] == "talking"
    assert [entry["text"] for entry in browser.answer["entries"] if entry["kind"] == "whisper"] == [
        "接听请按1"
    ]
    browser.do("over", after=20)
    assert browser.heard() == ["completed"] and board.asked(f"{B}/after")[0]["DialCallDuration"] == "20"
    browser = Browser(demo)
    browser.do("call")
    browser.do("busy")
    assert browser.heard() == ["busy"]


def test_staff_take_the_caller_from_the_queue(demo: TestClient, board: Switchboard) -> None:
    board.documents[f"{B}/incoming"] = f'<Enqueue waitUrl="{B}/wait" action="{B}/after">q</Enqueue>'
    board.documents |= {
        f"{B}/wait": "<Say>请稍等</Say>",
        f"{B}/after": lambda f: f"<Say>{f['QueueResult']}</Say>",
    }
    browser = Browser(demo)
    assert browser.do("call")["queued"]
    assert browser.do("answer")["doing"] == "talking"
    browser.do("over", after=3)
    assert browser.heard() == ["bridged"]


def test_a_step_that_comes_again_is_the_same_request(demo: TestClient, board: Switchboard) -> None:
    browser = Browser(demo)
    browser.do("call")
    before = browser.call
    browser.do("wait")
    browser.do("press", value="1")
    again = Browser(demo)
    again.call = before
    again.do("wait")
    again.do("press", value="1")
    first, second = [seen for seen in board.seen if seen.path == f"{B}/menu"]
    assert first.token == second.token and first.fields == second.fields


@pytest.mark.parametrize("call", ["", "x", "eyJsaW5lIjp7fX0.forged", "好"])
def test_a_call_that_was_not_ours(demo: TestClient, call: str) -> None:
    assert demo.post("/try/phone", json={"do": "press", "value": "1", "call": call}).status_code == 409


def test_steps_that_are_none(demo: TestClient) -> None:
    for step in ({"do": "dance"}, {"do": "press", "after": -1}, {"do": "call", "caller": "1" * 61}, {}):
        assert demo.post("/try/phone", json=step).status_code == 422
    browser = Browser(demo)
    browser.do("call")
    wrong = demo.post("/try/phone", json={"do": "press", "value": "w", "call": browser.call})
    assert wrong.status_code == 409 and "no such key" in wrong.json()["error"]


def test_only_demonstrations_have_it(tmp_path: Any, sqlite_url: str, board: Switchboard) -> None:
    with TestClient(application(tmp_path, sqlite_url, board)) as client:
        assert client.post("/try/phone", json={"do": "call"}).status_code == 404
    assert board.seen == []


def test_without_an_account_the_house_signs_with_a_key_of_its_own(tmp_path: Any, sqlite_url: str) -> None:
    board = Switchboard({f"{B}/incoming": MENU})
    settings = Settings(home=tmp_path, demo=True)
    with TestClient(application(tmp_path, sqlite_url, board, demo=True)) as client:
        Browser(client).do("call")
    seen = board.seen[0]
    assert not seen.genuine and seen.fields["AccountSid"] == account_sid(settings)
    assert len(signing_token(settings)) == 32 and signing_token(settings) != settings.secret[:32]
    other = Settings(home=tmp_path / "other", demo=True)
    assert signing_token(other) != signing_token(settings) and account_sid(other) != account_sid(settings)


def test_many_telephones_at_once_do_not_wait_for_each_other(demo: TestClient, board: Switchboard) -> None:
    """More of them than the server has threads: a webhook must find one all the same."""
    with ThreadPoolExecutor(30) as callers:
        answers = list(callers.map(lambda _: Browser(demo).do("call"), range(30)))
    assert all(answer["doing"] == "speaking" for answer in answers) and len({a["sid"] for a in answers}) == 30


def test_behind_a_proxy_the_public_address_is_signed(tmp_path: Any, sqlite_url: str) -> None:
    board, public, token = Switchboard({f"{B}/incoming": MENU}), "https://front.example.com", "t" * 32
    more: dict[str, Any] = {"demo": True, "public_url": public, "twilio_auth_token": token}
    signed: list[bool] = []

    async def look(request: Any) -> Any:
        form = {name: str(value) for name, value in (await request.form()).items()}
        url = public + request.url.path
        signed.append(RequestValidator(token).validate(url, form, request.headers["x-twilio-signature"]))
        return await Switchboard.answer(board, request)

    board.answer = look  # type: ignore[method-assign]
    with TestClient(application(tmp_path, sqlite_url, board, **more), base_url=HOST) as client:
        Browser(client).do("call")
    assert signed == [True]


def test_a_webhook_that_breaks_is_an_error_of_the_call_not_of_the_page(
    demo: TestClient, board: Switchboard
) -> None:
    del board.documents[f"{B}/incoming"]
    board.documents[f"{B}/fallback"] = "<Say>系统繁忙</Say>"
    browser = Browser(demo)
    browser.do("call")
    assert browser.heard() == ["系统繁忙"] and any(
        entry["kind"] == "error" for entry in browser.answer["entries"]
    )

"""Calls that the house places ring in /try, on the telephone that somebody holds, and nowhere else."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.call import answering
from app.call.terminal import pipe
from app.settings import Settings
from app.web import create_app
from core.care.model import CallTask
from core.ticket.model import Ticket
from tests.conftest import MONDAY_MORNING
from tests.ivr.outgoing.conftest import WANG, Desk
from tests.ivr.outgoing.test_calls import DONE, alerted
from tests.play import FrozenClock
from tests.serving import serving
from tests.waiting import PATIENCE

AGENT = "+8613911112222"


class Held(Desk):
    """The demonstration's house: no provider, and telephones that a page holds."""

    def state(self, phone: str = WANG) -> Any:
        answer = self.client.get("/try/state", params={"visitor": "v", "phone": phone})
        return answer.json()["ringing"]

    def step(self, do: str, phone: str = WANG, **more: Any) -> Any:
        asked = {"do": do, "caller": phone, "call": getattr(self, "call", ""), **more}
        answer = self.client.post("/try/phone", json=asked)
        assert answer.status_code == 200, answer.text
        self.call = answer.json()["call"]
        return answer.json()

    def heard(self, answer: Any) -> str:
        return "".join(entry["text"] for entry in answer["entries"] if entry["kind"] == "heard")

    def quiet_through(self, answer: Any) -> Any:
        """Listen until something is expected of us; all that was heard on the way."""
        said = self.heard(answer)
        while answer["doing"] in ("speaking", "pausing"):
            answer = self.step("wait")
            said += self.heard(answer)
        return said


@pytest.fixture
def held(database_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    monkeypatch.setattr("app.wiring.Clock", lambda *_args, **_more: FrozenClock(MONDAY_MORNING))
    # The days until it rings pass while nobody asks; on a busy machine that takes more than a moment.
    monkeypatch.setattr("ivr.softphone.held.HELD_SECONDS", 600.0)
    app = create_app(Settings(database_url=database_url, demo=True, home=tmp_path / "home"))
    desk = Held(app, provider=None)
    desk.hire()
    yield desk
    desk.settled()


def test_a_survey_rings_and_is_answered_with_the_keypad(held: Held) -> None:
    number = held.ticket(*DONE)
    assert held.state() is None
    held.until(placed=1)
    rings = held.state()
    assert rings["purpose"] == "survey" and rings["seconds"] == 35
    first = held.step("pickup")
    assert [e["text"] for e in first["entries"] if e["kind"] == "request"][-1].endswith(
        f"/webhooks/voice/outbound/{rings['order']}"
    )
    assert "请按1到5" in held.quiet_through(first) and held.state() is None
    assert "谢谢您的评价" in held.quiet_through(held.step("press", value="5"))
    held.step("hangup")
    assert held.rows(Ticket)[0].rating == 5 and held.orders()[0].outcome == "rated"
    assert ("call_ended", "survey: rated") in held.timeline(number)


@pytest.mark.parametrize(("does", "outcome"), [("decline", "busy"), ("ignore", "no_answer")])
def test_it_may_be_declined_or_left_to_ring(held: Held, does: str, outcome: str) -> None:
    held.ticket(*DONE)
    held.state()
    held.until(placed=1)
    held.state()
    assert held.step(does)["ended"]
    assert held.orders()[0].outcome == outcome and held.state() is None
    again = held.client.post("/try/phone", json={"do": "pickup", "caller": WANG})
    assert again.status_code == 409 and again.json()["error"] == "it rings no more"


def test_a_visit_is_confirmed(held: Held) -> None:
    number = held.ticket("accept", "dispatch")
    at = held.house.local(held.house.clock.now()).replace(hour=15, minute=0)
    held.staff("appoint", number, when=at + timedelta(days=2))
    held.state()
    held.until(placed=1)
    assert held.state()["purpose"] == "appointment"
    assert "15:00上门" in held.quiet_through(held.step("pickup"))
    held.step("press", value="1")
    held.step("hangup")
    assert "visit_confirmed" in [verb for verb, _ in held.timeline(number)]


def test_a_member_of_staff_takes_an_alert(held: Held) -> None:
    held.state(AGENT)
    number = alerted(held)
    assert held.state(WANG) is None and held.state(AGENT)["purpose"] == "staff_alert"
    assert "接单请按1" in held.quiet_through(held.step("pickup", AGENT))
    held.step("press", AGENT, value="1")
    held.step("hangup", AGENT)
    assert [ticket.assignee for ticket in held.rows(Ticket, Ticket.number == number)] == ["周客服"]


def test_where_nobody_holds_it_a_person_calls(held: Held) -> None:
    held.ticket(*DONE)
    held.passes(24)
    [task] = held.rows(CallTask)
    assert held.orders() == [] and "nobody holds this telephone" in task.why


def test_who_left_before_it_rang_is_called_by_a_person(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    held.ticket(*DONE)
    held.state()
    folder = held.front.settings.directory / "phones"
    monkeypatch.setattr("ivr.softphone.held.in_time", lambda _message: (folder / WANG).unlink())
    held.until(placed=1)
    assert held.orders()[0].outcome == "failed" and len(held.rows(CallTask)) == 1


@pytest.mark.parametrize(
    "phone", ["", "anonymous", "../../etc/passwd", "+86/../1", "sip:a@b", "+" + "9" * 40]
)
def test_what_is_no_number_is_no_telephone(held: Held, phone: str) -> None:
    assert held.state(phone) is None
    assert held.client.post("/try/phone", json={"do": "pickup", "caller": phone}).status_code in (409, 422)


def test_a_real_provider_rings_real_telephones_only(tmp_path: Any, sqlite_url: str) -> None:
    twilio = {"twilio_account_sid": "AC" + "1" * 32, "twilio_auth_token": "t" * 32}
    settings = Settings(
        database_url=sqlite_url,
        home=tmp_path,
        demo=True,
        twilio_from="+14155550100",
        public_url="https://x.example",
        **twilio,
    )
    app = create_app(settings)
    assert app.state.front.house.caller == "twilio"
    assert Held(app, provider=None).state() is None and not (tmp_path / "phones").exists()
    app.state.front.house.database.close()


@pytest.fixture
def served(held: Held) -> Iterator[str]:
    with serving(held.client.app, lifespan="off", timeout_graceful_shutdown=0) as address:
        yield address


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [("press 5\n", "rated"), ("\npress 8\n", "opted_out"), ("busy\n", "busy"), ("silence\n", "no_answer")],
)
def test_in_a_terminal(held: Held, served: str, steps: str, outcome: str) -> None:
    settings, out = held.front.settings, io.StringIO()
    held.ticket(*DONE)
    assert answering.held(settings, served, number=WANG, patience=0.1) is None
    held.until(placed=1)
    phone, purpose = answering.held(settings, served, number=WANG, patience=PATIENCE) or pytest.fail(
        "it rang not"
    )
    pipe(phone, io.StringIO(steps), out, rings=purpose)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines[0] == {"text": "", "at": 0.0, "event": "ringing", "purpose": "survey"}
    assert any("请按1到5" in line["text"] for line in lines) == (outcome in ("rated", "opted_out"))
    assert lines[-1]["event"] == "over" and held.orders()[0].outcome == outcome

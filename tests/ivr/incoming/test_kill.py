"""kill -9 between two steps of a call, and in the middle of one: the caller hears the rest, and nothing is filed twice."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from app.settings import Settings
from app.telephone import signing_token
from core.messaging.inbox import InboxMessage
from core.ticket.model import Ticket
from ivr.softphone import Caller
from tests.channels.desk import until
from tests.power import Power

pytestmark = pytest.mark.timeout(900)  # long by nature, and longer beside a busy neighbour
# "inbox.finishing" first: the others leave words behind, at whose turn the next life would die too early.
POINTS = ("inbox.finishing", "voice.handed_in", "voice.turned", "voice.answering")
INCOMING = "/webhooks/voice/incoming"


@pytest.fixture
def power(tmp_path: Path) -> Iterator[Power]:
    supply = Power(tmp_path / "home")
    yield supply
    supply.off()
    supply.house.database.close()


def line(power: Power, http: httpx.Client, number: str) -> Caller:
    """Everything is signed over one address, wherever the server of the moment listens."""
    token = signing_token(Settings(home=power.home, demo=True))
    address = "http://phone.example"
    return Caller(
        address + INCOMING, token=token, http=http, caller=number, outside=address, inside="http://server"
    )


class Moving(httpx.BaseTransport):
    """The server has another port in every life."""

    def __init__(self, power: Power) -> None:
        self._power, self._http = power, httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        base = self._power.http.base_url
        request.url = request.url.copy_with(scheme="http", host=base.host, port=base.port)
        return self._http.handle_request(request)


def test_killed_between_two_steps_and_in_the_middle_of_one(power: Power) -> None:
    http = httpx.Client(transport=Moving(power), headers={"host": "phone.example"}, timeout=20)
    callers = []
    for place, point in enumerate(("", *POINTS)):
        power.on(kill_at=point)
        call = line(power, http, f"+861380013800{place}").call()
        assert "报修请按1" in "".join(call.heard), call.errors
        document = call.state.frames[-1].url
        step = {"SpeechResult": "洗衣机漏电了", "Confidence": "0.9"}
        if point:
            call.say("洗衣机漏电了")  # the power fails during this step
            until(power.died)
        else:
            power.off()  # between two steps
        callers.append((call, document, step))
    power.on()
    for place, (call, _, step) in enumerate(callers):
        heard = repeated(power, call, step)
        assert "不要再碰电器" in heard, (place, heard)
        assert repeated(power, call, step) == heard  # and once more
    with power.house.database.reading() as session:
        tickets = session.scalars(select(Ticket)).all()
        heard_rows = session.scalars(select(InboxMessage)).all()
    assert len(tickets) == len(callers) == len(heard_rows)
    assert {row.status for row in heard_rows} == {"done"}
    assert power.audit() == 0


def repeated(power: Power, call: Caller, step: dict[str, str]) -> str:
    """The provider's retry of the first step after the greeting."""
    from twilio.request_validator import RequestValidator

    path = "/webhooks/voice/step/1/gather"
    params = {
        "CallSid": call.line.sid,
        "From": call.line.caller,
        "To": call.line.called,
        "CallStatus": "in-progress",
        **step,
    }
    token = signing_token(Settings(home=power.home, demo=True))
    signature = RequestValidator(token).compute_signature("http://phone.example" + path, params)
    headers = {"X-Twilio-Signature": signature, "Host": "phone.example"}
    answer = power.http.post(path, data=params, headers=headers)
    assert answer.status_code == 200
    return answer.text

"""0 held down is danger (长按0), however the caller's line and the provider hand it on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.wiring import Frontdoor
from ivr.softphone import Caller
from tests.ivr.incoming.line import Caller as Inside
from tests.play import FrozenClock

Phones = Callable[..., Caller]
Tickets = Callable[[], list[dict[str, Any]]]
ON_DUTY = (("周客服", "+8613911110001"), ("吴客服", "+8613911110002"))


def urgent(tickets: Tickets) -> bool:
    return tickets()[0]["severity"] == "urgent"


def test_repeated_noughts_one_after_another(
    phone: Phones, staff: Callable[..., None], tickets: Tickets
) -> None:
    staff(*ON_DUTY)
    call = phone().call()
    for _ in range(2):  # each begins the next question before its words are over
        call.press("0")
    assert urgent(tickets) and call.doing == "ringing" and call.dialled == [ON_DUTY[0][1]]


@pytest.mark.parametrize("keys", ["00", "000", "0000000"])
@pytest.mark.parametrize("before", [(), ("2", "1")])
def test_several_at_once(
    call: Callable[..., Inside], tickets: Tickets, before: tuple[str, ...], keys: str
) -> None:
    """Where one key is expected, and where a number is keyed."""
    caller = call()
    caller.press(*before)
    caller.press(keys)
    assert urgent(tickets) and "断" in caller.heard


@pytest.mark.parametrize("seconds", [3, 40])
def test_again_when_already_in_line(
    call: Callable[..., Inside],
    staff: Callable[..., None],
    tickets: Tickets,
    front: Frontdoor,
    seconds: int,
) -> None:
    """A few seconds after the first one it is danger; much later it is impatience, and the place is told again."""
    staff(ON_DUTY[0])
    talking = call("+8613800000001")
    talking.press("0")
    talking.silence()
    caller = call("+8613800000002")
    caller.press("0")
    caller.silence()
    queue = caller.verb("Enqueue")
    assert queue is not None
    wait, left = queue.attrib["waitUrl"], queue.attrib["action"]
    caller.post(wait)
    clock = front.house.clock
    assert isinstance(clock, FrozenClock)
    clock.move_to(clock.now() + timedelta(seconds=seconds))
    caller.post(wait, Digits="0")
    if seconds > 15:
        assert caller.verb("Leave") is None and not any(t["severity"] == "urgent" for t in tickets())
        return
    assert caller.verb("Leave") is not None
    caller.post(left, QueueResult="leave")
    assert any(t["severity"] == "urgent" for t in tickets())
    dial = caller.verb("Dial")
    assert dial is not None and ON_DUTY[0][1] in "".join(dial.itertext())


def test_one_nought_in_a_number_is_a_person_and_a_number_of_noughts_is_none(
    call: Callable[..., Inside], tickets: Tickets
) -> None:
    caller = call()
    caller.press("2", "1")
    caller.press("0")
    assert [ticket["severity"] for ticket in tickets()] == ["normal"]

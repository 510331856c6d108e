"""Two hundred calls at once, each with its own ticket, none mixed up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from core.call.model import Call
from core.house import House
from tests.ivr.incoming.line import Caller
from tests.ivr.incoming.test_steps import rows

CALLS = 200


def test_two_hundred_calls_at_once(
    call: Callable[..., Caller], house: House, tickets: Callable[[], list[dict[str, Any]]]
) -> None:
    def dial(number: int) -> Caller:
        return call(f"+8613800{100000 + number}")

    with ThreadPoolExecutor(12) as pool:
        callers = list(pool.map(dial, range(CALLS)))
        for step in (lambda c: c.press("3"), lambda c: c.press("2")):
            list(pool.map(step, callers))
        said = list(
            pool.map(lambda pair: pair[1].say(f"师傅态度很差，这是第{pair[0]}号客户说的"), enumerate(callers))
        )
    assert len(rows(house, Call)) == CALLS
    found = {ticket["phone"]: ticket for ticket in tickets()}
    assert len(found) == CALLS == len(tickets())
    for number, heard in enumerate(said):
        mine = found[f"+8613800{100000 + number}"]
        assert f"第{number}号客户" in mine["description"]
        digits = mine["number"]
        assert f"{' '.join(digits[:4])}，{' '.join(digits[4:7])}，{' '.join(digits[7:])}" in heard

"""A creation that nobody answered: whether it was made is told by the call's own webhooks, never guessed from a list."""

import pytest

from core.messaging.outbox import OutboxMessage
from tests.ivr.outgoing.conftest import Desk, Rung
from tests.ivr.outgoing.provider import lost_after, lost_before, refused
from tests.ivr.outgoing.test_calls import DONE, alerted


def orders(desk: Desk) -> list[tuple[str, str | None]]:
    rows = desk.rows(OutboxMessage, OutboxMessage.channel == "voice")
    return [(row.status, row.receipt) for row in rows]


def again(desk: Desk) -> None:
    desk.due_now()
    desk.sends()


def test_its_webhook_tells_and_it_is_not_made_twice(desk: Desk) -> None:
    desk.ticket(*DONE)
    desk.provider.fails = [lost_after]
    desk.until(placed=1)
    Rung(desk).tells("initiated")
    again(desk)
    assert orders(desk) == [("done", desk.provider.calls[0]["sid"])] and len(desk.provider.calls) == 1


def test_while_a_listed_call_has_not_told_whose_it_is_none_is_made(desk: Desk) -> None:
    desk.ticket(*DONE)
    desk.provider.fails = [lost_after]
    desk.until(placed=1)
    for _ in range(3):
        again(desk)
    assert orders(desk) == [("pending", None)] and len(desk.provider.calls) == 1
    Rung(desk).picks_up()
    again(desk)
    assert orders(desk) == [("done", desk.provider.calls[0]["sid"])] and len(desk.provider.calls) == 1


def test_one_that_never_arrived_is_made_again(desk: Desk) -> None:
    desk.ticket(*DONE)
    desk.provider.fails = [lost_before, refused(20500, 500)]
    desk.until(placed=1)
    for _ in range(2):
        again(desk)
    assert len(desk.provider.calls) == 1 and desk.provider.listed >= 2


@pytest.fixture
def two(desk: Desk) -> Desk:
    """Two alerts to one telephone within the same second; the creation of the second one is lost on the way."""
    desk.provider.fails = [lambda: None, lost_before]
    alerted(desk)
    alerted(desk)
    assert len({order.to_number for order in desk.orders()}) == 1 and len(desk.provider.calls) == 1
    return desk


def test_the_call_of_another_order_to_the_same_number_is_not_taken_for_ones_own(two: Desk) -> None:
    first = Rung(two, 0)
    first.tells("initiated")
    again(two)
    one, other = two.provider.calls
    assert orders(two) == [("done", one["sid"]), ("done", other["sid"])]
    second = Rung(two, 1)
    first.picks_up()
    second.picks_up()
    first.press("3")
    second.press("1")
    first.hangs_up()
    second.hangs_up()
    assert [(order.sid, order.outcome) for order in two.orders()] == [
        (one["sid"], "snoozed"),
        (other["sid"], "accepted"),
    ]


def test_nor_when_it_has_not_told_yet(two: Desk) -> None:
    again(two)
    assert orders(two)[1] == ("pending", None) and len(two.provider.calls) == 1
    Rung(two, 0).tells("ringing")
    again(two)
    assert orders(two)[1] == ("done", two.provider.calls[1]["sid"])


def test_somebody_put_through_to_that_number_is_no_order(two: Desk) -> None:
    Rung(two, 0).tells("initiated")
    leg = {**two.provider.calls[0], "sid": "CA" + "e" * 32, "direction": "outbound-dial"}
    two.provider.calls.append(leg)
    again(two)
    assert orders(two)[1] == ("done", two.provider.calls[2]["sid"])

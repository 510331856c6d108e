"""What the provider says of a call comes in any order, and twice: its end counts once, whatever came first (§4.4)."""

from random import Random

import pytest

from tests.ivr.outgoing.conftest import Desk, Rung

BEFORE = ("initiated", "ringing")
ENDS = {"busy": "busy", "no-answer": "no_answer", "failed": "failed", "canceled": "canceled"}


@pytest.fixture
def asked(desk: Desk) -> tuple[Desk, str]:
    """The work is done, and within the day her telephone rings."""
    number = desk.ticket("accept", "dispatch", "done")
    desk.until(placed=1)
    return desk, number


def shuffled(seed: int, *words: str) -> list[str]:
    """Every word twice, in an order that is the seed's."""
    twice = [*words, *words]
    Random(seed).shuffle(twice)
    return twice


def ended(desk: Desk, number: str) -> list[str | None]:
    return [said for verb, said in desk.timeline(number) if verb == "call_ended"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("status", ENDS)
def test_nobody_answered(asked: tuple[Desk, str], status: str, seed: int) -> None:
    desk, number = asked
    rung = Rung(desk)
    for word in shuffled(seed, *BEFORE, status):
        rung.tells(word)
    order = desk.orders()[0]
    assert (order.status, order.outcome, order.sid) == (status, ENDS[status], rung.sid)
    assert ended(desk, number) == [f"survey: {ENDS[status]}"]
    assert len(desk.tasks()) == (1 if status == "failed" else 0)


@pytest.mark.parametrize("seed", range(3))
def test_a_machine_answered(asked: tuple[Desk, str], seed: int) -> None:
    desk, number = asked
    rung = Rung(desk)
    rung.picks_up("machine_end_beep")
    for word in shuffled(seed, *BEFORE, "in-progress", "completed"):
        rung.tells(word)  # none of them says again that it was a machine
    assert ended(desk, number) == ["survey: machine"]
    desk.until(placed=2)
    assert [order.outcome for order in desk.orders()] == ["machine", None]


@pytest.mark.parametrize("seed", range(3))
def test_a_rating_stands(asked: tuple[Desk, str], seed: int) -> None:
    desk, number = asked
    rung = Rung(desk)
    rung.picks_up()
    rung.press("5")
    for word in shuffled(seed, *BEFORE, "in-progress", "completed"):
        rung.tells(word)
    assert ended(desk, number) == ["survey: rated"]
    desk.passes(48)
    assert len(desk.provider.calls) == 1 and desk.tasks() == []


def test_an_end_that_comes_first_is_not_taken_back_by_an_answer(asked: tuple[Desk, str]) -> None:
    """The answered webhook may be the last to come: it gets a good-bye, and no second end."""
    desk, number = asked
    rung = Rung(desk)
    rung.tells("completed")
    rung.picks_up()
    assert rung.verb("Hangup") is not None
    rung.tells("completed")
    assert desk.orders()[0].status == "completed"
    assert ended(desk, number) == ["survey: hung_up"]

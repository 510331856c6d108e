"""Telegram's limits: kept by us so that Telegram need not, obeyed when it speaks, and nobody waits for another's."""

import time
from collections.abc import Iterator

import pytest

from bot.telegram.limits import PER_CHAT, Limits
from core.messaging.outbox import OutboxMessage, say
from tests.channels.desk import Desk, running, until
from tests.providers.telegram import errors
from tests.providers.telegram.pace import Pace
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP, WANG

PEOPLE = range(720_000, 720_060)


class Watch:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_a_second_for_a_person() -> None:
    watch = Watch()
    limits = Limits(watch)
    assert limits.take(WANG) == 0
    assert 1.0 < limits.take(WANG) < 1.2
    assert limits.take(WANG + 1) == 0
    watch.now += 1.15
    assert limits.take(WANG) == 0


def test_twenty_a_minute_for_a_group() -> None:
    watch, left = Watch(), 0
    limits = Limits(watch)
    for _ in range(300):
        left += limits.take(GROUP) == 0
        watch.now += 0.1999
    assert left == 20
    watch.now += 1
    assert limits.take(GROUP) == 0


def test_a_second_has_room_for_all_but_those_held_up_and_that_wait_is_nobodys_fault() -> None:
    watch = Watch()
    limits = Limits(watch)
    assert [limits.take(chat) for chat in PEOPLE][:26] == [0] * 25 + [limits.busy()]
    assert limits.take(PEOPLE[40]) == limits.busy() > 0


def test_a_chat_that_telegram_wants_left_alone_holds_nobody_else() -> None:
    watch = Watch()
    limits = Limits(watch)
    limits.hold(WANG, 30)
    assert limits.take(WANG) == 30 and limits.take(WANG + 1) == 0
    watch.now += 30
    assert limits.take(WANG) == 0


@pytest.fixture
def desk(sqlite_url: str, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("bot.telegram.limits.PER_CHAT", PER_CHAT)
    telegram.meet(*PEOPLE, WANG, GROUP)
    telegram.pace = Pace(slack=0.5)  # without our limits all of them leave within a tenth of a second
    with running(sqlite_url, public_url="https://front.example", **telegram.settings) as opened:
        yield opened


def queue(desk: Desk, recipients: list[str], text: str = "通知 {}") -> None:
    house = desk.front.house
    with house.database.session() as session:
        for place, recipient in enumerate(recipients):
            say(session, at=house.clock.now(), channel="telegram", account="123456789",
                recipient=recipient, text=text.format(place))  # fmt: skip
        session.commit()
    desk.front.outbox_bell.ring()


def answered_at(telegram: TelegramServer, chat: int) -> list[float]:
    return [call.at for call in telegram.calls if call.params.get("chat_id") == chat and call.ok]


def refused(telegram: TelegramServer) -> list[int]:
    return [call.params["chat_id"] for call in telegram.calls if call.method == "sendMessage" and not call.ok]


def test_a_broadcast_beside_a_busy_customer_and_a_group_is_never_refused(
    desk: Desk, telegram: TelegramServer
) -> None:
    """60 people, five messages to one of them, three people in one group: in order, at Telegram's own pace."""
    everybody = [str(chat) for chat in PEOPLE]
    queue(desk, [str(WANG)] * 5 + [f"{GROUP}/{person}" for person in (1, 2, 3)] + everybody)
    started = time.monotonic()
    until(lambda: all(telegram.texts(chat) for chat in PEOPLE))
    assert (
        time.monotonic() - started < 45
    )  # one after another, at the pace of one chat, they would take a minute
    desk.quiet()
    assert refused(telegram) == []
    assert telegram.texts(WANG) == [f"通知 {n}" for n in range(5)]
    assert len(telegram.texts(GROUP)) == 3


def test_too_many_requests_is_obeyed_and_holds_only_that_chat(desk: Desk, telegram: TelegramServer) -> None:
    telegram.fail(errors.too_many(3), on="sendMessage", chat=WANG, times=1)
    started = time.monotonic()
    queue(desk, [str(WANG)] * 2 + [str(PEOPLE[0])])
    desk.quiet()
    sent, (other,) = answered_at(telegram, WANG), answered_at(telegram, PEOPLE[0])
    assert other < sent[0]
    assert telegram.texts(WANG) == ["通知 0", "通知 1"]
    assert sent[0] - started >= 3
    assert len(refused(telegram)) == 1


def test_somebody_blocks_us_in_the_middle_of_a_broadcast(desk: Desk, telegram: TelegramServer) -> None:
    telegram.block(PEOPLE[3])
    queue(desk, [str(chat) for chat in PEOPLE[:8]])
    desk.quiet()
    dead = desk.rows(OutboxMessage, OutboxMessage.status == "dead")
    assert [row.recipient for row in dead] == [str(PEOPLE[3])]
    assert "blocked by the user" in dead[0].error
    assert sum(len(telegram.texts(chat)) for chat in PEOPLE[:8]) == 7

"""Several workers on one database: each message once, each customer's in order, each number once."""

import threading
from collections import defaultdict
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from core.dialogue.turn import take_turn
from core.house import House
from core.messaging.audit import audit
from core.messaging.inbox import Inbound, InboxMessage, receive
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage
from core.messaging.post import Bell, Pump
from core.ticket.lifecycle import IllegalMove
from core.ticket.number import next_number
from nlu.client import NluClient
from scheduler.demo import advance
from tests.channels.desk import at_once, until
from tests.conftest import house_on
from tests.core.world import World
from tests.engines import Cluster

TEXTS = (
    "空调不制冷，直接报修",
    "跳过",
    "转人工",
    "我叫王芳，电话13800138000",
    "到哪一步了",
    "洗衣机漏电了",
    "asdf",
    "1",
    "2",
    "谢谢",
)


@pytest.fixture
def postgres_house(postgres_cluster: Cluster | None) -> House:
    if postgres_cluster is None:
        pytest.skip("no PostgreSQL server binaries on this machine; one SQLite worker keeps order by itself")
    return house_on(postgres_cluster.new_database())


def pump(house: House, number: int) -> Pump:
    understand = NluClient(None).parse
    return Pump(
        house.database,
        InboxMessage,
        lambda row: take_turn(house, row, understand),
        owner=f"worker{number}",
        slots=2,
        lease_seconds=120,
        bell=Bell(),
        durable=False,
        poll_seconds=0.02,
    )


def waiting(house: House) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).where(InboxMessage.status.in_(WAITING))) or 0


def test_eight_workers_answer_each_message_once_and_in_order(postgres_house: House) -> None:
    house = postgres_house
    with house.database.session() as session:
        for n in range(200):
            inbound = Inbound("webchat", "", f"m{n}", f"customer{n % 20}", text=TEXTS[n // 20])
            receive(session, inbound, at=house.clock.now())
        session.commit()
    workers = [pump(house, number) for number in range(8)]
    for worker in workers:
        worker.start()
    until(lambda: not waiting(house))
    for worker in workers:
        worker.stop()
    lanes: dict[str, list[int]] = defaultdict(list)
    with house.database.reading() as session:
        rows = session.scalars(select(InboxMessage)).all()
        said = select(OutboxMessage).where(OutboxMessage.reply_to.is_not(None)).order_by(OutboxMessage.id)
        for answer in session.scalars(said):
            lanes[answer.lane].append(answer.reply_to or 0)
        report = audit(session, now=house.clock.now())
    assert {row.status for row in rows} == {"done"} and {row.attempt for row in rows} == {1}
    assert sum(map(len, lanes.values())) == 200 and len(lanes) == 20
    assert all(replies == sorted(set(replies)) for replies in lanes.values())
    assert report["ok"], report["violations"]
    house.database.close()


def test_ticket_numbers_are_unique_when_twenty_file_at_once(house: House) -> None:
    def number() -> str:
        with house.database.session() as session:
            drawn = next_number(session, at=house.clock.now(), zone=house.zone)
            session.commit()
        return drawn

    drawn = at_once(*[number] * 20)
    assert sorted(drawn) == [f"261123{n:04d}" for n in range(1, 21)]


def test_a_rolled_back_filing_leaves_no_hole(house: House) -> None:
    with house.database.session() as session:
        next_number(session, at=house.clock.now(), zone=house.zone)
    with house.database.session() as session:
        assert next_number(session, at=house.clock.now(), zone=house.zone) == "2611230001"


def test_staff_turns_and_the_clock_do_not_block_each_other(house: House) -> None:
    """Each locks conversation, ticket, promise in this order; any other order ends in a deadlock now and then."""
    world = World(house)
    world.says("洗衣机漏电了，13800138000，成都市武侯区天府大道1号")
    number = world.tickets()[0]["number"]
    failed: list[BaseException] = []

    def repeat(what: object) -> None:
        try:
            for _ in range(15):
                what()  # type: ignore[operator]
        except BaseException as error:
            failed.append(error)

    def staff() -> None:
        for verb in ("done", "reopen"):
            with suppress(IllegalMove):  # the customer's 没修好 may have come first
                world.order(verb, number)

    def customer() -> None:
        world.arrive("王女士", "没修好")
        world.turns()

    threads = [
        threading.Thread(target=repeat, args=(what,))
        for what in (staff, customer, lambda: advance(house, "1h"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with house.database.reading() as session:
        assert not session.scalars(select(InboxMessage.error).where(InboxMessage.error.is_not(None))).all()

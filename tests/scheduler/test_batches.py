"""Many promises in one transaction: in due order, each once, and what is late does not hold up what is on time."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.customer.model import Conversation
from core.house import House
from core.messaging.outbox import OutboxMessage, say
from core.promise import sweep as sweeping
from core.promise.model import Promise, cancel_promises, promise
from core.promise.sweep import sweep
from core.ticket.model import Ticket
from scheduler import clock
from tests.play import Story


@pytest.fixture
def ticket(house: House) -> int:
    Story(house).says("洗衣机漏电了，13800138000，成都市武侯区天府大道1号")
    with house.database.session() as session:
        session.query(Promise).delete()
        session.commit()
        return session.scalars(select(Ticket.id)).one()


class Keeper:
    """A handler that writes down what it kept."""

    def __init__(self, *, breaks_on: str = "") -> None:
        self.kept: list[str] = []
        self.breaks_on = breaks_on

    def __call__(self, _session: Session, _house: House, row: Promise, _now: datetime) -> None:
        if row.key == self.breaks_on:
            raise RuntimeError("as it happens")
        self.kept.append(row.key)


def plan(house: House, ticket: int | None, *dues: datetime) -> None:
    rows = (
        {"key": f"p{n}", "kind": "test", "due_at": due, "ticket_id": ticket} for n, due in enumerate(dues)
    )
    with house.database.session() as session:
        promise(session, *rows)
        session.commit()


def ended(house: House) -> dict[str, Promise]:
    with house.database.reading() as session:
        return {row.key: row for row in session.scalars(select(Promise)) if row.status == "done"}


def test_a_batch_is_kept_in_due_order_and_marked_late(house: House, ticket: int) -> None:
    now, keeper = house.clock.now(), Keeper()
    plan(house, ticket, *(now - timedelta(minutes=n) for n in range(20)), now + timedelta(seconds=1))
    assert sweep(house, {"test": keeper}, now=now) == 20
    assert keeper.kept == [f"p{n}" for n in reversed(range(20))]
    assert {key for key, row in ended(house).items() if row.late} == {f"p{n}" for n in range(6, 20)}
    assert all(row.attempt == 1 and row.ended_at == now for row in ended(house).values())


def test_one_that_breaks_in_a_batch_costs_the_others_nothing(house: House, ticket: int) -> None:
    now, keeper = house.clock.now(), Keeper(breaks_on="p3")
    plan(house, ticket, *[now] * 10)
    sweep(house, {"test": keeper}, now=now)
    assert set(ended(house)) == {f"p{n}" for n in range(10)} - {"p3"}
    with house.database.reading() as session:
        broken = session.scalars(select(Promise).where(Promise.key == "p3")).one()
    assert broken.status == "pending" and broken.due_at > now and "as it happens" in (broken.reason or "")


def test_a_batch_that_breaks_leaves_nothing_behind_of_what_it_wrote(house: House, ticket: int) -> None:
    now = house.clock.now()

    def writes(session: Session, _house: House, row: Promise, at: datetime) -> None:
        say(session, at=at, channel="webchat", recipient="w", text=row.key)
        if row.key == "p5":
            raise RuntimeError("after it has written")

    plan(house, ticket, *[now] * 6)
    sweep(house, {"test": writes}, now=now)
    with house.database.reading() as session:
        query = select(OutboxMessage.text).where(OutboxMessage.recipient == "w")
        said = Counter(session.scalars(query))
    assert said == Counter(f"p{n}" for n in range(5))


def test_one_kept_along_with_another_is_not_kept_again(house: House, ticket: int) -> None:
    now, kept = house.clock.now(), []

    def takes_all(session: Session, _house: House, row: Promise, _now: datetime) -> None:
        kept.append(row.key)
        pending = select(Promise).where(Promise.status == "pending", Promise.id != row.id)
        for other in session.scalars(pending):
            other.status, other.reason = "done", f"with {row.key}"

    plan(house, ticket, *[now] * 4)
    sweep(house, {"test": takes_all}, now=now)
    assert kept == ["p0"] and set(ended(house)) == {"p0", "p1", "p2", "p3"}


def test_what_was_kept_before_is_not_pending_to_a_handler_that_looks(house: House, ticket: int) -> None:
    """Marks are written late, but never after a query: neither a look nor a calling off finds them pending."""
    now, found = house.clock.now(), []

    def looks(session: Session, _house: House, row: Promise, at: datetime) -> None:
        if row.key == "p2":
            pending = select(Promise.key).where(Promise.status == "pending").order_by(Promise.id)
            found.extend(session.scalars(pending))
            cancel_promises(session, ticket_id=ticket, kinds=("test",), at=at, why="no longer")

    plan(house, ticket, *[now] * 5)
    sweep(house, {"test": looks}, now=now)
    assert found == ["p2", "p3", "p4"] and set(ended(house)) == {"p0", "p1"}
    with house.database.reading() as session:
        rows = session.execute(select(Promise.key, Promise.status, Promise.attempt)).all()
    assert {key: attempt for key, status, attempt in rows if status == "done"} == {"p0": 1, "p1": 1}
    assert {key for key, status, _ in rows if status == "cancelled"} == {"p2", "p3", "p4"}


def test_a_long_batch_lets_others_in(house: House, ticket: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "PATIENCE", -1.0)
    now, keeper, commits = house.clock.now(), Keeper(), Counter[str]()
    monkeypatch.setattr(sweeping, "reach", lambda point: commits.update([point]))
    plan(house, ticket, *[now] * 5)
    sweep(house, {"test": keeper}, now=now)
    assert keeper.kept == [f"p{n}" for n in range(5)] and commits["sweep.kept"] == 5


def test_after_an_outage_a_second_has_its_share_and_what_is_on_time_does_not_wait(
    house: House, ticket: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, now = Keeper(), house.clock.now()
    monkeypatch.setattr(clock, "HANDLERS", {"test": keeper})
    share = house.book.policy("promises")["late_per_second"]
    backlog = share * 2 + 1
    plan(house, ticket, *(now - timedelta(hours=5) + timedelta(seconds=n) for n in range(backlog)), now)
    assert clock.sweep_on_time(house) == 1 and keeper.kept.pop() == f"p{backlog}"
    assert [clock.sweep_late(house) for _ in range(4)] == [share, share, 1, 0]
    assert keeper.kept == [f"p{n}" for n in range(backlog)]
    late = {key for key, row in ended(house).items() if row.late}
    assert late == {f"p{n}" for n in range(backlog)}


def test_a_customer_in_the_middle_of_a_turn_is_not_waited_for_with_other_rows_in_hand(
    house: House, ticket: int
) -> None:
    """The batch leaves what it cannot have at once; a turn that holds a chat and then wants a promise gets both."""
    if house.database.is_sqlite:
        pytest.skip("one writer at a time: nobody can hold a chat beside the sweep")
    now = house.clock.now()
    plan(house, ticket, now)
    with house.database.session() as turn:
        turn.execute(select(Conversation.id).with_for_update())
        with house.database.session() as worker:
            worker.execute(text("SET LOCAL lock_timeout = '500ms'"))
            rows = sweeping.claim(worker, sweeping.Span(until=now), limit=10)
            assert [row.key for row in rows] == ["p0"]
            assert sweeping.together(worker, rows).rows == []
        turn.execute(select(Promise.id).with_for_update(nowait=True))
    assert sweep(house, {"test": Keeper()}, now=now) == 1

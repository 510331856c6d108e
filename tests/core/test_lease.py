"""Leases: who may take a row, who may end it, and when it comes back."""

import pytest
from sqlalchemy import select, update

from core.house import House
from core.messaging import premises
from core.messaging.inbox import Inbound, InboxMessage, receive
from core.messaging.lease import Lease, backoff, bury, claim, finish, reclaim, release, replay
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage, say

LONG = 300.0


def arrive(house: House, *lanes: str) -> list[int]:
    with house.database.session() as session:
        at = house.clock.now()
        kept = [
            receive(session, Inbound("webchat", "", f"{n}", lane), at=at)[0] for n, lane in enumerate(lanes)
        ]
        session.commit()
    return kept


def take(house: House, owner: str = "a", limit: int = 10, seconds: float = LONG) -> list[InboxMessage]:
    with house.database.session() as session:
        rows = claim(session, InboxMessage, owner=owner, limit=limit, seconds=seconds)
        session.commit()
    return rows


def does(house: House, what, row: InboxMessage, **values) -> bool:  # type: ignore[no-untyped-def]
    with house.database.session() as session:
        done = what(session, InboxMessage, Lease(row.id, row.owner or "", row.attempt), **values)
        session.commit()
    return bool(done)


def stored(house: House, row_id: int) -> InboxMessage:
    with house.database.reading() as session:
        return session.get_one(InboxMessage, row_id)


def move_due(house: House, row_id: int, seconds: float) -> None:
    with house.database.session() as session:
        due = update(InboxMessage).where(InboxMessage.id == row_id).values(due_at=database_clock(seconds))
        session.execute(due.execution_options(synchronize_session=False))
        session.commit()


def test_the_first_of_each_lane_is_taken_in_order(house: House) -> None:
    ids = arrive(house, "x", "x", "y", "z", "y")
    assert [row.id for row in take(house)] == [ids[0], ids[2], ids[3]]
    assert take(house) == []


def test_never_more_than_asked_for(house: House) -> None:
    ids = arrive(house, *"abcdefgh")
    assert [row.id for row in take(house, limit=3)] == ids[:3]


def test_the_successor_waits_until_the_first_has_ended(house: House) -> None:
    first, second = arrive(house, "x", "x")
    (row,) = take(house)
    assert does(house, release, row, error="later", seconds=0.0)
    (again,) = take(house)
    assert again.id == first and again.attempt == 2
    assert does(house, finish, again)
    assert [r.id for r in take(house)] == [second]


def test_a_dead_letter_lets_its_successor_pass(house: House) -> None:
    first, second = arrive(house, "x", "x")
    assert does(house, bury, take(house)[0], error="x" * 5000)
    assert stored(house, first).status == "dead" and len(stored(house, first).error or "") == 2000
    assert [r.id for r in take(house)] == [second]


def test_not_before_its_time(house: House) -> None:
    (row_id,) = arrive(house, "x")
    move_due(house, row_id, 60)
    assert take(house) == []
    move_due(house, row_id, -1)
    assert [r.id for r in take(house)] == [row_id]


def test_an_expired_lease_is_anybodys_and_the_attempt_was_counted_at_the_claim(house: House) -> None:
    (row_id,) = arrive(house, "x")
    (mine,) = take(house, "a")
    assert stored(house, row_id).attempt == mine.attempt == 1
    move_due(house, row_id, -1)
    (yours,) = take(house, "b")
    assert (yours.owner, yours.attempt) == ("b", 2)


@pytest.mark.parametrize("ending", [finish, bury, release])
def test_a_lost_lease_ends_nothing(house: House, ending) -> None:  # type: ignore[no-untyped-def]
    values = {finish: {}, bury: {"error": "x"}, release: {"error": "x", "seconds": 0.0}}[ending]
    (row_id,) = arrive(house, "x")
    (mine,) = take(house, "a")
    move_due(house, row_id, -1)
    (again,) = take(house, "a")  # even the same owner has a new lease
    assert not does(house, ending, mine, **values)
    assert stored(house, row_id).status == "leased"
    assert does(house, finish, again)
    assert not does(house, finish, again)


def test_a_claim_that_rolled_back_took_nothing(house: House) -> None:
    (row_id,) = arrive(house, "x")
    with house.database.session() as session:
        assert claim(session, InboxMessage, owner="a", limit=1, seconds=LONG)
    assert (stored(house, row_id).status, stored(house, row_id).attempt) == ("pending", 0)


def test_only_dead_letters_are_replayed(house: House) -> None:
    (row_id,) = arrive(house, "x")
    with house.database.session() as session:
        assert not replay(session, InboxMessage, row_id)
    does(house, bury, take(house)[0], error="x")
    with house.database.session() as session:
        assert replay(session, InboxMessage, row_id)
        session.commit()
    assert take(house)[0].attempt == 1


def test_what_an_owner_lost_comes_back_but_not_what_is_in_its_hands(house: House) -> None:
    ids = arrive(house, "x", "y", "z")
    take(house, "a", limit=2)
    take(house, "b")
    with house.database.session() as session:
        assert reclaim(session, InboxMessage, owner="a", but=(ids[0],)) == 1
        session.commit()
    assert [r.id for r in take(house, "c")] == [ids[1]]


def test_the_leases_of_a_dead_process_come_back_at_the_start_on_sqlite(sqlite_url: str) -> None:
    from tests.conftest import house_on

    house = house_on(sqlite_url)
    ids = arrive(house, "x", "y")
    take(house, "dead process")
    assert premises.enter(house.database, InboxMessage)
    assert [r.id for r in take(house, "a")] == ids
    assert premises.enter(house.database, InboxMessage)  # a second worker of this process takes nothing away
    assert take(house, "b") == []
    premises.leave(house.database)
    premises.leave(house.database)
    house.database.close()


def test_backoff_doubles_up_to_a_ceiling_and_is_scattered() -> None:
    for attempt, middle in ((0, 1), (1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (60, 300)):
        waits = [backoff(attempt) for _ in range(50)]
        assert all(middle * 0.5 <= wait <= middle * 1.5 for wait in waits) and len(set(waits)) > 1


def test_an_outbox_key_is_said_once(house: House) -> None:
    def once(key: str | None):  # type: ignore[no-untyped-def]
        return say(session, at=house.clock.now(), channel="webchat", recipient="x", text="t", key=key)

    with house.database.session() as session:
        assert once("survey:1:1") and not once("survey:1:1") and once("survey:1:2")
        assert once(None) and once(None)
        session.commit()
        assert len(session.scalars(select(OutboxMessage)).all()) == 4


def test_an_arrival_is_stored_once_and_cleaned(house: House) -> None:
    inbound = Inbound("webchat", "", "id", "x", text="a\x00b\ud800c")
    with house.database.session() as session:
        first, again = (receive(session, inbound, at=house.clock.now()) for _ in range(2))
        session.commit()
    assert first == (again[0], True) and not again[1]
    assert stored(house, first[0]).text == "ab?c"

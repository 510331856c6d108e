"""The audit of promises: silent while all is well, and it names what is wrong, rule by rule."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.care.model import Contact, FollowUp
from core.house import House
from core.promise.audit import broken_promises
from core.promise.clock import SlaClock
from core.promise.model import Promise, promise
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from tests.play import Story

Spoil = Callable[[Session, Ticket, datetime], Any]


def _lose_the_warnings(session: Session, ticket: Ticket, at: datetime) -> None:
    session.execute(delete(Promise).where(Promise.ticket_id == ticket.id, Promise.kind.startswith("sla_")))


def _lose_the_follow_up(session: Session, ticket: Ticket, at: datetime) -> None:
    session.execute(delete(Promise).where(Promise.ticket_id == ticket.id, Promise.kind.in_(("follow_up", "survey"))))  # fmt: skip


def _ask_twice(session: Session, ticket: Ticket, at: datetime) -> None:
    for _ in range(2):
        session.add(
            Contact(customer_id=ticket.customer_id, at=at, channel="webchat", key="follow_up:2611230001:1")
        )


def _end_without_a_time(session: Session, ticket: Ticket, at: datetime) -> None:
    session.execute(update(Promise).where(Promise.kind == "follow_up").values(status="done"))


def _tell_twice(session: Session, ticket: Ticket, at: datetime) -> None:
    clock = session.scalars(select(SlaClock).where(SlaClock.clock == "verify")).one()
    clock.breached_at = at
    for _ in range(2):
        note(session, ticket, verb="sla_breach", at=at, actor="frontdoor", channel="staff", text="sla_verify")


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (_lose_the_warnings, "a clock that runs has a next promise"),
        (_lose_the_follow_up, "a finished service is asked about, or the reason is known"),
        (_ask_twice, "a customer is asked once for a promise"),
        (_end_without_a_time, "an ended promise, and only it, has an end"),
        (_tell_twice, "a broken service level is told once"),
    ],
)
def test_each_rule_names_what_breaks_it_and_nothing_else(house: House, spoil: Spoil, rule: str) -> None:
    story = Story(house)
    story.says("洗衣机漏电了，13800138000，成都市武侯区天府大道1号")
    story.staff("done", story.tickets()[0]["number"])
    now = house.clock.now()
    with house.database.session() as session:
        assert session.scalars(select(FollowUp)).one().asked_at is None
        assert broken_promises(session, now=now, limit=9) == []
        spoil(session, session.scalars(select(Ticket)).one(), now)
        session.flush()
        found = broken_promises(session, now=now, limit=9)
    assert [each["rule"] for each in found] == [f"promises: {rule}"]


def test_what_lies_due_is_a_violation_only_beside_a_clock_that_lives(house: House) -> None:
    now, patience = house.clock.now(), timedelta(minutes=31)
    with house.database.session() as session:
        promise(session, *({"key": key, "kind": "test", "due_at": now} for key in ("lies", "kept")))
        assert broken_promises(session, now=now + timedelta(days=3), limit=9) == []  # everything was down
        kept = update(Promise).where(Promise.key == "kept").values(status="done", ended_at=now)
        session.execute(kept)
        assert broken_promises(session, now=now + timedelta(minutes=29), limit=9) == []
        found = broken_promises(session, now=now + patience, limit=9)
        assert found == [{"rule": "promises: a promise is claimed while others are kept", "promise": "lies"}]

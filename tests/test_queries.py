"""The hot queries run on an index, on both engines, once the tables are full: no look at every row."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select

from bot.webchat.history import page
from console.desk.search import Search, find_tickets
from core.care.notice import reachable
from core.customer.model import Conversation, Customer, Identity
from core.customer.recognise import conversation_of
from core.house import House
from core.media.album import Album, Photo, photos_of
from core.messaging.carried import carried_again, claim_answer, look
from core.messaging.channel import Outgoing
from core.messaging.inbox import InboxMessage
from core.messaging.lease import Lease, claim, finish
from core.messaging.outbox import OutboxMessage, say
from core.messaging.pace import Pace
from core.promise.agenda import Wanted, listed, per_day
from core.promise.board import Filter, open_clocks
from core.promise.clock import SlaClock
from core.promise.model import Promise, cancel_promises
from core.promise.sweep import next_due
from core.promise.watch import clocks_of
from core.quality.history import faults
from core.roster.model import Absence, Shift
from core.roster.now import duty_now
from core.rounds.model import Round, RoundVisit
from core.rounds.progress import calendar, progress_of, rounds_listed, visits_of
from core.staff.card import open_cards
from core.ticket.find import find
from core.ticket.model import Ticket, TimelineEntry
from core.ticket.theirs import tickets_of
from core.training.find import by_code, enrolments_of, open_sessions
from core.training.model import Course, Enrolment, TrainingSession
from core.training.roll import counts, enrolled

BIG = (
    "inbox",
    "outbox",
    "tickets",
    "promises",
    "sla_clocks",
    "timeline",
    "conversations",
    "identities",
    "customers",
    "shifts",
    "absences",
    "training_sessions",
    "enrolments",
    "rounds",
    "round_visits",
    "photos",
)
MANY = 4_000
TICKETS = 16_000  # a page of fewer is cheaper to read whole, and PostgreSQL knows
DONE = [("pending" if n % 200 == 0 else "done") for n in range(MANY)]
LANES = [f"webchat::c{n}" for n in range(MANY)]
Rows = dict[Any, list[dict[str, Any]]]  # table → rows


@pytest.fixture
def full(house: House) -> Iterator[House]:
    """A few thousand of everything, nearly all of it over and done with, as in a house some years old."""
    at = house.clock.now() - timedelta(days=400)
    rows = _people(at) | _messages(at) | _work(at) | _roster(at) | _held(at)
    with house.database.session() as session:
        for model, values in rows.items():
            session.execute(insert(model), values)
        session.commit()
    with house.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    yield house


def _people(at: datetime) -> Rows:
    """A chat each."""
    return {
        Customer: [{"id": n + 1, "language": "zh", "created_at": at, "phone": f"+86138{n:08}"} for n in range(MANY)],
        Identity: [
            {"id": n + 1, "customer_id": n + 1, "channel": "webchat", "account": "", "external_id": f"c{n}", "created_at": at}
            for n in range(MANY)
        ],
        Conversation: [
            {"id": n + 1, "lane": LANES[n], "identity_id": n + 1, "state": {}, "created_at": at} for n in range(MANY)
        ],
    }  # fmt: skip


def _messages(at: datetime) -> Rows:
    """An arrival and its answer each, in 500 lanes."""
    return {
        InboxMessage: [
            {"id": n + 1, "channel": "webchat", "account": "", "external_id": f"{n}:m", "lane": LANES[n % 500], "sender": "c",
             "kind": "text", "text": "t", "payload": {}, "received_at": at, "due_at": at, "status": DONE[n], "attempt": 1}
            for n in range(MANY)
        ],
        OutboxMessage: [
            {"id": n + 1, "key": f"k{n}", "channel": "webchat", "account": "", "recipient": "c", "audience": "customer",
             "text": "t", "choices": [], "said_at": at, "lane": LANES[n % 500], "due_at": at, "status": DONE[n],
             "attempt": 1, "reply_to": n + 1}
            for n in range(MANY)
        ],
    }  # fmt: skip


def _work(at: datetime) -> Rows:
    """Tickets with a step on the timeline, promises and clocks."""
    return {
        Ticket: [
            {"id": n + 1, "number": f"25{n:08}", "kind": "repair", "state": "filed" if n % 100 == 0 else "closed",
             "severity": "normal", "customer_id": n % MANY + 1, "phone": f"+86138{n:08}", "opened_via": "webchat",
             "opened_at": at, "category": "tv", "assignee": f"a{n % 300}"}
            for n in range(TICKETS)
        ],
        TimelineEntry: [
            {"ticket_id": n + 1, "at": at, "actor": "x", "verb": "file", "channel": "webchat", "to_state": "filed"}
            for n in range(MANY)
        ],
        Promise: [
            {"key": f"p{n}", "kind": "follow_up", "due_at": at + timedelta(hours=n), "status": DONE[n], "ticket_id": n + 1,
             "late": False, "attempt": 0, "payload": {}}
            for n in range(MANY)
        ],
        SlaClock: [
            {"ticket_id": n + 1, "round": 1, "clock": "solved", "opened_at": at, "started_at": at, "due_at": at + timedelta(hours=n),
             "mode": "calendar", "minutes": 60.0, "policy": {}, "plan": 1, "pauses": [], "paused_seconds": 0.0, "parts_seconds": 0.0,
             "warned": {}, "stopped_at": None if n % 100 == 0 else at, "paused_at": at if n % 300 == 0 else None}
            for n in range(TICKETS)
        ],
    }  # fmt: skip


def _roster(at: datetime) -> Rows:
    """Shifts and absences of an hour each, for the years behind us."""
    return {
        table: [
            {
                "staff": f"a{n % 30}",
                "starts_at": at + timedelta(hours=n),
                "ends_at": at + timedelta(hours=n + 1),
            }
            for n in range(MANY)
        ]
        for table in (Shift, Absence)
    }


def _held(at: datetime) -> Rows:
    """A session and two visits a day, with a picture each."""
    day = at.date()
    return {
        Course: [{"id": 1, "title": "教学屏", "category": "display", "active": True, "created_at": at}],
        TrainingSession: [
            {"id": n + 1, "course_id": 1, "code": f"PX{n:05}", "state": "held", "starts_at": at + timedelta(hours=n),
             "ends_at": at + timedelta(hours=n + 1), "lessons": 2, "lesson_minutes": 70, "break_minutes": 20, "seats": 30,
             "place": "三楼", "category": "display", "revision": 0, "created_at": at}
            for n in range(MANY)
        ],
        Enrolment: [
            {"session_id": n // 4 + 1, "customer_id": n % MANY + 1, "name": "吴敏", "state": "attended", "via": "import",
             "position": n, "round": 1, "created_at": at, "changed_at": at}
            for n in range(MANY)
        ],
        Round: [
            {"id": n + 1, "title": "巡检", "kind": "full", "whole": 2, "state": "ended", "first_day": day + timedelta(days=n // 32),
             "last_day": day + timedelta(days=n // 32), "by": "a1", "created_at": at}
            for n in range(TICKETS)
        ],
        RoundVisit: [
            {"id": n + 1, "round_id": n // 2 + 1, "name": "第一中学", "day": day + timedelta(days=n // 16), "goes": f"a{n % 300}",
             "state": "visited", "revision": 0}
            for n in range(2 * MANY)
        ],
        Photo: [
            {"visit_id": n + 1, "path": f"{n}.jpg", "mime": "image/jpeg", "by": "a1", "created_at": at} for n in range(MANY)
        ],
    }  # fmt: skip


HOT = {
    "claim from the inbox": lambda s, h: claim(s, InboxMessage, owner="a", limit=4, seconds=30),
    "claim from the outbox": lambda s, h: claim(s, OutboxMessage, owner="a", limit=4, seconds=30),
    "finish": lambda s, h: finish(s, InboxMessage, Lease(7, "a", 1)),
    "conversation of a message": lambda s, h: conversation_of(
        s, s.get_one(InboxMessage, 7), at=h.clock.now()
    ),
    "where a customer is reached": lambda s, h: reachable(s, 7),
    "faults of a day": lambda s, h: list(faults(s, h.clock.now() - timedelta(days=1), h.clock.now())),
    "the first ticket": lambda s, h: s.scalar(select(func.min(Ticket.opened_at))),
    "tickets of a customer": lambda s, h: tickets_of(s, s.get_one(Customer, 7)),
    "tickets of a verified phone": lambda s, h: tickets_of(s, _verified(s, h), only_open=False),
    "a ticket by number": lambda s, h: find(s, "2500000007"),
    "its timeline": lambda s, h: list(s.get_one(Ticket, 7).timeline),
    "due promises": lambda s, h: s.scalars(
        select(Promise.id)
        .where(Promise.status == "pending", Promise.due_at <= h.clock.now())
        .order_by(Promise.due_at, Promise.id)
        .limit(20)
    ).all(),
    "the next due": lambda s, h: next_due(s),
    "the calendar of a month": lambda s, h: per_day(s, h, h.local(h.clock.now()).date(), 42),
    "promises of a day": lambda s, h: listed(s, h, Wanted(day=h.local(h.clock.now()).date()), limit=100),
    "promises by ticket number": lambda s, h: listed(s, h, Wanted(number="2500000007"), limit=100),
    "promises that ended": lambda s, h: listed(s, h, Wanted(ended=True), limit=100),
    "promises of a ticket": lambda s, h: cancel_promises(
        s, ticket_id=7, kinds=("survey",), at=h.clock.now(), why=""
    ),
    "said before": lambda s, h: say(
        s, at=h.clock.now(), channel="webchat", recipient="c", text="t", key="k7"
    ),
    "the pace of a lane": lambda s, h: Pace(h.database, most=2, seconds=60).wait(
        "webchat", Outgoing(key="k", recipient="c7", text="t", id=MANY * 2)
    ),
    "cards about a ticket": lambda s, h: open_cards(s, s.get_one(Ticket, 7)),
    "a web chat's history": lambda s, h: page(s, h, visitor="c7", after=0),
    "what became of an arrival": lambda s, h: look(s, 7),
    "an answer to carry back": lambda s, h: claim_answer(s, 7, owner="a"),
    "an answer carried back before": lambda s, h: carried_again(s, 7, prefix="passive:", after=3.5),
    "who is on duty": lambda s, h: duty_now(s, [], h.clock.now()),
    "clocks of a ticket": lambda s, h: clocks_of(s, s.get_one(Ticket, 7)),
    "rounds, newest first": lambda s, h: rounds_listed(s, limit=100),
    "rounds of who goes": lambda s, h: rounds_listed(s, goes="a7", limit=100),
    "how far rounds are": lambda s, h: progress_of(s, [s.get_one(Round, 7)], today=_today(h)),
    "visits of a round": lambda s, h: visits_of(s, s.get_one(Round, 7)),
    "the calendar of visits and trainings": lambda s, h: calendar(s, h, first=_today(h), days=14),
    "one person's calendar": lambda s, h: calendar(s, h, first=_today(h), days=14, goes="a7"),
    "pictures of a visit": lambda s, h: photos_of(s, Album(visit_id=7)),
    "pictures of a session": lambda s, h: photos_of(s, Album(session_id=7)),
    "the roll of a session": lambda s, h: enrolled(s, s.get_one(TrainingSession, 7)),
    "seats of sessions": lambda s, h: counts(s, [7, 8, 9]),
    "a session by its code": lambda s, h: by_code(s, "PX00007"),
    "sessions to choose from": lambda s, h: open_sessions(s, at=h.clock.now(), limit=5),
    "trainings of a customer": lambda s, h: enrolments_of(s, 7, at=h.clock.now()),
    "console: SLA board": lambda s, h: open_clocks(s, Filter()),
    "console: SLA board of one clock": lambda s, h: open_clocks(s, Filter(clock="solved")),
    "console: SLA board of one assignee": lambda s, h: open_clocks(s, Filter(assignee="a7")),
    "console: open, newest first": lambda s, h: find_tickets(s, Search()),
    "console: one state": lambda s, h: find_tickets(s, Search(state="filed")),
    "console: open of a kind": lambda s, h: find_tickets(s, Search(kind="repair")),
    "console: mine": lambda s, h: find_tickets(s, Search(assignee="a7")),
    "console: everything": lambda s, h: find_tickets(s, Search(scope="all")),
    "console: next page": lambda s, h: find_tickets(s, Search(scope="all", before=3000)),
    "console: by number": lambda s, h: find_tickets(s, Search(q="2500000007", scope="all")),
    "console: by phone": lambda s, h: find_tickets(s, Search(q="13800000007", scope="all")),
}


def _today(house: House) -> date:
    return house.local(house.clock.now()).date()


def _verified(session, house: House) -> Customer:  # type: ignore[no-untyped-def]
    customer = session.get_one(Customer, 7)
    customer.phone_verified_at = house.clock.now()
    session.flush()
    return customer


# SQLite says SCAN too when it walks the primary key from its end and stops at the limit, as it should.
WALKS = {"console: everything": ["SCAN tickets"], "promises that ended": ["SCAN promises"]}


def test_hot_queries_use_an_index(full: House) -> None:
    wrong: dict[str, list[str]] = {}
    for name, query in HOT.items():
        plans = Plans(full)
        with full.database.session() as session:
            plans.listen()
            query(session, full)
            plans.stop()
        assert plans.seen, f"{name}: no statement was run"
        if plans.scans and plans.scans != WALKS.get(name):
            wrong[name] = plans.scans
    assert wrong == {}
    plans = Plans(full)
    with full.database.session() as session:
        plans.listen()
        session.scalar(select(func.count()).where(Ticket.description == "x"))
        plans.stop()
    assert plans.scans, "a full look must be noticed, or this test proves nothing"


class Plans:
    """Asks the engine how it runs each statement, and keeps the lines that look at every row of a big table."""

    def __init__(self, house: House) -> None:
        self._engines = house.database.engines
        self._sqlite = house.database.is_sqlite
        self.seen, self.scans = 0, []  # type: ignore[var-annotated]

    def listen(self) -> None:
        for engine in self._engines:
            event.listen(engine, "before_cursor_execute", self._explain)

    def stop(self) -> None:
        for engine in self._engines:
            event.remove(engine, "before_cursor_execute", self._explain)

    def _explain(self, _connection, cursor, statement, values, _context, _many) -> None:  # type: ignore[no-untyped-def]
        if not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "WITH")):
            return
        self.seen += 1
        raw = cursor.connection.cursor()
        raw.execute(("EXPLAIN QUERY PLAN " if self._sqlite else "EXPLAIN ") + statement, values)
        self.scans += [line for row in raw.fetchall() if self._is_scan(line := str(row[-1]))]
        raw.close()

    def _is_scan(self, line: str) -> bool:
        words = line.replace("->", " ").split()
        if self._sqlite:
            return words[0] == "SCAN" and words[1] in BIG and "USING" not in words
        return words[:2] == ["Seq", "Scan"] and words[3] in BIG

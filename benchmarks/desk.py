"""A house to measure, and one turn of it: from the webhook's insert to the committed reply."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from sqlalchemy import event

from core.clock import Clock
from core.database import Database
from core.dialogue.meaning import Meaning
from core.dialogue.turn import take_turn
from core.house import House
from core.knowledge.book import Book
from core.messaging.inbox import Inbound, InboxMessage, receive
from core.messaging.lease import claim
from core.service.regions import warm_up

_keys = itertools.count()

Understand = Callable[[str], Meaning]

# What a customer says in the course of a report, with what it means when no model is asked.
CONVERSATION = (
    ("我家格力空调不制热", "report_fault", "no_heating"),
    ("还是不行", "deny", None),
    ("直接报修", "report_fault", None),
    ("跳过", "provide_info", None),
    ("去年五月", "provide_info", None),
    ("王芳", "provide_info", None),
    ("空调保修几年", "ask_warranty_or_fee", None),
    ("13800138000", "provide_info", None),
    ("成都市武侯区天府大道1号", "provide_info", None),
    ("确认", "affirm", None),
    ("我的报修到哪一步了", "ask_ticket_status", None),
    ("空调还是不制热", "report_fault", "no_heating"),
    ("谢谢", "thanks", None),
    ("你好", "greet", None),
)
_SCRIPT = {text: Meaning(text, intent, 0.95, symptom=symptom) for text, intent, symptom in CONVERSATION}


def scripted(text: str) -> Meaning:
    """The meaning by heart: what a turn costs without NLU."""
    return _SCRIPT[text]


def house_at(url: str) -> House:
    warm_up()
    database = Database(url)
    return House(database, Clock(database, demo=False), Book(database), ZoneInfo("Asia/Shanghai"))


def turn(house: House, who: str, text: str, understand: Understand) -> None:
    """One message, all the way: the webhook's insert too."""
    arrive(house, who, text)
    answer(house, text, understand)


def arrive(house: House, who: str, text: str) -> None:
    """The webhook: stored, and on disk, before it is acknowledged."""
    inbound = Inbound("webchat", "", f"b{next(_keys)}", who, text=text)
    with house.database.session() as session:
        receive(session, inbound, at=house.clock.now())
        session.commit()


def answer(house: House, text: str, understand: Understand) -> None:
    """From the inbox to the committed reply."""
    with house.database.session(durable=False) as session:
        (row,) = claim(session, InboxMessage, owner="bench", limit=1, seconds=30)
        session.commit()
    if not take_turn(house, row, understand):
        raise RuntimeError(f"the turn {text!r} failed")


def turns(
    house: House, understand: Understand, clock: Callable[[], int], *, customers: int, tag: str
) -> list[float]:
    """Milliseconds of ``clock`` for every turn of so many whole conversations."""
    spent = []
    for number in range(customers):
        for text, _, _ in CONVERSATION:
            before = clock()
            turn(house, f"{tag}-customer-{number}", text, understand)
            spent.append((clock() - before) / 1e6)
    return spent


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The SQL statements that run meanwhile."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        seen.append(statement)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", note)


wall = time.perf_counter_ns
cpu = time.process_time_ns

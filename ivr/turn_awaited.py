"""The long way of words through the dialogue: the turn, whoever takes it, and when it is done the step of the call."""

import time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.dialogue.turn import Turned, take_turn
from core.messaging.faults import reach
from core.messaging.inbox import InboxMessage
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage
from ivr.document import document
from ivr.handed_in import LEASE_SECONDS, OWNER
from ivr.heard import Heard
from ivr.line import Line
from ivr.phone import Phone
from ivr.running import line_of, locked, over
from ivr.speak import Again, Speak
from ivr.spoken_turn import asked_again, step_after
from ivr.stations import person

MOST_WAIT = 8.0  # seconds in one webhook; providers hang up after 10 or 15
MOST_HOLDS = 5


def turn_awaited(phone: Phone, heard: Heard, inbox: int, row: InboxMessage | None) -> str:
    """``row``: the arrival, where it is leased to us already."""
    latest = time.monotonic() + MOST_WAIT
    while True:
        row = row or _lease(phone, inbox)
        if row is not None:
            take_turn(phone.house, row, phone.understand)
            reach("voice.turned")
        answer = _answered(phone, heard, inbox, last=time.monotonic() > latest)
        if answer is not None:
            return answer
        row = None
        time.sleep(0.05)


def _lease(phone: Phone, inbox: int) -> InboxMessage | None:
    """The arrival, if nobody works on it, or who did has died."""
    free = (InboxMessage.status == "pending") | (
        (InboxMessage.status == "leased") & (InboxMessage.due_at <= database_clock())
    )
    statement = (
        update(InboxMessage)
        .where(InboxMessage.id == inbox, free, InboxMessage.due_at <= database_clock())
        .values(
            status="leased",
            owner=OWNER,
            attempt=InboxMessage.attempt + 1,
            due_at=database_clock(LEASE_SECONDS),
        )
        .returning(InboxMessage)
    )
    with phone.house.database.session(durable=False) as session:
        row = session.scalars(statement, execution_options={"synchronize_session": False}).first()
        session.commit()
        return row


def _answered(phone: Phone, heard: Heard, inbox: int, *, last: bool) -> str | None:
    """The document after the turn; None while it is not done. ``last``: then the provider must ask again."""
    with phone.house.database.session() as session:
        call = locked(session, heard.sid)
        if call is None or call.ended_at is not None:
            return over(phone, call) if call else ""
        if call.step != heard.step:
            return call.document
        line = line_of(session, phone, call)
        row, said = _turned(session, inbox)
        if row.status not in ("done", "dead"):
            return _hold(line) if last else None
        answer = step_after(line, Turned(row.outcome or "", said)) if row.status == "done" else _broken(line)
        reach("voice.answering")
        session.commit()
        phone.memory.remember(call)
        return answer


def _turned(session: Session, inbox: int) -> tuple[InboxMessage, OutboxMessage | None]:
    """The arrival and its answer, which is spoken here and need not be sent any more."""
    answers = (OutboxMessage.reply_to == InboxMessage.id) & (OutboxMessage.channel == "voice")
    query = (
        select(InboxMessage, OutboxMessage).outerjoin(OutboxMessage, answers).where(InboxMessage.id == inbox)
    )
    row, answer = session.execute(query.limit(1)).one()
    if answer is not None:
        statement = update(OutboxMessage).where(
            OutboxMessage.id == answer.id, OutboxMessage.status == "pending"
        )
        values = {"status": "done", "receipt": "spoken", "ended_at": database_clock()}
        session.execute(statement.values(**values), execution_options={"synchronize_session": False})
    return row, answer


def _broken(line: Line) -> str:
    """The dialogue could not take it; a worker will try again and the desk is told. The caller gets a person."""
    pending, line.state.pending = line.state.pending, None
    line.said = list(pending["said"]) if pending else []
    line.say("voice.broken")
    line.state.mark("broken")
    person.connect_now(line)
    return asked_again(line)


def _hold(line: Line) -> str | None:
    """Still at work: say so, and be asked again."""
    pending = line.state.pending
    assert pending is not None
    pending["holds"] += 1
    if pending["holds"] > MOST_HOLDS:
        answer = _broken(line)
    else:
        line.call.state = line.state.dump()
        text = line.text("voice.moment") if pending["holds"] == 1 else ""
        answer = document(line.house, line.call, Speak((text,) if text else (), Again(), line.language))
    line.session.commit()
    return answer

"""One step of a call: the row is locked, the step is taken once, and what was answered is kept with it.

A step either moves the call on by itself (one transaction), or has words for the dialogue (three: the words are
stored and leased, the dialogue's own turn, the answer). Nothing is held over the turn, so that it may ask the model.
"""

import time
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.call.model import Call
from core.dialogue.turn import take_turn
from core.messaging.faults import reach
from core.messaging.inbox import Inbound, InboxMessage, lease_new, receive
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage
from ivr.after import after_turn
from ivr.callbacks import promise_call
from ivr.document import document, finish
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.opening import greet, open_call
from ivr.phone import Phone
from ivr.question import held_nought
from ivr.speak import Again, Hangup, Speak
from ivr.state import CallState
from ivr.station import Missed
from ivr.stations import STATIONS, person
from ivr.stations.menu import moves_only

OWNER = "voice"
LEASE_SECONDS = 20.0
PATIENCE = 60.0  # seconds for which the answer is the phone's to say; then the outbox takes it another way
MOST_WAIT = 8.0  # seconds in one webhook; the provider hangs up after 15
MOST_HOLDS = 5
MISSES = 3
# Where nobody can be reached any more: the third miss ends with a promise to call back.
PLACED = ("survey", "appointment", "staff_alert")
LAST = ("callback", "record", "goodbye")
_log = structlog.get_logger()


def begin(phone: Phone, heard: Heard) -> str:
    """A new call is answered; the same one again gets what it got before."""
    try:
        return _begin(phone, heard, recovered=False)
    except IntegrityError:  # the same call, or the same new caller, twice at once: the other one is there now
        return _begin(phone, heard, recovered=False)


def _begin(phone: Phone, heard: Heard, *, recovered: bool) -> str:
    at = phone.house.clock.now()
    with phone.house.database.session(durable=False) as session:
        call = locked(session, heard.sid)
        if call is not None:
            return call.document if call.ended_at is None else _over(phone, call)
        call = open_call(session, phone, heard, at=at)
        line = line_of(session, phone, call)
        if recovered:
            line.say("voice.recovered")
            line.to_menu()
        else:
            greet(line)
        answer = finish(line)
        session.commit()
        phone.memory.remember(call)
        return answer


def take(phone: Phone, heard: Heard) -> str:
    """Take a step. Repeated, late and early ones have no effect: they get the document of where the call is."""
    return _from_memory(phone, heard) or _take(phone, heard)


def _from_memory(phone: Phone, heard: Heard) -> str | None:
    """A step about the menu needs nothing but what we know; None where the long way must be gone."""
    known = phone.memory.of(heard.sid)
    if known is None or known.step != heard.step or not heard.keys:
        return None
    call = known.call()
    line = line_of(None, phone, call)
    if not moves_only(line, heard) or line.state.pending or _too_long(line):
        return None
    _decide(line, heard)
    answer = finish(line)
    return answer if phone.memory.keep(known, call) else None


def _take(phone: Phone, heard: Heard) -> str:
    with phone.house.database.session(durable=False) as session:
        call = locked(session, heard.sid)
        if call is None:
            session.rollback()
            return _begin(phone, heard, recovered=True)
        if call.ended_at is not None:
            return _over(phone, call)
        if heard.step != call.step:
            return call.document
        line = line_of(session, phone, call)
        if line.state.pending is None:
            words = _decide(line, heard)
            if words is None:
                answer = finish(line)
                session.commit()
                phone.memory.remember(call)
                return answer
            row = _hand_in(line, words)
            call.state = line.state.dump()
            session.commit()
            reach("voice.handed_in")
        else:
            row = None
        waiting = line.state.pending
    assert waiting is not None
    return _through_the_dialogue(phone, heard, waiting["inbox"], row)


def line_of(session: Any, phone: Phone, call: Call) -> Line:
    """``session`` is None for a step that needs none."""
    menu = phone.menus.of(call.language)
    state = CallState.load(call.state)
    if state.node not in menu.nodes:  # the staff changed the menu during the call
        state.node, state.path = "main", []
    return Line(session, phone.house, call, state, menu, phone, phone.house.clock.now())


def locked(session: Session, sid: str) -> Call | None:
    """The call's row, ours until the transaction ends; None for a call we do not know."""
    return session.scalars(select(Call).where(Call.sid == sid).with_for_update()).first()


def _over(phone: Phone, call: Call) -> str:
    return document(phone.house, call, Speak((), Hangup(), call.language))


def _decide(line: Line, heard: Heard) -> Words | None:
    state = line.state
    if _too_long(line) and state.station != "goodbye":
        line.say("voice.too_long")
        promise_call(line, _phone_of(line))
        return None
    try:
        words = held_nought(line, heard) or STATIONS[state.station].take(line, heard)
    except Missed:
        return _missed(line, heard)
    state.misses = 0 if words is None else state.misses
    return words


def _too_long(line: Line) -> bool:
    policy = line.policy()
    late = line.at - line.call.started_at > timedelta(minutes=policy["most_minutes"])
    return late or line.call.step > policy["most_steps"]


def _missed(line: Line, heard: Heard) -> Words | None:
    """Ask again, twice; the third time it is a person's turn."""
    state = line.state
    state.misses += 1
    if state.misses >= MISSES:
        return _give_up(line)
    if not line.said:  # a station may have said what was wrong
        line.say("voice.wrong_key" if heard.keys else "voice.not_heard")
    line.again = True
    return None


def _give_up(line: Line) -> Words | None:
    state = line.state
    state.misses = 0
    if state.station in PLACED:  # we called them: nobody is led to a person unasked
        line.go("goodbye")
        return None
    state.mark("gave_up")
    last = state.station in LAST or (state.station == "menu" and state.node == "closed")
    if last or state.data.get("purpose") == "callback":
        promise_call(line, _phone_of(line))
        return None
    line.say("voice.give_up")
    return Words(line.text("voice.words.person"))


def _phone_of(line: Line) -> str | None:
    customer = line.customer()
    return customer.phone if customer else None


def _hand_in(line: Line, words: Words) -> InboxMessage | None:
    """The words are an arrival like any other, but leased to this step at once: no worker takes them while we do."""
    inbound = inbound_of(line, words)
    row = lease_new(line.session, inbound, at=line.at, owner=OWNER, seconds=LEASE_SECONDS)
    number = (
        row.id if row else receive(line.session, inbound, at=line.at)[0]
    )  # a recording that is known already
    line.state.pending = {"inbox": number, "holds": 0, "said": line.said}
    return row


def inbound_of(line: Line, words: Words) -> Inbound:
    """The same recording is the same arrival, whoever tells of it; words belong to their step."""
    call, recorded = line.call, words.payload.get("recording")
    return Inbound(
        "voice",
        call.ours,
        f"{call.sid}:r:{recorded}" if recorded else f"{call.sid}:{call.step}",
        line.state.sender,
        text=words.text,
        conversation=call.sid,
        kind=words.kind,
        payload=words.payload,
        patience=PATIENCE,
    )


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


def _through_the_dialogue(phone: Phone, heard: Heard, inbox: int, row: InboxMessage | None) -> str:
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


def _answered(phone: Phone, heard: Heard, inbox: int, *, last: bool) -> str | None:
    """The document after the turn; None while it is not done. ``last``: then the provider must ask again."""
    with phone.house.database.session() as session:
        call = locked(session, heard.sid)
        if call is None or call.ended_at is not None:
            return _over(phone, call) if call else ""
        if call.step != heard.step:
            return call.document
        line = line_of(session, phone, call)
        row, said = _turned(session, inbox)
        if row.status not in ("done", "dead"):
            return _hold(line) if last else None
        pending, line.state.pending = line.state.pending, None
        line.said = list(pending["said"]) if pending else []
        if row.status == "done":
            after_turn(line, row, said)
        else:
            _broken(line)
        if line.state.misses >= MISSES:
            line.state.misses = 0
            line.say("voice.give_up")
            person.connect_now(line)
        reach("voice.answering")
        answer = finish(line)
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


def _broken(line: Line) -> None:
    """The dialogue could not take it; a worker will try again and the desk is told. The caller gets a person."""
    line.say("voice.broken")
    line.state.mark("broken")
    person.connect_now(line)


def _hold(line: Line) -> str | None:
    """Still at work: say so, and be asked again."""
    pending = line.state.pending
    assert pending is not None
    pending["holds"] += 1
    if pending["holds"] > MOST_HOLDS:
        line.state.pending = None
        _broken(line)
        answer = finish(line)
    else:
        line.call.state = line.state.dump()
        text = line.text("voice.moment") if pending["holds"] == 1 else ""
        answer = document(line.house, line.call, Speak((text,) if text else (), Again(), line.language))
    line.session.commit()
    return answer

"""What the provider tells beside the steps: waiting in line, the other leg's whisper, recordings, and the end."""

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.call.ended import call_ended
from core.call.model import Call
from core.dialogue.draft import begun
from core.messaging.inbox import receive
from ivr.document import document
from ivr.handed_in import inbound_of
from ivr.heard import Heard
from ivr.line import Line
from ivr.opening import open_call
from ivr.phone import Phone
from ivr.running import line_of, locked
from ivr.speak import Hangup, Speak, Wait
from ivr.spoken import digits, pieces, spoken
from ivr.state import CallState
from ivr.stations.queue import QueueStation
from ivr.stations.tell import recording

FINAL = ("completed", "busy", "failed", "no-answer", "canceled")
_ORDER = ("queued", "initiated", "ringing", "in-progress", "answered", *FINAL)
_log = structlog.get_logger()


def wait(phone: Phone, heard: Heard) -> str:
    """What is heard in line. It is asked for again and again, so it is no step."""
    with phone.house.database.session(durable=False) as session:
        call = locked(session, heard.sid)
        if call is None:
            return ""
        line = line_of(session, phone, call)
        if call.ended_at is not None or line.state.station != "queue":
            return document(phone.house, call, Speak((), Wait(leave=True), call.language))
        speak = QueueStation().wait(line, heard)
        call.state = line.state.dump()
        answer = document(phone.house, call, speak)
        session.commit()
        return answer


def whisper(phone: Phone, number: int, keys: str | None) -> Speak | None:
    """What the person who is rung hears; with ``keys`` whether they took the call. None: nothing more, connect."""
    with phone.house.database.session(durable=False) as session:
        call = session.get(Call, number, with_for_update=True)
        if call is None or call.ended_at is not None:
            return Speak((), Hangup(), "zh")
        line = line_of(session, phone, call)
        if line.state.station != "dial":
            return Speak((), Hangup(), "zh")
        line.state.data["whispered"] = True
        if keys == "1":
            line.state.data["accepted"] = True
        text = _about(line)
        call.state = line.state.dump()
        session.commit()
    if keys is None:
        return Speak(pieces(spoken(text)), Hangup(), "zh")
    return None if keys == "1" else Speak((), Hangup(), "zh")


def _about(line: Line) -> str:
    """Staff hear Chinese: who calls and what for, and the key that takes the call."""
    customer, book = line.customer(), line.house.book
    name = (customer.name if customer else None) or book.text("word.customer")
    key = "voice.whisper.urgent" if line.state.data.get("urgent") else "voice.whisper"
    number = line.state.ticket or line.talk().last_ticket
    return book.text(key, name=name, number=digits(number) if number else "")


def status(phone: Phone, heard: Heard) -> None:
    """The provider's word on a call: late, twice and out of order; the end comes once."""
    word, at = heard.values.get("CallStatus", ""), phone.house.clock.now()
    if not heard.sid or word not in _ORDER:
        _log.warning("unknown call status", status=word[:40])
        return
    try:
        _status(phone, heard, word, at)
    except IntegrityError:  # its first step came in the same moment
        _status(phone, heard, word, at)


def _status(phone: Phone, heard: Heard, word: str, at) -> None:  # type: ignore[no-untyped-def]
    with phone.house.database.session() as session:
        call = locked(session, heard.sid)
        if call is None:
            if word not in FINAL:
                return
            call = open_call(
                session, phone, heard, at=at
            )  # never reached us: a missed call is on file too (A3)
            call.answered_at = None
        if call.ended_at is None:
            if _ORDER.index(word) >= _ORDER.index(call.status) if call.status in _ORDER else True:
                call.status = word
            if word in FINAL:
                _end(session, phone, call, heard, at)
        session.commit()


def _end(session: Session, phone: Phone, call: Call, heard: Heard, at) -> None:  # type: ignore[no-untyped-def]
    call.ended_at = at
    seconds = heard.values.get("CallDuration", "")
    call.seconds = int(seconds) if seconds.isdigit() and len(seconds) < 7 else None
    if call.direction == "outbound":
        call_ended(session, phone.house, call, at=at, answered_by=(call.order or {}).get("answered_by"))
    else:
        call.outcome = outcome(session, call)


# The first of these that happened is what came of the call.
_OUTCOMES = ("alarm", "person", "filed", "callback", "recorded", "transferred", "person_wanted", "broken")


def outcome(session: Session, call: Call) -> str:
    """What came of a call, in one word: for the log and the customer's file."""
    from core.customer.model import Conversation
    from core.dialogue.state import State

    if call.answered_at is None:
        return "missed"
    marks = CallState.load(call.state).marks
    found = next((what for what in _OUTCOMES if what in marks), None)
    if found is not None:
        return found
    conversation = session.get(Conversation, call.conversation_id)
    talk = State.load(conversation.state if conversation else None)
    if begun(talk.form, talk.ticket, talk.slots):
        return "abandoned"
    return "completed" if call.step > 1 else "hung_up"


def recorded(phone: Phone, heard: Heard, purpose: str) -> bool:
    """A recording is ready. Whoever tells of it first, the step or this, hands it in; True when this did."""
    values = heard.values
    sid, ready = (
        values.get("RecordingSid", "")[:64],
        values.get("RecordingStatus", "completed") == "completed",
    )
    if not sid or not ready or values.get("RecordingDuration") == "0":
        return False
    with phone.house.database.session() as session:
        call = locked(session, heard.sid)
        if call is None:
            _log.warning("recording of an unknown call", recording=sid)
            return False
        line = line_of(session, phone, call)
        data = line.state.data if line.state.data.get("purpose") == purpose else {}
        words = recording(line, sid, {**data, "purpose": purpose})
        _, new = receive(session, inbound_of(line, words), at=line.at)
        if new:
            line.state.mark("recorded")
            call.state = line.state.dump()
            call.outcome = outcome(session, call) if call.ended_at else None
        session.commit()
        return new

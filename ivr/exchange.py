"""One step of a call: the row is locked, the step is taken once, and what was answered is kept with it.

A step either moves the call on by itself (one transaction), or has words for the dialogue (ivr/handed_in.py: stored and leased;
ivr/spoken_turn.py: the dialogue's own turn and the answer).
"""

from sqlalchemy.exc import IntegrityError

from core.messaging.faults import reach
from ivr.decide import decide
from ivr.document import finish
from ivr.handed_in import hand_in
from ivr.heard import Heard
from ivr.opening import greet, open_call
from ivr.phone import Phone
from ivr.running import line_of, locked, over
from ivr.spoken_turn import turn_at_once
from ivr.turn_awaited import turn_awaited


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
            return call.document if call.ended_at is None else over(phone, call)
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
    with phone.house.database.session(durable=False) as session:
        call = locked(session, heard.sid)
        if call is None:
            session.rollback()
            return _begin(phone, heard, recovered=True)
        if call.ended_at is not None:
            return over(phone, call)
        if heard.step != call.step:
            return call.document
        line = line_of(session, phone, call)
        if line.state.pending is None:
            words = decide(line, heard)
            if words is None:
                answer = finish(line)
                session.commit()
                phone.memory.remember(call)
                return answer
            held = hand_in(line, words)
            session.commit()
            reach("voice.handed_in")
        else:
            held = None
        waiting = line.state.pending
    assert waiting is not None
    answer = turn_at_once(phone, held) if held else None
    return answer or turn_awaited(phone, heard, waiting["inbox"], held.row if held else None)

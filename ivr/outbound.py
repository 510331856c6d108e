"""A call that we placed is answered: it goes on from the state of its order, as any call does from its own."""

from core.call.ended import call_ended
from core.call.model import Call
from core.call.outcomes import FINAL, MACHINES
from ivr.document import document, finish
from ivr.heard import Heard
from ivr.opening import conversation_for
from ivr.phone import Phone
from ivr.running import line_of
from ivr.speak import Hangup, Speak
from ivr.spoken import pieces, spoken

_ORDER = ("queued", "initiated", "ringing", "in-progress", "answered", *FINAL)


def answered(phone: Phone, heard: Heard, order: int) -> str | None:
    """The first words. The same webhook again gets the same; None for a second call for one order: hang up."""
    at = phone.house.clock.now()
    with phone.house.database.session(durable=False) as session:
        call = session.get(Call, order, with_for_update=True)
        if call is None or call.direction != "outbound" or not _same(call, heard):
            return None
        if call.ended_at is not None:
            return document(phone.house, call, Speak((), Hangup(), call.language))
        if call.document:
            return call.document
        call.sid, call.status, call.answered_at = heard.sid, "in-progress", at
        call.from_number = heard.values.get("From", "")[:64]
        call.order = {**(call.order or {}), "answered_by": heard.values.get("AnsweredBy", "")[:40]}
        if heard.values.get("AnsweredBy") in MACHINES:
            call.document = _to_a_machine(phone, call)
            session.commit()
            return call.document
        if call.purpose != "staff_alert":
            conversation_for(session, phone, call, at=at)
        answer = finish(line_of(session, phone, call))
        session.commit()
        return answer


def _same(call: Call, heard: Heard) -> bool:
    return call.sid.startswith("order:") or call.sid == heard.sid


def _to_a_machine(phone: Phone, call: Call) -> str:
    """By policy a mailbox is told what it is about, without names; staff alerts never."""
    book, said = phone.house.book, ()
    if book.policy("voice_out")["machine"] == "message" and call.purpose != "staff_alert":
        said = pieces(spoken(book.text("voice.out.machine", call.language)))
    return document(phone.house, call, Speak(said, Hangup(), call.language))


def status(phone: Phone, heard: Heard, order: int) -> None:
    """The provider's word on an order's call: late, twice and out of order; the end comes once."""
    word, at = heard.values.get("CallStatus", ""), phone.house.clock.now()
    if word not in _ORDER:
        return
    with phone.house.database.session() as session:
        call = session.get(Call, order, with_for_update=True)
        if call is None or call.direction != "outbound" or not _same(call, heard):
            return
        call.sid = heard.sid
        if call.ended_at is None:
            if call.status not in _ORDER or _ORDER.index(word) >= _ORDER.index(call.status):
                call.status = word
            if word in FINAL:
                seconds = heard.values.get("CallDuration", "")
                call.seconds = int(seconds) if seconds.isdigit() and len(seconds) < 7 else None
                call.ended_at = at
                by = heard.values.get("AnsweredBy") or (call.order or {}).get("answered_by")
                call_ended(session, phone.house, call, at=at, answered_by=by)
        session.commit()

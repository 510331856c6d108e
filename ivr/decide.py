"""What a step leads to: the station takes it, or it was no answer, or the call has lasted long enough."""

from datetime import timedelta

from ivr.callbacks import promise_call
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import held_nought
from ivr.station import Missed
from ivr.stations import STATIONS

MISSES = 3
# Calls of ours.
PLACED = ("survey", "appointment", "training_news", "training_review", "training_words", "staff_alert")
# Where nobody can be reached any more: the third miss ends with a promise to call back.
LAST = ("callback", "record", "goodbye")


def decide(line: Line, heard: Heard) -> Words | None:
    """Words for the dialogue, or None when the line has moved on by itself."""
    state = line.state
    if too_long(line) and state.station != "goodbye":
        line.say("voice.too_long")
        promise_call(line, _phone_of(line))
        return None
    try:
        words = held_nought(line, heard) or STATIONS[state.station].take(line, heard)
    except Missed:
        return _missed(line, heard)
    state.misses = 0 if words is None else state.misses
    return words


def too_long(line: Line) -> bool:
    """Whether a call has used up its minutes or its steps."""
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
    placed = state.station in PLACED or state.data.get("purpose") == "review"
    if placed:  # we called them: nobody is led to a person unasked
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

"""From the line to a document: the words so far, the question of the station that waits, and the row that keeps both."""

from functools import cache, lru_cache

from core.call.model import Call
from core.house import House
from ivr.jambonz.document import verbs
from ivr.line import Line
from ivr.speak import Gather, Speak
from ivr.spoken import pieces, spoken
from ivr.stations import STATIONS
from ivr.twiml import BASE, Leg, Voices, to_twiml

_STEP = f"{BASE}/step/0/"


def finish(line: Line) -> str:
    """Ask the next question, and keep the document for the case that the provider asks for it again."""
    state, call = line.state, line.call
    question = STATIONS[state.station].ask(line)
    before = line.said + (state.said if line.again and state.station != "menu" else [])
    if not line.again:
        state.said = list(line.said)
    said = tuple(piece for text in before for piece in pieces(spoken(text)))
    speak = Speak(said + question.said, question.then, line.language, question.barge)
    call.step += 1
    call.state = state.dump()
    call.document = document(line.house, call, speak)
    return call.document


def document(house: House, call: Call, speak: Speak) -> str:
    """A Speak in the dialect of the call's provider."""
    if call.provider == "jambonz":
        return verbs(house, call, speak)
    voices = _voices(**house.book.policy("voice")["voices"][speak.language])
    number = call.ours if call.ours.startswith("+") else ""
    if isinstance(speak.then, Gather):  # the same question is asked in many calls; only the step differs
        return _question(speak, voices).replace(_STEP, f"{BASE}/step/{call.step}/")
    return to_twiml(speak, Leg(call.id, call.step, voices, number))


@lru_cache(maxsize=500)
def _question(speak: Speak, voices: Voices) -> str:
    return to_twiml(speak, Leg(0, 0, voices))


@cache
def _voices(**names: str) -> Voices:
    return Voices(**names)

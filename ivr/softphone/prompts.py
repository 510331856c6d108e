"""Say, Play and Pause: what is heard, and how long it lasts."""

from ivr.softphone.document import Verb
from ivr.softphone.requests import absolute
from ivr.softphone.state import CHARACTERS_PER_SECOND, Call, Doing

PLAY_SECONDS = 3.0  # a recording is not fetched, so its length is not known
FOREVER = 1000  # loop="0": Twilio stops after so many rounds
MUSIC = "♪ "


def begin(call: Call, verb: Verb) -> None:
    """Start a prompt: on its own, or inside a Gather."""
    if verb.name == "Pause":
        call.doing = Doing("pausing", until=call.clock + verb.seconds("length", 1))
        return
    words = _heard(call, verb)
    call.note("heard", words, {"verb": verb.name, **verb.attributes})
    rounds = int(verb.get("loop", "1")) or FOREVER
    call.doing = Doing("speaking", words, call.clock + rounds * _lasts(verb, words))


def cut(call: Call) -> None:
    """A key or a word ends the prompt; what was heard of it is marked."""
    if call.doing.kind == "speaking":
        said = [entry for entry in call.journal if entry.kind == "heard"]
        for entry in said[-1:]:  # none when the call was kept since
            entry.detail["cut"] = f"{call.clock:.1f}"


def _heard(call: Call, verb: Verb) -> str:
    if verb.name == "Say":
        return verb.text
    return MUSIC + (verb.get("digits") or absolute(call, verb.text))


def _lasts(verb: Verb, words: str) -> float:
    return max(0.5, len(words) / CHARACTERS_PER_SECOND) if verb.name == "Say" else PLAY_SECONDS

"""Documents that need nothing of ours: for the worst of days."""

import json

from core.knowledge.book import shipped_policies, shipped_wording
from ivr.jambonz.verbs import Leg, Voice, to_verbs
from ivr.speak import Again, Hangup, Speak, Wait
from ivr.spoken import pieces, spoken


def _leg(step: int = 0) -> Leg:
    return Leg(0, step, Voice(**shipped_policies()["jambonz_voices"]["zh"]))


def _words(key: str) -> tuple[str, ...]:
    return pieces(spoken(shipped_wording()["zh"][key]))


def again(path: str) -> str:
    """Our database is away, or too slow for jambonz's patience: a moment, and the same step once more."""
    verbs = json.loads(to_verbs(Speak(_words("voice.moment"), Again(pause=3)), _leg()))
    verbs[-1]["actionHook"] = path
    return json.dumps(verbs, ensure_ascii=False)


def sorry() -> str:
    """It did not help: good-bye, with what to do."""
    return to_verbs(Speak(_words("voice.away"), Hangup()), _leg())


def hangup() -> str:
    """Nothing more to say."""
    return to_verbs(Speak((), Hangup()), _leg())


def leave(step: int) -> str:
    """In line, and the call is not known any more."""
    return to_verbs(Speak((), Wait(leave=True)), _leg(step))

"""A Speak in jambonz's dialect, with the voices that the house has set for it."""

from core.call.model import Call
from core.house import House
from ivr.jambonz.verbs import Leg, Voice, to_verbs
from ivr.speak import Speak


def verbs(house: House, call: Call, speak: Speak) -> str:
    """Verbs for this call's next step; our number is shown where it is E.164."""
    number = call.ours if call.ours.startswith("+") else ""
    return to_verbs(speak, Leg(call.id, call.step, voice_of(house, speak.language), number))


def voice_of(house: House, language: str) -> Voice:
    """From the policy ``jambonz_voices``."""
    return Voice(**house.book.policy("jambonz_voices")[language])

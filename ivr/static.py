"""Documents that need nothing of ours: no database, no wording in a table, no model. For the worst of days."""

from core.knowledge.book import shipped_policies, shipped_wording
from ivr.speak import Again, Gather, Hangup, Record, Speak
from ivr.spoken import pieces, spoken
from ivr.twiml import Leg, Voices, to_twiml


def _leg() -> Leg:
    return Leg(0, 0, Voices(**shipped_policies()["voice"]["voices"]["zh"]))


def _words(key: str) -> tuple[str, ...]:
    return pieces(spoken(shipped_wording()["zh"][key]))


def fallback() -> str:
    """Twilio comes here when we did not answer: sorry, and a message by key 1."""
    document = to_twiml(Speak(_words("voice.fallback"), Gather(speech=False, timeout=8)), _leg())
    return document.replace("/webhooks/voice/step/0/gather", "/webhooks/voice/fallback/keys").replace(
        "/webhooks/voice/step/0/silence", "/webhooks/voice/fallback/keys"
    )


def fallback_keys(keys: str) -> str:
    """After the fallback's question: a message, or good-bye."""
    if keys != "1":
        return to_twiml(Speak(_words("voice.fallback.goodbye"), Hangup()), _leg())
    document = to_twiml(Speak(_words("voice.record.voicemail"), Record("voicemail")), _leg())
    return document.replace("/webhooks/voice/step/0/recorded", "/webhooks/voice/fallback/thanks").replace(
        "/webhooks/voice/step/0/silence", "/webhooks/voice/fallback/thanks"
    )


def thanks() -> str:
    """After the message was left: good-bye."""
    return to_twiml(Speak(_words("voice.fallback.goodbye"), Hangup()), _leg())


def again(path: str) -> str:
    """Our database is away, or too slow for the provider's patience: a moment, and the same step once more."""
    document = to_twiml(Speak(_words("voice.moment"), Again(pause=3)), _leg())
    return document.replace("/webhooks/voice/step/0/again", path)


def hangup() -> str:
    return to_twiml(Speak((), Hangup()), _leg())


def empty() -> str:
    """Nothing more to do: the two legs are connected."""
    return '<?xml version="1.0" encoding="UTF-8"?><Response/>'

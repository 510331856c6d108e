"""What a provider's webhook says, read once: a pure function from its parameters."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import phonenumbers

from core.dialogue.choices import plain, typed

LONGEST_SPEECH = 1000  # characters that are looked at
LONGEST_KEYS = 40
# What providers send for a withheld number; 266696687 spells ANONYMOUS.
_WITHHELD = re.compile(
    r"^(?:|anonymous|restricted|unavailable|unknown|private|\+?266696687|\+?7378742833|\+?86282452253)$"
)


@dataclass(frozen=True)
class Caller:
    """Who calls. ``phone`` is E.164 where the number proves who it is; ``name`` is kept as it came."""

    name: str
    phone: str | None


@dataclass(frozen=True)
class Heard:
    """One step of a call. ``event`` is what happened: gather, recorded, dialled, left, wait, silence, again."""

    sid: str
    event: str
    step: int = 0
    keys: str = ""
    speech: str = ""
    confidence: float = 0.0  # 0 where the provider does not know
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def silent(self) -> bool:
        """Neither a key nor a word."""
        return not self.keys and not self.speech

    @property
    def words(self) -> str:
        """The speech as the recogniser wrote it, for words that are kept: its commas stay what they are."""
        return typed(self.values.get("SpeechResult", ""))[:LONGEST_SPEECH] if self.speech else ""


def read(values: Mapping[str, str], *, event: str, step: int) -> Heard:
    """The parameters of one webhook as a Heard."""
    speech = plain(values.get("SpeechResult", ""))[:LONGEST_SPEECH]
    keys = plain(values.get("Digits", ""))[:LONGEST_KEYS]
    return Heard(
        sid=values.get("CallSid", "")[:64],
        event=event,
        step=step,
        keys=keys,
        speech=speech if any(c.isalnum() for c in speech) else "",
        confidence=confidence(values.get("Confidence")),
        values=values,
    )


def confidence(value: str | None) -> float:
    """A confidence between 0 and 1; what is absent or no number says nothing."""
    try:
        found = float(value or 0)
    except ValueError:
        return 0.0
    return found if math.isfinite(found) and 0 <= found <= 1 else 0.0


def caller(values: Mapping[str, str]) -> Caller:
    """The caller's number, or who else they say they are; a number the network does not vouch for proves nothing."""
    name = plain(values.get("From", ""))[:128]
    if _WITHHELD.fullmatch(name.lower()):
        return Caller("", None)
    return Caller(name, None if _doubtful(values) else e164(name))


def _doubtful(values: Mapping[str, str]) -> bool:
    return values.get("StirVerstat", "").startswith("TN-Validation-Failed")


def e164(name: str) -> str | None:
    """A telephone number as E.164; None for SIP addresses, short numbers and what is no number."""
    if not re.fullmatch(r"\+?\d{6,16}", name):
        return None
    try:
        number = phonenumbers.parse(name, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

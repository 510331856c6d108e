"""Which verbs, attributes and children TwiML for voice has, and what their values may be.

Source: twilio.com/docs/voice/twiml, and the attribute lists of twilio-python 9.13, against which a test compares.
Twilio only warns of an unknown attribute (12200); here it is an error, for it is always a mistake of ours.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

Check = Callable[[str], bool]


def _number(least: int, most: int = 10**6) -> Check:
    return lambda value: value.isascii() and value.isdigit() and least <= int(value) <= most


def _word(*words: str) -> Check:
    return lambda value: value in words


def _words(*words: str) -> Check:
    return lambda value: bool(value.split()) and set(value.split()) <= set(words)


def _any(value: str) -> bool:
    return True


def _filled(value: str) -> bool:
    return bool(value.strip())


def _hints(value: str) -> bool:
    """At most 500 phrases of at most 100 characters."""
    phrases = value.split(",")
    return len(phrases) <= 500 and all(len(phrase.strip()) <= 100 for phrase in phrases)


_flag, _method = _word("true", "false"), _word("GET", "POST")


def _like(pattern: str) -> Check:
    return lambda value: re.fullmatch(pattern, value) is not None


_language = _like(r"[a-zA-Z]{2,3}(-[A-Za-z0-9]+)*")
_keys = _like(r"[0-9*#wW]+")


@dataclass(frozen=True)
class Rule:
    """One element: its attributes, its children, and whether it carries text."""

    attributes: dict[str, Check] = field(default_factory=dict)
    children: tuple[str, ...] = ()
    text: bool = False


_CALLBACK: dict[str, Check] = {
    "statusCallback": _filled,
    "statusCallbackMethod": _method,
    "statusCallbackEvent": _words("initiated", "ringing", "answered", "completed"),
}
_RECORDING: dict[str, Check] = {
    "trim": _word("trim-silence", "do-not-trim"),
    "recordingStatusCallback": _filled,
    "recordingStatusCallbackMethod": _method,
    "recordingStatusCallbackEvent": _words("in-progress", "completed", "absent"),
}
_LEG: dict[str, Check] = {"url": _filled, "method": _method, **_CALLBACK}
SSML = ("break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w")
_SSML_ATTRIBUTES = {
    "break": ("strength", "time"),
    "emphasis": ("level",),
    "lang": ("{http://www.w3.org/XML/1998/namespace}lang",),
    "phoneme": ("alphabet", "ph"),
    "prosody": ("volume", "rate", "pitch"),
    "say-as": ("interpret-as", "format"),
    "sub": ("alias",),
    "w": ("role",),
}

RULES: dict[str, Rule] = {
    "Say": Rule({"voice": _filled, "language": _language, "loop": _number(0)}, SSML, text=True),
    "Play": Rule({"loop": _number(0), "digits": _keys}, text=True),
    "Pause": Rule({"length": _number(0, 3600)}),
    "Gather": Rule(
        {
            "input": _word("dtmf", "speech", "dtmf speech", "speech dtmf"),
            "action": _any,
            "method": _method,
            "timeout": _number(1),
            "finishOnKey": _like(r"[0-9*#]?"),
            "numDigits": _number(1),
            "speechTimeout": lambda value: value == "auto" or _number(1)(value),
            "maxSpeechTime": _number(1),
            "profanityFilter": _flag,
            "partialResultCallback": _filled,
            "partialResultCallbackMethod": _method,
            "language": _language,
            "hints": _hints,
            "bargeIn": _flag,
            "debug": _flag,
            "actionOnEmptyResult": _flag,
            "speechModel": _filled,
            "enhanced": _flag,
        },
        ("Say", "Play", "Pause"),
    ),
    "Record": Rule(
        {
            "action": _any,
            "method": _method,
            "timeout": _number(0),
            "finishOnKey": _like(r"[0-9*#]*"),
            "maxLength": _number(1, 14400),
            "playBeep": _flag,
            "transcribe": _flag,
            "transcribeCallback": _filled,
            **_RECORDING,
        }
    ),
    "Dial": Rule(
        {
            "action": _any,
            "method": _method,
            "timeout": _number(5, 600),
            "hangupOnStar": _flag,
            "timeLimit": _number(1, 14400),
            "callerId": _filled,
            "record": _word(
                "do-not-record",
                "record-from-answer",
                "record-from-ringing",
                "record-from-answer-dual",
                "record-from-ringing-dual",
            ),
            "answerOnBridge": _flag,
            "ringTone": _filled,
            "sequential": _flag,
            **_RECORDING,
        },
        ("Number", "Sip", "Client"),
        text=True,
    ),
    "Number": Rule({"sendDigits": _keys, "machineDetection": _filled, **_LEG}, text=True),
    "Sip": Rule({"username": _filled, "password": _filled, "machineDetection": _filled, **_LEG}, text=True),
    "Client": Rule(_LEG, text=True),
    "Enqueue": Rule(
        {
            "action": _any,
            "method": _method,
            "maxQueueSize": _number(1, 5000),
            "waitUrl": _any,
            "waitUrlMethod": _method,
        },
        text=True,
    ),
    "Leave": Rule(),
    "Redirect": Rule({"method": _method}, text=True),
    "Reject": Rule({"reason": _word("rejected", "busy")}),
    "Hangup": Rule(),
    **{name: Rule(dict.fromkeys(_SSML_ATTRIBUTES.get(name, ()), _any), SSML, text=True) for name in SSML},
}
VERBS = (
    "Say",
    "Play",
    "Pause",
    "Gather",
    "Record",
    "Dial",
    "Enqueue",
    "Leave",
    "Redirect",
    "Reject",
    "Hangup",
)
# What music and menus in a queue, and a whisper before a call is put through, may use.
WAIT_VERBS = ("Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Leave")
WHISPER_VERBS = ("Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Reject")

# Twilio's own numbers for single values that are wrong; all others are 12200.
CODES = {
    ("Gather", "finishOnKey"): 13310,
    ("Gather", "timeout"): 13312,
    ("Gather", "method"): 13313,
    ("Gather", "numDigits"): 13314,
    ("Record", "maxLength"): 13612,
    ("Record", "method"): 13610,
    ("Record", "timeout"): 13611,
    ("Record", "finishOnKey"): 13613,
}

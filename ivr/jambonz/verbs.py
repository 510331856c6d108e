"""jambonz's dialect: a Speak as a list of verbs. Source: npm @jambonz/verb-specifications and docs.jambonz.org/verbs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ivr.speak import Again, Dial, Gather, Hangup, Hold, Record, Speak, Wait

BASE = "/webhooks/jambonz"
MOST_HINTS, MOST_HINT = 500, 100
SAMPLES = 8000  # a second, as on a telephone
Verb = dict[str, Any]


@dataclass(frozen=True)
class Voice:
    """Who speaks and who listens in one language: speech services that are set up in jambonz."""

    vendor: str
    language: str
    voice: str
    hears: str  # the recogniser's vendor


@dataclass(frozen=True)
class Leg:
    """What a document needs to know of its call: its row, the step that the answer belongs to, our number."""

    call: int
    step: int
    voice: Voice
    caller_id: str = ""


def to_verbs(speak: Speak, leg: Leg) -> str:
    """One document. Addresses are relative to our host; ivr/jambonz/audio.py gives those of recordings their host."""
    return json.dumps(RENDER[type(speak.then)](speak, speak.then, leg), ensure_ascii=False)


def at(leg: Leg, event: str) -> str:
    """The address of what comes of this step."""
    return f"{BASE}/step/{leg.step}/{event}"


def _redirect(leg: Leg, event: str) -> Verb:
    return {"verb": "redirect", "actionHook": at(leg, event)}


def _words(speak: Speak, leg: Leg) -> Verb:
    voice = leg.voice
    gap = "" if speak.language == "zh" else " "
    return {
        "text": gap.join(speak.said),
        "synthesizer": {"vendor": voice.vendor, "language": voice.language, "voice": voice.voice},
    }


def _say(speak: Speak, leg: Leg) -> list[Verb]:
    return [{"verb": "say", **_words(speak, leg)}] if speak.said else []


def listening(speak: Speak, gather: Gather, leg: Leg, hook: str) -> list[Verb]:
    """A gather that a key or a word cuts short. When its hook fails the next verb is taken: it asks us again."""
    verb: Verb = {
        "verb": "gather",
        "input": ["digits", "speech"] if gather.speech else ["digits"],
        "actionHook": hook,
        "timeout": gather.timeout,
        "dtmfBargein": speak.barge,
        "bargein": speak.barge and gather.speech,
        "listenDuringPrompt": speak.barge,
        **({"numDigits": 1} if gather.one else {"finishOnKey": "#"}),
    }
    if gather.speech:
        hints = [hint[:MOST_HINT] for hint in gather.hints[:MOST_HINTS]]
        verb["recognizer"] = {
            "vendor": leg.voice.hears,
            "language": leg.voice.language,
            **({"hints": hints} if hints else {}),
        }
    if not speak.barge:
        return [*_say(speak, leg), verb]
    return [verb | ({"say": _words(speak, leg)} if speak.said else {})]


def _gather(speak: Speak, gather: Gather, leg: Leg) -> list[Verb]:
    return [*listening(speak, gather, leg, at(leg, "gather")), _redirect(leg, "silence")]


def audio(leg: Leg, purpose: str, *, silence: int, mix: str = "mono") -> Verb:
    """jambonz has no recorder of its own for one message: it sends us the sound, and we keep it."""
    return {
        "url": f"{BASE}/audio/{leg.step}/{purpose}?silence={silence}",
        "mixType": mix,
        "sampleRate": SAMPLES,
        "disableBidirectionalAudio": True,
    }


def _record(speak: Speak, record: Record, leg: Leg) -> list[Verb]:
    listen = {
        "verb": "listen",
        **audio(leg, record.purpose, silence=record.silence),
        "actionHook": f"{at(leg, 'recorded')}?purpose={record.purpose}",
        "finishOnKey": "#",
        "maxLength": record.most,
        "playBeep": True,
    }
    return [*_say(speak, leg), listen, _redirect(leg, "silence")]


def _dial(speak: Speak, dial: Dial, leg: Leg) -> list[Verb]:
    target: Verb = {"type": "phone", "number": dial.number}
    if dial.whisper:
        target["confirmHook"] = f"{BASE}/whisper/{leg.call}"
    verb: Verb = {
        "verb": "dial",
        "actionHook": at(leg, "dialled"),
        "timeout": dial.timeout,
        "answerOnBridge": True,
        "target": [target],
        **({"callerId": leg.caller_id} if leg.caller_id else {}),
        **({"listen": audio(leg, "talk", silence=0, mix="stereo")} if dial.record else {}),
    }
    return [*_say(speak, leg), verb, _redirect(leg, "silence")]


def _hold(speak: Speak, _hold: Hold, leg: Leg) -> list[Verb]:
    """The line is ours: jambonz's enqueue takes no key while it waits, and 1 asks for a call back."""
    return [*_say(speak, leg), _redirect(leg, "wait")]


def _wait(speak: Speak, wait: Wait, leg: Leg) -> list[Verb]:
    if wait.leave:
        return [_redirect(leg, "left")]
    if wait.choices:
        keys = Gather(speech=False, timeout=wait.pause)
        return [*listening(speak, keys, leg, at(leg, "wait")), _redirect(leg, "wait")]
    return [*_say(speak, leg), {"verb": "pause", "length": wait.pause}, _redirect(leg, "wait")]


def _again(speak: Speak, again: Again, leg: Leg) -> list[Verb]:
    return [*_say(speak, leg), {"verb": "pause", "length": again.pause}, _redirect(leg, "again")]


def _hangup(speak: Speak, _hangup: Hangup, leg: Leg) -> list[Verb]:
    return [*_say(speak, leg), {"verb": "hangup"}]


RENDER: dict[type, Callable[..., list[Verb]]] = {
    Gather: _gather,
    Record: _record,
    Dial: _dial,
    Hold: _hold,
    Wait: _wait,
    Again: _again,
    Hangup: _hangup,
}


def accepting(speak: Speak | None, leg: Leg) -> str:
    """What the person who is rung hears: who calls, and the key that takes the call; a mailbox presses none."""
    if speak is None or not speak.said:
        return json.dumps([{"verb": "hangup"}])
    hook = f"{BASE}/whisper/{leg.call}/answer"
    return json.dumps(
        [*listening(speak, Gather(speech=False, timeout=8), leg, hook), {"verb": "hangup"}],
        ensure_ascii=False,
    )


def connected() -> str:
    """Nothing more for the person who took the call. An empty list would let the verbs before go on."""
    return json.dumps([{"verb": "pause", "length": 0}])

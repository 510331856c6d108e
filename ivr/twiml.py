"""Twilio's dialect: a Speak as a TwiML document, made with Twilio's own builder."""

from dataclasses import dataclass
from typing import Any

from twilio.twiml.voice_response import Dial as DialVerb
from twilio.twiml.voice_response import Gather as GatherVerb
from twilio.twiml.voice_response import VoiceResponse

from ivr.speak import Again, Dial, Gather, Hangup, Hold, Record, Speak, Wait

BASE = "/webhooks/voice"
MOST_HINTS, MOST_HINT = 500, 100


@dataclass(frozen=True)
class Voices:
    """Per language: how Say and Gather name it, and the voice."""

    say: str
    voice: str
    gather: str


@dataclass(frozen=True)
class Leg:
    """What a document needs to know of its call: its row, the step that the answer belongs to, and our number."""

    call: int
    step: int
    voices: Voices
    caller_id: str = ""


def to_twiml(speak: Speak, leg: Leg) -> str:
    """One document. Addresses are relative to our host; the step is part of each of them."""
    response = VoiceResponse()
    RENDER[type(speak.then)](response, speak, speak.then, leg)
    return str(response)


def _at(leg: Leg, event: str) -> str:
    return f"{BASE}/step/{leg.step}/{event}"


def _say(verb: Any, speak: Speak, leg: Leg) -> None:
    for piece in speak.said:
        verb.say(piece, language=leg.voices.say, voice=leg.voices.voice)


def _gather(response: VoiceResponse, speak: Speak, gather: Gather, leg: Leg) -> None:
    options: dict[str, Any] = {"num_digits": 1} if gather.one else {"finish_on_key": "#"}
    if gather.speech:
        hints = ",".join(h[:MOST_HINT].replace(",", " ") for h in gather.hints[:MOST_HINTS])
        options |= {"speech_timeout": "auto", "language": leg.voices.gather} | (
            {"hints": hints} if hints else {}
        )
    verb = GatherVerb(
        input="dtmf speech" if gather.speech else "dtmf",
        action=_at(leg, "gather"),
        method="POST",
        timeout=gather.timeout,
        action_on_empty_result=True,
        **options,
    )
    if not speak.barge:
        _say(response, speak, leg)
    else:
        _say(verb, speak, leg)
    response.append(verb)
    response.redirect(_at(leg, "silence"), method="POST")  # for servers that do not know actionOnEmptyResult


def _record(response: VoiceResponse, speak: Speak, record: Record, leg: Leg) -> None:
    _say(response, speak, leg)
    response.record(
        action=_at(leg, "recorded"),
        method="POST",
        finish_on_key="#",
        timeout=record.silence,
        max_length=record.most,
        play_beep=True,
        trim="trim-silence",
        recording_status_callback=f"{BASE}/recording/{record.purpose}",
        recording_status_callback_event="completed absent",
    )
    response.redirect(_at(leg, "silence"), method="POST")  # an empty recording has no action


def _dial(response: VoiceResponse, speak: Speak, dial: Dial, leg: Leg) -> None:
    _say(response, speak, leg)
    options: dict[str, Any] = {"caller_id": leg.caller_id} if leg.caller_id else {}
    if dial.record:
        options |= {
            "record": "record-from-answer-dual",
            "recording_status_callback": f"{BASE}/recording/talk",
        }
    verb = DialVerb(
        action=_at(leg, "dialled"), method="POST", timeout=dial.timeout, answer_on_bridge=True, **options
    )
    if dial.whisper:
        verb.number(dial.number, url=f"{BASE}/whisper/{leg.call}", method="POST")
    else:
        verb.number(dial.number)
    response.append(verb)


def _hold(response: VoiceResponse, speak: Speak, hold: Hold, leg: Leg) -> None:
    _say(response, speak, leg)
    response.enqueue(
        hold.queue,
        action=_at(leg, "left"),
        method="POST",
        wait_url=_at(leg, "wait"),
        wait_url_method="POST",
    )


def _wait(response: VoiceResponse, speak: Speak, wait: Wait, leg: Leg) -> None:
    if wait.leave:
        response.leave()
        return
    if wait.choices:
        verb = GatherVerb(
            input="dtmf",
            num_digits=1,
            action=_at(leg, "wait"),
            method="POST",
            timeout=wait.pause,
            action_on_empty_result=True,
        )
        _say(verb, speak, leg)
        response.append(verb)
    else:
        _say(response, speak, leg)
        response.pause(length=wait.pause)
    response.redirect(_at(leg, "wait"), method="POST")


def _again(response: VoiceResponse, speak: Speak, again: Again, leg: Leg) -> None:
    _say(response, speak, leg)
    response.pause(length=again.pause)
    response.redirect(_at(leg, "again"), method="POST")


def _hangup(response: VoiceResponse, speak: Speak, _hangup: Hangup, leg: Leg) -> None:
    _say(response, speak, leg)
    response.hangup()


RENDER: dict[type, Any] = {
    Gather: _gather,
    Record: _record,
    Dial: _dial,
    Hold: _hold,
    Wait: _wait,
    Again: _again,
    Hangup: _hangup,
}


def accepting(speak: Speak | None, call: int) -> str:
    """What the person who is rung hears: who calls, and the key that takes the call; a mailbox presses none."""
    response = VoiceResponse()
    if speak is None or not speak.said:
        response.hangup()
        return str(response)
    verb = GatherVerb(
        input="dtmf", num_digits=1, timeout=8, action=f"{BASE}/whisper/{call}/answer", method="POST"
    )
    for piece in speak.said:
        verb.say(piece, language="cmn-CN")
    response.append(verb)
    response.hangup()
    return str(response)

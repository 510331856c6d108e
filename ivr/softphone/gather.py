"""Gather: keys against speech, whichever comes first (twilio.com/docs/voice/twiml/gather)."""

import re

from ivr.softphone import prompts
from ivr.softphone.document import Verb
from ivr.softphone.requests import ask
from ivr.softphone.state import CHARACTERS_PER_SECOND, LANGUAGES_OF_HAN, Call, Doing, Gathering

AUTO_SILENCE = 1.0  # seconds of silence that end speech with speechTimeout="auto"
_HAN = re.compile(r"[㐀-鿿]")


def begin(call: Call, verb: Verb) -> None:
    """Keys typed ahead are taken first; they leave the prompts unheard (or are lost, where only speech is awaited)."""
    call.gathering = Gathering()
    while call.typed and call.gathering is not None:
        key, call.typed = call.typed[0], call.typed[1:]
        press(call, key)
    if call.gathering is not None and not call.gathering.digits:
        proceed(call)


def proceed(call: Call) -> None:
    """The next nested prompt; after the last one the time for an answer begins."""
    gathering, verb = _now(call)
    if gathering.prompt < len(verb.children):
        gathering.prompt += 1
        prompts.begin(call, verb.children[gathering.prompt - 1])
    else:
        _listen(call, verb)


def press(call: Call, key: str) -> None:
    """A key: it cuts the prompt off, and each one starts the time again."""
    gathering, verb = _now(call)
    if "dtmf" not in _input(verb):
        return
    prompts.cut(call)
    if key == verb.get("finishOnKey", "#"):
        _finish(call, key)
        return
    gathering.digits += key
    if len(gathering.digits) >= int(verb.get("numDigits", "1000000")):
        _finish(call, "")
    else:
        _listen(call, verb)


def hear(call: Call, words: str, confidence: str | None) -> None:
    """Words of the caller: noise when speech is not asked for, when keys came first, or against bargeIn="false"."""
    gathering, verb = _now(call)
    prompting = call.doing.kind != "gathering"
    if "speech" not in _input(verb) or gathering.digits or (prompting and not verb.flag("bargeIn", True)):
        return
    prompts.cut(call)
    most = verb.seconds("maxSpeechTime", 60)
    words = words.strip()[: int(most * CHARACTERS_PER_SECOND)]
    call.clock += len(words) / CHARACTERS_PER_SECOND + _silence_after(verb)
    if not words or not _understood(words, verb.get("language", "en-US")):
        _empty(call, verb)
        return
    sure = {} if confidence is None else {"Confidence": confidence}
    _ask(call, verb, {"SpeechResult": words, **sure, "Language": verb.get("language", "en-US")})


def time_is_up(call: Call) -> None:
    """Nothing more came: what was keyed so far counts."""
    _finish(call, "")


def _finish(call: Call, key: str) -> None:
    gathering, verb = _now(call)
    if not gathering.digits:
        _empty(call, verb, key)
        return
    more = {"Digits": gathering.digits, "FinishedOnKey": key, "msg": "Gather End"}
    _ask(call, verb, more)


def _empty(call: Call, verb: Verb, key: str = "") -> None:
    """Nothing, or a lone finishOnKey: on to the next verb, unless the action wants to know."""
    call.gathering = None
    if not verb.flag("actionOnEmptyResult", False):
        call.doing = Doing()
        return
    blank = {"Digits": ""} if "dtmf" in _input(verb) else {}
    _ask(call, verb, {**blank, "FinishedOnKey": key, "msg": "Gather End"})


def _ask(call: Call, verb: Verb, more: dict[str, str]) -> None:
    ask(call, verb.get("action"), verb.get("method", "POST"), more)


def _listen(call: Call, verb: Verb) -> None:
    call.doing = Doing("gathering", until=call.clock + verb.seconds("timeout", 5))


def _now(call: Call) -> tuple[Gathering, Verb]:
    assert call.gathering is not None
    return call.gathering, call.frames[-1].verb


def _input(verb: Verb) -> list[str]:
    return verb.get("input", "dtmf").split()


def _silence_after(verb: Verb) -> float:
    given = verb.get("speechTimeout")
    return AUTO_SILENCE if given == "auto" else float(given or verb.seconds("timeout", 5))


def _understood(words: str, language: str) -> bool:
    """A recogniser for English hears nothing in Mandarin; the other way round it mostly manages."""
    return not _HAN.search(words) or language.split("-")[0].lower() in LANGUAGES_OF_HAN

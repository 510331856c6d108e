"""Record: a message until silence, a key, its greatest length or a hang-up (twilio.com/docs/voice/twiml/record)."""

from ivr.softphone.document import Verb
from ivr.softphone.requests import ask, tell
from ivr.softphone.state import CHARACTERS_PER_SECOND, Call, Doing, Recording


def begin(call: Call, verb: Verb) -> None:
    """A beep first, unless the verb says otherwise."""
    if verb.flag("playBeep", True):
        call.note("beep", "")
    call.recording = Recording(call.clock)
    _wait(call, verb)


def hear(call: Call, words: str) -> None:
    """Words are kept up to the greatest length; silence ends the message."""
    recording, verb = _now(call)
    left = recording.started + verb.seconds("maxLength", 3600) - call.clock
    recording.words += words[: int(left * CHARACTERS_PER_SECOND)]
    call.clock += min(left, len(words) / CHARACTERS_PER_SECOND)
    _wait(call, verb)


def press(call: Call, key: str) -> None:
    """Any key ends it, unless the verb names others."""
    _, verb = _now(call)
    if key in verb.get("finishOnKey", "1234567890*#"):
        _finish(call, key)


def time_is_up(call: Call) -> None:
    _finish(call, "")


def hang_up(call: Call) -> None:
    """What was said so far is kept; the action is told, its answer is not obeyed."""
    recording, verb = _now(call)
    if recording.words:
        more = {**_made(call), "Digits": "hangup"}
        tell(call, verb.get("action"), verb.get("method", "POST"), more, purpose="after")
    call.recording = None


def _finish(call: Call, key: str) -> None:
    """An empty message asks for nothing: the document goes on."""
    recording, verb = _now(call)
    if not recording.words:
        call.recording, call.doing = None, Doing()
        return
    ask(call, verb.get("action"), verb.get("method", "POST"), {**_made(call), "Digits": key})


def _made(call: Call) -> dict[str, str]:
    """Keep the message, and tell the one who waits for the file."""
    recording, verb = _now(call)
    sid = call.fresh("RE")
    url = f"{call.line.recordings}/2010-04-01/Accounts/{call.line.account}/Recordings/{sid}"
    seconds = str(max(1, round(len(recording.words) / CHARACTERS_PER_SECOND)))
    made = {"RecordingSid": sid, "RecordingUrl": url, "RecordingDuration": seconds}
    call.note("recorded", recording.words, made)
    if verb.get("recordingStatusCallback"):
        more = made | {
            "RecordingStatus": "completed",
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
        }
        method = verb.get("recordingStatusCallbackMethod", "POST")
        tell(call, verb.get("recordingStatusCallback"), method, more, purpose="recording")
    return made


def _wait(call: Call, verb: Verb) -> None:
    """Until the silence is too long or the message too long, whichever comes first."""
    recording, _ = _now(call)
    silence = call.clock + verb.seconds("timeout", 5)
    call.doing = Doing("recording", until=min(silence, recording.started + verb.seconds("maxLength", 3600)))


def _now(call: Call) -> tuple[Recording, Verb]:
    assert call.recording is not None
    return call.recording, call.frames[-1].verb

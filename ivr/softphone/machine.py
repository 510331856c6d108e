"""The call: a document and what the caller does → what is heard and the next request (run.py). No HTTP, no waiting.

After each function the call either asks for a document (``call.doing.request``: give the answer to ``received`` or
``failed``), or is in something that takes time: let it pass with ``wait``, or do something.
"""

from ivr.softphone import dial, gather, prompts, queue, record
from ivr.softphone.document import BadDocument
from ivr.softphone.requests import ask, status
from ivr.softphone.run import answered, end, run, talk_over, time_is_up
from ivr.softphone.state import LONGEST_CALL, Call, Doing, Frame

KEYS = "0123456789*#"
RING_SECONDS = 5.0  # until a call that we make is answered, or not


def dialled(call: Call, outcome: str = "answered") -> None:
    """The number is dialled: its webhook is asked what to do; for a call that we make, when it was answered."""
    status(call, "initiated", "initiated")
    status(call, "ringing", "ringing")
    if call.line.direction == "outbound-api":
        call.clock += RING_SECONDS
        if outcome != "answered":
            call.status = outcome
            end(call, outcome)
            return
        answered(call)
    ask(call, call.line.url, call.line.method)


def received(call: Call, url: str, text: str) -> None:
    """The document that was asked for, and the address where it was found in the end."""
    request = call.doing.request
    if request is None:
        return
    allowed = "whisper" if call.line.whisper else "wait" if call.queueing else "call"
    frame = Frame(url, text, allowed)
    try:
        verbs = frame.verbs
    except BadDocument as bad:
        failed(call, bad.code, bad.reason)
        return
    call.note("answer", url, {"verbs": " ".join(verb.name for verb in verbs), "twiml": text})
    if not request.push and call.frames:
        del call.frames[-1]
    call.frames.append(frame)
    call.doing = Doing()
    run(call)


def failed(call: Call, code: int, reason: str) -> None:
    """No document, or none that can be executed: the fallback is asked once; without one the call ends."""
    request = call.doing.request
    if request is None:
        return
    call.note("error", f"{code}: {reason}", {"url": request.url})
    if call.queueing is not None:
        queue.leave(call, "error")
        run(call)
    elif call.line.fallback_url and request.purpose != "fallback":
        more = {"ErrorCode": str(code), "ErrorUrl": request.url}
        ask(call, call.line.fallback_url, "POST", more, purpose="fallback")
    else:
        end(call, "error")


def wait(call: Call, seconds: float | None = None) -> None:
    """Time passes: until what goes on ends by itself, or fewer seconds."""
    if call.over or call.doing.request is not None:
        return
    if seconds is not None and call.clock + seconds < call.doing.until:
        call.clock += max(0.0, seconds)
        return
    call.clock = max(call.clock, call.doing.until)
    if call.clock >= LONGEST_CALL:
        end(call, "time")
        return
    time_is_up(call)


def press(call: Call, key: str) -> None:
    """One key. Where nothing listens for keys, it waits for the next Gather (or is lost, ``typed_ahead``)."""
    if key not in KEYS or len(key) != 1:
        raise ValueError(f"no such key: {key!r}")
    if call.over:
        return
    call.note("pressed", key)
    call.verbs = 0
    if call.gathering is not None:
        gather.press(call, key)
    elif call.recording is not None:
        record.press(call, key)
    elif call.dialling is not None:
        dial.press(call, key)
    elif call.line.typed_ahead:
        call.typed += key
    run(call)


def say(call: Call, words: str, confidence: str | None = "0.9") -> None:
    """The caller speaks; the recogniser is this sure (as text, it may be missing or nonsense)."""
    if call.over:
        return
    call.note("said", words)
    call.verbs = 0
    if call.gathering is not None:
        gather.hear(call, words, confidence)
    elif call.recording is not None:
        record.hear(call, words)
    run(call)


def hang_up(call: Call) -> None:
    """At any moment, also while a document is under way: its answer comes to nobody."""
    if call.over:
        return
    prompts.cut(call)
    request = call.doing.request
    if request is not None:
        call.notices.append(request)
    if call.status == "in-progress":
        call.status = "completed"
    if call.recording is not None:
        record.hang_up(call)
    if call.dialling is not None:
        dial.hang_up(call)
    if call.queueing is not None:
        queue.go(call, "hangup")
    end(call, "caller")


def pick_up(call: Call) -> None:
    """The called person answers (Dial), or one of the staff takes the caller from the queue."""
    if call.doing.kind == "ringing":
        dial.picked_up(call)
    elif call.queueing is not None and not call.queueing.bridged and not call.over:
        prompts.cut(call)
        call.gathering = None
        queue.answered(call)


def other_ends(call: Call, status: str = "completed") -> None:
    """The other person's end: completed when they talked, else busy no-answer failed."""
    talk_over(call, status)
    run(call)


def redirected(call: Call, url: str, method: str = "POST") -> None:
    """Somebody changed the live call by the REST interface."""
    if call.over:
        return
    prompts.cut(call)
    if call.queueing is not None:
        queue.go(call, "redirected")
    call.dialling = None
    ask(call, url, method)

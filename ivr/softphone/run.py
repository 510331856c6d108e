"""Executing documents: verb after verb until one takes time, and what follows when its time is up."""

from collections.abc import Callable

from ivr.softphone import dial, gather, prompts, queue, record
from ivr.softphone.document import Verb
from ivr.softphone.requests import ask, status
from ivr.softphone.state import MOST_VERBS, Call, Doing


def run(call: Call) -> None:
    """Execute verbs until one takes time."""
    while call.doing.kind == "next":
        frame = call.frames[-1]
        if frame.cursor >= len(frame.verbs):
            _document_over(call)
            continue
        frame.cursor += 1
        call.verbs += 1
        if call.verbs > MOST_VERBS:
            end(call, "loop")
        else:
            _execute(call, frame.verb)


def time_is_up(call: Call) -> None:
    """What goes on has taken its time."""
    _TIME_IS_UP[call.doing.kind](call)
    run(call)


def talk_over(call: Call, status: str = "completed") -> None:
    """The other person has hung up, or never answered."""
    if call.dialling is not None:
        dial.over(call, status)
    elif call.queueing is not None and call.queueing.bridged:
        queue.leave(call, "bridged")


def answered(call: Call) -> None:
    """Somebody is on the line."""
    call.status = "in-progress"
    status(call, "answered")


def end(call: Call, why: str) -> None:
    """The call is over, and the provider's last word about it is due."""
    call.doing = Doing("over")
    call.gathering = call.recording = call.dialling = call.queueing = None
    call.ended = why
    if call.status == "ringing":
        call.status = "no-answer"
    elif call.status == "in-progress":
        call.status = "completed"
    status(call, "completed")
    call.note("over", why, {"status": call.status})


def _execute(call: Call, verb: Verb) -> None:
    if call.status == "ringing" and verb.name != "Reject":
        answered(call)
    _VERBS[verb.name](call, verb)


def _document_over(call: Call) -> None:
    if call.queueing is not None:
        call.verbs += 1
        queue.round_over(call)
    else:
        end(call, "document")


def _redirect(call: Call, verb: Verb) -> None:
    purpose = "wait" if call.queueing is not None else "document"
    ask(call, verb.text, verb.get("method", "POST"), purpose=purpose)


def _reject(call: Call, verb: Verb) -> None:
    if call.status == "ringing":
        call.status = "busy" if verb.get("reason") == "busy" else "no-answer"
    end(call, "rejected")


def _hangup(call: Call, verb: Verb) -> None:
    if call.queueing is not None:
        call.status = "completed"
        queue.go(call, "hangup")
    end(call, "hangup")


def _leave(call: Call, verb: Verb) -> None:
    if call.queueing is None:  # as Twilio does outside a queue: nothing is left, the document goes on
        call.doing = Doing()
    else:
        queue.leave(call, "leave")


def _spoken(call: Call) -> None:
    """A prompt is over: the next one of the Gather, or the next verb."""
    if call.gathering is not None:
        gather.proceed(call)
    else:
        call.doing = Doing()


def _again(call: Call) -> None:
    call.verbs += 1  # nobody does anything: at last the call ends, and does not run for ever
    if call.verbs > MOST_VERBS:
        end(call, "loop")
    else:
        queue.play_again(call)


_VERBS: dict[str, Callable[[Call, Verb], None]] = {
    "Say": prompts.begin,
    "Play": prompts.begin,
    "Pause": prompts.begin,
    "Gather": gather.begin,
    "Record": record.begin,
    "Dial": dial.begin,
    "Enqueue": queue.begin,
    "Leave": _leave,
    "Redirect": _redirect,
    "Reject": _reject,
    "Hangup": _hangup,
}
_TIME_IS_UP: dict[str, Callable[[Call], None]] = {
    "speaking": _spoken,
    "pausing": _spoken,
    "gathering": gather.time_is_up,
    "recording": record.time_is_up,
    "ringing": lambda call: dial.over(call, "no-answer"),
    "talking": talk_over,
    "waiting": _again,
}

"""Enqueue: wait in a queue, hear the waitUrl's document again and again, leave with a result."""

from ivr.softphone.document import Verb
from ivr.softphone.requests import ask, tell
from ivr.softphone.state import Call, Doing, Queueing

QUEUE_SIZE = 1000  # Twilio's default of maxQueueSize
ROUND_SECONDS = 3.0  # Twilio's own music, when there is no waitUrl


def begin(call: Call, verb: Verb) -> None:
    """Left at once where more wait than the queue holds."""
    frame = call.frames[-1]
    call.queueing = Queueing(verb.text, call.fresh("QU"), call.clock, frame.url, dict(verb.attributes))
    call.note("queue", verb.text, {"position": str(call.ahead + 1)})
    if call.ahead >= int(verb.get("maxQueueSize", str(QUEUE_SIZE))):
        leave(call, "queue-full")
    else:
        play_again(call, push=True)


def play_again(call: Call, *, push: bool = False) -> None:
    """Ask for what is played while waiting; with the place in the queue."""
    queueing = _now(call)
    url = queueing.verb.get("waitUrl", "")
    if not url:
        call.doing = Doing("waiting", until=call.clock + ROUND_SECONDS)
        return
    if not push:  # relative addresses are those of the document with the Enqueue
        del call.frames[-1]
    ask(call, url, queueing.verb.get("waitUrlMethod", "POST"), _place(call), purpose="wait", push=True)


def round_over(call: Call) -> None:
    """The wait document has ended: it is fetched anew."""
    call.doing = Doing("waiting", until=call.clock)


def leave(call: Call, result: str) -> None:
    """bridged queue-full redirected leave error: the action decides what comes next, else the document goes on."""
    queueing = _now(call)
    more = _result(call, result)
    _out(call)
    if "action" in queueing.verb:
        ask(call, queueing.verb["action"], queueing.verb.get("method", "POST"), more)
    else:
        call.doing = Doing()


def go(call: Call, result: str) -> None:
    """Gone from the queue by hang-up or redirect: the action is told, its answer is not obeyed."""
    queueing = _now(call)
    more = _result(call, result)
    _out(call)
    if "action" in queueing.verb:
        method = queueing.verb.get("method", "POST")
        tell(call, queueing.verb["action"], method, more, purpose="after")


def answered(call: Call) -> None:
    """Somebody of the staff takes the caller out of the queue."""
    _now(call).bridged = True
    call.doing = Doing("talking", _now(call).name, call.clock + 14400)


def _out(call: Call) -> None:
    """Back in the document with the Enqueue."""
    call.queueing = None
    while len(call.frames) > 1:
        del call.frames[-1]


def _place(call: Call) -> dict[str, str]:
    queueing = _now(call)
    return {
        "QueueSid": queueing.sid,
        "QueueTime": str(int(call.clock - queueing.since)),
        "QueuePosition": str(call.ahead + 1),
        "CurrentQueueSize": str(call.ahead + 1),
        "AvgQueueTime": "60",
    }


def _result(call: Call, result: str) -> dict[str, str]:
    queueing = _now(call)
    return {
        "QueueResult": result,
        "QueueSid": queueing.sid,
        "QueueTime": str(int(call.clock - queueing.since)),
    }


def _now(call: Call) -> Queueing:
    assert call.queueing is not None
    return call.queueing

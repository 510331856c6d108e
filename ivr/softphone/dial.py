"""Dial: another telephone rings; how it ends is decided by whoever plays the called person."""

from ivr.softphone.document import Verb
from ivr.softphone.requests import ask, tell
from ivr.softphone.state import Call, Dialling, Doing


def begin(call: Call, verb: Verb) -> None:
    """All numbers of a Dial ring at once, 30 s unless told otherwise."""
    call.dialling = Dialling(call.fresh("CA"), call.clock)
    for target in targets(verb):
        call.note("dial", target.text, target.attributes)
    numbers = "、".join(target.text for target in targets(verb))
    call.doing = Doing("ringing", numbers, call.clock + verb.seconds("timeout", 30))


def targets(verb: Verb) -> tuple[Verb, ...]:
    """Who is called: the nested numbers, or the Dial's own."""
    return verb.children or (verb,)


def picked_up(call: Call) -> None:
    """Somebody answers, and both can talk."""
    dialling, verb = _now(call)
    dialling.answered = call.clock
    call.doing = Doing("talking", call.doing.text, call.clock + verb.seconds("timeLimit", 14400))


def over(call: Call, status: str) -> None:
    """The other leg is over: completed busy no-answer failed canceled. Without an action the document goes on."""
    _, verb = _now(call)
    result = _result(call, status)
    call.dialling = None
    if "action" in verb.attributes:
        ask(call, verb.get("action"), verb.get("method", "POST"), result)
    else:
        call.doing = Doing()


def hang_up(call: Call) -> None:
    """The caller leaves: the action is told, its answer is not obeyed."""
    dialling, verb = _now(call)
    if "action" in verb.attributes:
        status = "completed" if dialling.answered is not None else "canceled"
        tell(call, verb.get("action"), verb.get("method", "POST"), _result(call, status), purpose="after")
    call.dialling = None


def press(call: Call, key: str) -> None:
    """Only * while talking, where the verb says so."""
    _, verb = _now(call)
    if key == "*" and call.doing.kind == "talking" and verb.flag("hangupOnStar", False):
        over(call, "completed")


def _result(call: Call, status: str) -> dict[str, str]:
    dialling, _ = _now(call)
    bridged = dialling.answered is not None
    result = {"DialCallStatus": status, "DialCallSid": dialling.sid, "DialBridged": str(bridged).lower()}
    if dialling.answered is not None:
        result["DialCallDuration"] = str(int(call.clock - dialling.answered))
    return result


def _now(call: Call) -> tuple[Dialling, Verb]:
    assert call.dialling is not None
    return call.dialling, call.frames[-1].verb

"""The requests of a call: where they go and which fields they carry (twilio.com/docs/voice/twiml#request-parameters)."""

from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urljoin

from ivr.softphone.state import Call, Doing, Request

_PLACE = ("City", "State", "Zip", "Country")


def fields(call: Call, more: dict[str, str]) -> list[tuple[str, str]]:
    """The fields of every request, and more of this one. What is not known is there and blank."""
    line = call.line
    known = {
        "CallSid": line.sid,
        "AccountSid": line.account,
        "ApiVersion": "2010-04-01",
        "CallStatus": call.status,
        "Direction": line.direction,
        "From": line.caller,
        "To": line.called,
        "Caller": line.caller,
        "Called": line.called,
    }
    for side, number in (
        ("From", line.caller),
        ("To", line.called),
        ("Caller", line.caller),
        ("Called", line.called),
    ):
        known |= {f"{side}{part}": "" for part in _PLACE}
        known[f"{side}Country"] = "CN" if number.startswith("+86") else ""
    return list((known | dict(line.extra) | more).items())


def ask(
    call: Call,
    url: str,
    method: str = "POST",
    more: dict[str, str] | None = None,
    *,
    purpose: str = "document",
    push: bool = False,
) -> None:
    """Ask for the next document; the call does nothing else until it is there."""
    more = more or {}
    request = Request(method, absolute(call, url), fields(call, more), call.token(), purpose, push)
    call.gathering = call.recording = None
    call.note("request", f"{method} {request.url}", {"purpose": purpose, **more})
    call.doing = Doing("asking", request=request)


def tell(call: Call, url: str, method: str, more: dict[str, str], *, purpose: str) -> None:
    """A request whose answer changes nothing."""
    request = Request(method, absolute(call, url), fields(call, more), call.token(), purpose)
    call.note("request", f"{method} {request.url}", {"purpose": purpose, **more})
    call.notices.append(request)


def absolute(call: Call, url: str) -> str:
    """Relative addresses are those of the document in execution; none is the document itself."""
    return urljoin(call.frames[-1].url, url) if call.frames else url


def status(call: Call, event: str, state: str = "") -> None:
    """A status callback, when the number asks for this event (initiated ringing answered completed)."""
    if not call.line.status_url or event not in call.line.status_events:
        return
    more = {
        "CallStatus": state or call.status,
        "SequenceNumber": str(call.sequence),
        "Timestamp": format_datetime(datetime.fromtimestamp(call.line.began + call.clock, UTC)),
        "CallbackSource": "call-progress-events",
    }
    call.sequence += 1
    if event == "completed":
        seconds = int(call.clock)
        more |= {"CallDuration": str(seconds), "Duration": str(-(-seconds // 60))}
    request = Request("POST", call.line.status_url, fields(call, more), call.token(), "status")
    call.note("request", f"POST {call.line.status_url}", {"purpose": "status", "status": more["CallStatus"]})
    call.notices.append(request)

"""What jambonz posts, read once into the names that the stations know."""

import json
from typing import Any

import structlog

from ivr.heard import Heard, read

# jambonz's word → the one that calls are filed under
STATUS = {
    "trying": "initiated",
    "queued": "queued",
    "ringing": "ringing",
    "early-media": "ringing",
    "in-progress": "in-progress",
    "completed": "completed",
    "busy": "busy",
    "no-answer": "no-answer",
    "failed": "failed",
}
NAMES = {
    "call_sid": "CallSid",
    "from": "From",
    "to": "To",
    "digits": "Digits",
    "dial_call_status": "DialCallStatus",
    "duration": "CallDuration",
}
_log = structlog.get_logger()


def parse(body: bytes) -> dict[str, Any] | None:
    """The body of a webhook; None when it is no JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def heard(data: dict[str, Any], *, event: str, step: int) -> Heard:
    """One webhook as a Heard; what has another type than it should is not there."""
    values = {ours: _text(data[theirs]) for theirs, ours in NAMES.items() if theirs in data}
    values |= _speech(data.get("speech"))
    status = _text(data.get("call_status"))
    if status:
        values["CallStatus"] = STATUS.get(status, status)
        if status not in STATUS:
            _log.warning("unknown call status", status=status[:40], provider="jambonz")
    return read(values, event=event, step=step)


def of_other_leg(data: dict[str, Any]) -> bool:
    """Whether it tells of a person that we rang, not of the caller."""
    return bool(data.get("parent_call_sid"))


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _speech(speech: Any) -> dict[str, str]:
    """The first of the alternatives: recognisers put the likeliest there."""
    alternatives = speech.get("alternatives") if isinstance(speech, dict) else None
    best = alternatives[0] if isinstance(alternatives, list) and alternatives else None
    if not isinstance(best, dict):
        return {}
    return {"SpeechResult": _text(best.get("transcript")), "Confidence": _text(best.get("confidence"))}

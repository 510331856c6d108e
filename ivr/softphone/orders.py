"""The small change between the machine, the wire and the one who calls: answers put in, steps as text carried out."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ivr.softphone import dial, machine
from ivr.softphone.requests import absolute
from ivr.softphone.state import Call, Line, Request
from ivr.softphone.wire import NoPage, Page

if TYPE_CHECKING:
    from ivr.softphone.phone import Phone

_CONNECTION = range(11000, 12000)
STEPS = "press 1, say …, silence, wait 5, hangup; and of others: answer, busy"


class BadStep(ValueError):
    """A line that is no step."""


def answer(call: Call, page: Page | NoPage) -> None:
    """What came for the request that the call waits for."""
    if isinstance(page, Page):
        machine.received(call, page.url, page.text)
    else:
        machine.failed(call, page.code, page.reason)


def told(call: Call, notice: Request, page: Page | NoPage) -> None:
    """A callback that failed is an error in the log; what it answers does not matter."""
    if isinstance(page, NoPage) and page.code in _CONNECTION:
        call.note("error", f"{page.code}: {page.reason}", {"url": notice.url, "purpose": notice.purpose})


def whisper_line(call: Call) -> Line | None:
    """The leg of the person who is called, when his number has a document of its own."""
    if call.dialling is None:
        return None
    target = dial.targets(call.frames[-1].verb)[0]
    if target.name == "Dial" or not target.get("url"):
        return None
    parent = call.line
    return Line(
        absolute(call, target.get("url")),
        parent.account,
        call.dialling.sid,
        caller=call.frames[-1].verb.get("callerId") or parent.caller,
        called=target.text,
        direction="outbound-dial",
        method=target.get("method", "POST"),
        recordings=parent.recordings,
        began=parent.began,
        extra=(("ParentCallSid", parent.sid),),
        whisper=True,
    )


def do(phone: "Phone", step: str) -> None:
    """One step as text: ``press 1``, ``say 空调不制冷``, ``silence``, ``wait 5``, ``hangup``.

    And what the other side does: ``answer`` (who is called, or the staff for a queue), ``busy`` (who is called).
    """
    word, _, rest = step.strip().partition(" ")
    rest = rest.strip()
    if word == "press" and re.fullmatch(r"[0-9*#]+", rest):
        phone.press(rest)
    elif word == "say":
        phone.say(rest)
    elif word == "wait" and re.fullmatch(r"\d{1,4}(\.\d+)?", rest):
        phone.wait(float(rest))
    elif word in _PLAIN and not rest:
        _PLAIN[word](phone)
    else:
        raise BadStep(f"no such step: {step.strip()!r}; {STEPS}")


_PLAIN: dict[str, Callable[["Phone"], object]] = {
    "silence": lambda phone: phone.silence(),
    "hangup": lambda phone: phone.hangup(),
    "answer": lambda phone: phone.pick_up(),
    "busy": lambda phone: phone.busy(),
}

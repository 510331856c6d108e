"""A call as a transcript: what must be heard, and what the caller does then."""

import re
from collections.abc import Iterable

from ivr.softphone import orders
from ivr.softphone.phone import Phone


class OffScript(AssertionError):
    """Something else was heard; the message is the call so far."""


def play(phone: Phone, steps: Iterable[tuple[str, str]]) -> Phone:
    """Call, and for each (regular expression, step) hear the one and do the other. An empty step does nothing."""
    phone.call()
    for expected, step in steps:
        words = "\n".join(phone.last)
        if not re.search(expected, words):
            raise OffScript(f"expected {expected!r}, heard {words!r}\n{transcript(phone)}")
        if step:
            orders.do(phone, step)
    if phone.errors:
        raise OffScript(f"{phone.errors}\n{transcript(phone)}")
    return phone


def transcript(phone: Phone) -> str:
    """The journal for people to read."""
    return "\n".join(f"{entry.at:7.1f}  {entry.kind:9} {entry.text}" for entry in phone.state.journal)

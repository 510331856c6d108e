"""Calls that ring without a telephone provider: only telephones that somebody holds, in /try or `frontdoor call --answer`.

A telephone is a file of its number in the home, touched while it is held: the worker that places a call may be another
process. Demonstrations only; where a real provider is set up, that one places the calls.
"""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from core.messaging.channel import Never, Outgoing
from ivr.placing import in_time

HELD_SECONDS = 20.0  # since the last touch; pages ask every three


@dataclass(frozen=True)
class HeldPhones:
    """A file for each number that somebody holds, so that every process knows."""

    folder: Path

    def hold(self, number: str) -> None:
        """``number`` in E.164; whoever holds it says so again and again."""
        if _is_number(number):
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / number).touch()

    def rings(self, number: str) -> bool:
        """Whether somebody would hear it."""
        if not _is_number(number):
            return False
        try:
            touched = (self.folder / number).stat().st_mtime
        except OSError:
            return False
        return time.time() - touched < HELD_SECONDS

    def place(self, message: Outgoing) -> str:
        """It rings from now on; its holder's page asks what rings (ivr/ringing.py). Never where nobody holds it."""
        in_time(message)
        if not self.rings(message.recipient):
            raise Never("nobody holds this telephone", lost=False)
        return call_id(message.key)


def call_id(key: str) -> str:
    """The id of an order's call, of Twilio's shape: who picks up twice is in the same call."""
    return "CA" + hashlib.md5(key.encode()).hexdigest()


def _is_number(number: str) -> bool:
    return number[:1] == "+" and number[1:].isascii() and number[1:].isdigit() and len(number) < 20

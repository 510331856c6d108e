"""The console channel: prints what staff are told, and shows it in the console's list of pushes."""

import sys
from typing import TextIO

from core.messaging.channel import Outgoing


class ConsoleChannel:
    """The harmless twin of a channel: what would be sent is printed, on standard error unless told otherwise."""

    name = "console"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    def send(self, message: Outgoing) -> str:
        print(f"→ {message.recipient}: {message.text}", file=self._stream, flush=True)
        return message.key

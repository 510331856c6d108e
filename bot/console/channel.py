"""The console channel: prints what staff are told, and shows it in the console's list of pushes."""

import sys
from typing import TextIO

from core.messaging.channel import Outgoing


class ConsoleChannel:
    name = "console"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    def send(self, message: Outgoing) -> str:
        print(f"→ {message.recipient}: {message.text}", file=self._stream, flush=True)
        return message.key

"""Web chat delivery: the outbox row itself is what the browser reads, so sending is nothing but ringing the bell."""

import threading

from core.messaging.channel import Outgoing


class WebchatChannel:
    """``deliveries`` grows with every message that was delivered, so that waiting browsers know when to look."""

    name = "webchat"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.deliveries = 0

    def send(self, message: Outgoing) -> str:
        """The row is the message: once it has ended, it can be read."""
        return message.key

    def ring(self) -> None:
        """A row has ended: whoever waits looks again."""
        with self._lock:
            self.deliveries += 1

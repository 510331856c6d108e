"""Web chat delivery: the outbox row itself is what the browser reads, so sending is ringing the bell."""

import threading

from core.messaging.channel import Outgoing


class WebchatChannel:
    """``deliveries`` grows with every message, so that waiting browsers know when to look."""

    name = "webchat"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.deliveries = 0

    def send(self, message: Outgoing) -> str:
        with self._lock:
            self.deliveries += 1
        return message.key

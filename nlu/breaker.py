"""A circuit breaker: after a few failures in a row nobody waits for a dead neighbour."""

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after ``limit`` failures in a row; after ``pause`` seconds one caller may try again."""

    def __init__(self, limit: int = 3, pause: float = 10.0, clock: Callable[[], float] = time.monotonic):
        self._limit, self._pause, self._clock = limit, pause, clock
        self._failures, self._closed_again_at = 0, 0.0
        self._lock = threading.Lock()
        self.reason = ""

    @property
    def open(self) -> bool:
        """True while the neighbour is taken for dead."""
        return self._failures >= self._limit

    def allows(self) -> bool:
        """Whether to try now; when half open only one caller a pause is told yes."""
        with self._lock:
            if not self.open:
                return True
            if self._clock() < self._closed_again_at:
                return False
            self._closed_again_at = self._clock() + self._pause
            return True

    def succeeded(self) -> None:
        """The neighbour lives."""
        with self._lock:
            self._failures, self.reason = 0, ""

    def failed(self, reason: str) -> None:
        """One more failure and why."""
        with self._lock:
            self._failures += 1
            self.reason = reason
            if self.open:
                self._closed_again_at = self._clock() + self._pause

"""Telegram's rate limits, taken strictly: the answer to one message too many is 429 with the time to wait."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable

from tests.providers.telegram.errors import too_many


class Pace:
    """At most `count` messages in `seconds`, for one chat, one group and all chats."""

    PRIVATE = (1, 1.0)
    GROUP = (20, 60.0)
    OVERALL = (30, 1.0)

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, slack: float = 0.02) -> None:
        """``slack``: seconds by which the way may shorten a gap that the client kept; more on a busy machine."""
        self.clock, self._slack = clock, slack
        self._seen: dict[object, deque[float]] = defaultdict(deque)

    def take(self, chat: int) -> None:
        windows = [(chat, *self.PRIVATE), ("all", *self.OVERALL)]
        if chat < 0:
            windows.append((("group", chat), *self.GROUP))
        now = self.clock()
        wait = max(self._wait(key, count, seconds, now) for key, count, seconds in windows)
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        for key, _, _ in windows:
            self._seen[key].append(now)

    def _wait(self, key: object, count: int, seconds: float, now: float) -> float:
        seen = self._seen[key]
        while seen and now - seen[0] >= seconds - self._slack:
            seen.popleft()
        return seen[0] + seconds - now if len(seen) >= count else 0

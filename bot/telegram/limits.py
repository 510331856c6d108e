"""Telegram's limits, kept on our side: PTB's limiter lets bursts through and knows no limit of one private chat.

Numbers: telegram.constants.FloodLimit (https://core.telegram.org/bots/faq, "hitting limits").
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable

from telegram.constants import FloodLimit

MARGIN = 0.1  # seconds by which the network may shorten a gap
PER_CHAT = (int(FloodLimit.MESSAGES_PER_SECOND_PER_CHAT), 1.0)
PER_GROUP = (int(FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP), 60.0)
ROOM = 5  # calls of one second that a busy machine or the network may hold up until the next
OVERALL = (int(FloodLimit.MESSAGES_PER_SECOND) - ROOM, 1.0)
_MOST_CHATS = 10_000


class Limits:
    """Sliding windows. Nobody waits in here: who must wait is told how long."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._seen: dict[Hashable, deque[float]] = {}
        self._held: dict[int, float] = {}

    def take(self, chat: int) -> float:
        """0 when a message may leave for this chat now (and counts from now on), else seconds to wait."""
        with self._lock:
            now = self._clock()
            windows: list[tuple[Hashable, tuple[int, float]]] = [(chat, PER_CHAT)]
            windows += [(("group", chat), PER_GROUP)] if chat < 0 else []
            windows += [("all", OVERALL)]
            wait = max(self._held.get(chat, now) - now, *(self._wait(key, w, now) for key, w in windows))
            if wait <= 0:
                for key, _ in windows:
                    self._seen.setdefault(key, deque()).append(now)
                self._tidy(now)
            return max(0.0, wait)

    def take_call(self, chat: int) -> float:
        """As ``take``, for a call that is no message: only what holds for all calls, and for a chat left alone."""
        with self._lock:
            now = self._clock()
            wait = max(self._held.get(chat, now) - now, self._wait("all", OVERALL, now))
            if wait <= 0:
                self._seen.setdefault("all", deque()).append(now)
            return max(0.0, wait)

    def give_back(self, chat: int) -> None:
        """What was refused reached nobody and counts for nothing."""
        with self._lock:
            for key in (chat, ("group", chat), "all"):
                if self._seen.get(key):
                    self._seen[key].pop()

    def busy(self) -> float:
        """Seconds until anything may leave at all: that wait is short, and no chat's fault."""
        with self._lock:
            return max(0.0, self._wait("all", OVERALL, self._clock()))

    def hold(self, chat: int, seconds: float) -> None:
        """Telegram said how long to leave this chat alone (429 retry_after)."""
        with self._lock:
            self._held[chat] = max(self._held.get(chat, 0.0), self._clock() + seconds)

    def _wait(self, key: Hashable, window: tuple[int, float], now: float) -> float:
        most, seconds = window[0], window[1] + MARGIN
        seen = self._seen.get(key, deque())
        while seen and now - seen[0] >= seconds:
            seen.popleft()
        return seen[0] + seconds - now if len(seen) >= most else 0.0

    def _tidy(self, now: float) -> None:
        if len(self._seen) > _MOST_CHATS:
            self._seen = {k: seen for k, seen in self._seen.items() if seen and now - seen[-1] < PER_GROUP[1]}
        if len(self._held) > _MOST_CHATS:
            self._held = {chat: until for chat, until in self._held.items() if until > now}

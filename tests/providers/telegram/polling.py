"""getUpdates with long polling: one bot, one reader."""

import threading
import time
from typing import Any

from tests.providers.telegram import errors, receiving
from tests.providers.telegram.state import State

Update = dict[str, Any]


class Polling:
    state: State
    lock: threading.RLock
    stopping: threading.Event
    _reader = 0

    def queue(self, *updates: Update) -> None:
        """Updates for whoever polls next."""
        with self.lock:
            for update in updates:
                self.state.learn(update)
                if self.state.wants(update):
                    self.state.pending.append(update)

    def poll(self, params: dict[str, Any]) -> list[Update]:
        with self.lock:
            if self.state.webhook["url"]:
                raise errors.Refused(
                    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                    409,
                )
            receiving.confirm(self.state, params)
            self._reader += 1
            mine = self._reader
        deadline = time.monotonic() + params.get("timeout", 0)
        while not (found := self._taken(params, mine)) and time.monotonic() < deadline:
            if self.stopping.wait(0.02):
                break
        return found

    def _taken(self, params: dict[str, Any], mine: int) -> list[Update]:
        with self.lock:
            if mine != self._reader:
                raise errors.Refused(
                    "terminated by other getUpdates request; make sure that only one bot instance is running",
                    409,
                )
            return receiving.waiting(self.state, params)

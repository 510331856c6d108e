"""Gives an index the senses of its answers, in the background: until they are there it finds by words alone."""

import threading
import time
from collections.abc import Mapping, Sequence

import structlog

from core.knowledge.kept import KeptSenses
from core.knowledge.search import Index
from core.knowledge.senses import Encode, Senses

_log = structlog.get_logger()
AGAIN = 2.0  # seconds until an encoder that was away is asked again


class Filling:
    """One thread at a time; it ends with its work, or when the encoder does not answer."""

    def __init__(self, encode: Encode, kept: KeptSenses | None = None) -> None:
        self._senses = Senses(encode, kept)
        self._busy = threading.Lock()
        self._not_before = 0.0

    def begin(self, index: Index, said: Mapping[str, Sequence[str]]) -> None:
        """``said`` has the wordings of each of the index's answers, in its order. Returns at once."""
        if time.monotonic() < self._not_before or not self._busy.acquire(blocking=False):
            return
        threading.Thread(target=self._fill, args=(index, said), name="senses", daemon=True).start()

    def _fill(self, index: Index, said: Mapping[str, Sequence[str]]) -> None:
        try:
            index.senses = self._senses.of(said)
        except Exception:  # answers are found by words meanwhile
            _log.exception("answers not encoded")
        finally:
            if index.senses is None:
                self._not_before = time.monotonic() + AGAIN
            self._busy.release()

"""What goes on beside the workers: the model server is watched, old words are understood again, recordings expire."""

import threading

import structlog
from sqlalchemy.exc import DBAPIError

from core.dialogue.cues import settle
from core.house import House
from core.knowledge import shelf
from core.media.retention import expire_recordings
from core.media.store import MediaStore
from core.service.regions import warm_up
from core.ticket.reparse import reparse_pending
from nlu.client import NluClient

REPARSE_SECONDS = 30.0
RETENTION_SECONDS = 3600.0
_log = structlog.get_logger()


class Upkeep:
    """Threads that no message waits for; ``modelled``: there is a model server to look for."""

    def __init__(self, house: House, nlu: NluClient, media: MediaStore, *, modelled: bool) -> None:
        self._house, self._nlu, self._media, self._modelled = house, nlu, media, modelled
        self._stopping = threading.Event()
        self.nlu_seen = False  # whether the model server has answered since we started

    def start(self, *, working: bool) -> None:
        """``working``: this process works on messages, too."""
        threading.Thread(target=self._look_after, name="nlu-watch", daemon=True).start()
        if working:
            threading.Thread(target=self._reparse, name="nlu-reparse", daemon=True).start()
            threading.Thread(target=self._forget, name="retention", daemon=True).start()

    def stop(self) -> None:
        """Ask the threads to end; none has anything in hand that would be lost."""
        self._stopping.set()

    def nlu_state(self) -> dict[str, str]:
        """Who understands messages now, as the client tells it."""
        return self._nlu.state() if self.nlu_seen else {"state": "keywords", "reason": "not seen yet"}

    def _look_after(self) -> None:
        """Load the tables, notice when the model server comes up, and have it tell what our answers mean.

        The index takes a second or two to make. Whoever asked before it is there would make it in their turn, and on
        SQLite nobody else's message is stored until that ends.
        """
        warm_up()
        self._prepare_answers()
        while self._modelled and not self._stopping.wait(0.5 if not self.nlu_seen else 5.0):
            if not self.nlu_seen or self._nlu.state()["state"] != "rasa":
                self.nlu_seen |= self._nlu.probe()["state"] == "rasa"
            if self.nlu_seen:
                self._prepare_answers()

    def _prepare_answers(self) -> None:
        """Nobody's first question should be answered by words alone because nobody asked one before."""
        try:
            with self._house.database.reading() as session:
                shelf.index(session, self._house)
        except DBAPIError:  # the next round tries again
            _log.warning("answers not prepared", exc_info=True)

    def _reparse(self) -> None:
        """Understand again what was filed on keywords alone, while the model answers."""
        while not self._stopping.wait(REPARSE_SECONDS):
            if self.nlu_seen and self._nlu.state()["state"] == "rasa":
                try:
                    reparse_pending(self._house, lambda text: settle(self._nlu.parse(text)))
                except Exception:  # the next round tries again; what is pending stays pending
                    _log.exception("reparse failed")

    def _forget(self) -> None:
        """Take away recordings that are older than the house keeps them."""
        while not self._stopping.wait(RETENTION_SECONDS):
            days = self._house.book.policy("voice")["recording_days"]
            try:
                with self._house.database.session() as session:
                    expire_recordings(session, self._media, days=days, now=self._house.clock.now())
                    session.commit()
            except Exception:  # the next round tries again
                _log.exception("retention failed")

"""The menus in force: as shipped, or as the staff changed them; read again when somebody edits."""

import threading
import time

import structlog
from sqlalchemy import select

from core.call.model import EditedMenu
from core.database import Database
from core.knowledge.model import ReferenceVersion
from ivr.menu import BadMenu, Menu, parse, shipped_menu

_FRESH_SECONDS = 2.0
_MARGIN = 0.1  # seconds; longer than any step takes to work out
_log = structlog.get_logger()


class Menus:
    """Answers from memory; looks for edits at most every two seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._edited: dict[str, Menu] = {}
        self._version, self._checked = -1, 0.0
        self._asked = False  # whether the first look has ended, however it went

    def of(self, language: str) -> Menu:
        """The menu of a language; the shipped one where an edit cannot be read any more."""
        self._refresh()
        return self._edited.get(language) or shipped_menu(language)

    def is_fresh(self) -> bool:
        """Whether the next answers come from memory for certain, without a look at the version row."""
        return self._asked and time.monotonic() - self._checked < _FRESH_SECONDS - _MARGIN

    def _refresh(self) -> None:
        if self._is_known():
            return
        # Beside the first look everybody waits: what is shipped may have been edited long ago. Later the old will do.
        if not self._lock.acquire(blocking=not self._asked):
            return
        try:
            if not self._is_known():
                self._look()
        finally:
            self._asked = True
            self._lock.release()

    def _is_known(self) -> bool:
        return self._asked and time.monotonic() - self._checked < _FRESH_SECONDS

    def _look(self) -> None:
        self._checked = time.monotonic()
        with self._database.reading() as session:
            version = session.scalar(select(ReferenceVersion.version)) or 0
            if version == self._version:
                return
            rows = session.scalars(select(EditedMenu)).all()
        self._edited = dict(filter(None, (_read(row) for row in rows)))
        self._version = version


def _read(row: EditedMenu) -> tuple[str, Menu] | None:
    try:
        return row.language, parse(row.text, row.language)
    except BadMenu as error:
        _log.error(
            "edited voice menu cannot be read; the shipped one is used", language=row.language, why=error.why
        )
        return None

"""Who may work an SQLite database: one process, known by a file lock that falls when it dies.

Whoever takes the lock knows that every lease in the file belongs to a dead process, and gives the rows back
at once instead of letting customers wait for the leases to end. On PostgreSQL other workers go on, so leases
end by themselves there.
"""

import fcntl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from core.database import Database
from core.messaging.lease import reclaim


@dataclass
class _Premises:
    file: IO[str]
    workers: int = 0
    recovered: set[str] = field(default_factory=set)


_lock = threading.Lock()
_held: dict[str, _Premises] = {}


def enter(database: Database, model: Any) -> bool:
    """Called by every worker as it starts; True when this process holds the premises."""
    path = database.file
    if path is None:
        return False
    with _lock:
        held = _held.get(path) or _take(path)
        if held is None:
            return False  # another process works here: its leases are alive
        if model.__tablename__ not in held.recovered:
            with database.session() as session:
                reclaim(session, model)
                session.commit()
            held.recovered.add(model.__tablename__)
        held.workers += 1
        return True


def leave(database: Database) -> None:
    """Called by a worker that entered; the last one out unlocks."""
    with _lock:
        held = _held[database.file or ""]
        held.workers -= 1
        if held.workers == 0:
            del _held[database.file or ""]
            held.file.close()


def _take(path: str) -> _Premises | None:
    file = Path(f"{path}.workers").open("w")  # noqa: SIM115 - the lock lives as long as it is open
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return _held.setdefault(path, _Premises(file))

"""What every use case may ask for beside its session: the time, the zone and the house's book."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.database import Database
from core.knowledge.book import Book


@dataclass(frozen=True)
class House:
    database: Database
    clock: Clock
    book: Book
    zone: ZoneInfo
    # Chats that staff can be reached by here, and whether there is a group robot.
    ways: tuple[str, ...] = ("wecom", "telegram")
    # The telephone provider that places our calls, where there is one, and whether a number can ring at all.
    caller: str | None = None
    rings: Callable[[str], bool] = lambda _number: True
    # Where the house is found from outside, without a slash at the end; empty: only on this machine.
    address: str = ""

    def local(self, moment: datetime) -> datetime:
        """A moment as the business sees it on its wall clock."""
        return moment.astimezone(self.zone)

"""What every use case may ask for beside its session: the time, the zone and the house's book."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.database import Database
from core.knowledge.book import Book
from core.knowledge.kept import KeptSenses


@dataclass(frozen=True)
class House:
    """What every use case works with: database, clock, book of words and policies, and the ways out that are on."""

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
    # What texts mean as numbers, up to 32 at once, or None where no encoder answers; it may take seconds, so never in a turn.
    encode: Callable[[Sequence[str]], list[bytes] | None] | None = None
    # What was encoded before, so that a restart need not do it again.
    senses: KeptSenses | None = None

    def local(self, moment: datetime) -> datetime:
        """A moment as the business sees it on its wall clock."""
        return moment.astimezone(self.zone)

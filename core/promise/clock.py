"""The clock 时钟 of a service level: one row per ticket, round and clock; where it stands is a pure function of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime
from core.promise.own_time import OwnTime

# In the order in which they are due; what is solved is then confirmed by the customer.
CLOCKS = ("reply", "on_site", "solved", "verify")
_RUNNING = text("stopped_at IS NULL AND paused_at IS NULL")
_PAUSED = text("stopped_at IS NULL AND paused_at IS NOT NULL")


class SlaClock(Base):
    """One service level of a ticket's round: when it began, how it counts, how long it stood still, what staff have heard."""

    __tablename__ = "sla_clocks"
    __table_args__ = (
        UniqueConstraint("ticket_id", "round", "clock"),
        Index("ix_sla_clocks_running", "due_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_sla_clocks_paused", "due_at", sqlite_where=_PAUSED, postgresql_where=_PAUSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    round: Mapped[int]
    clock: Mapped[str] = mapped_column(Text)  # CLOCKS
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when the round began
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: begins with a later verb
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # while paused: were it to go on at once
    mode: Mapped[str] = mapped_column(Text)  # calendar | working
    minutes: Mapped[float]
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)  # the line as it was when it was promised
    plan: Mapped[int] = mapped_column(default=0)  # grows with every counting again, so promises are new ones
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(Text)  # met | not_needed | called_off
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pause_reason: Mapped[str | None] = mapped_column(Text)  # customer | parts
    pauses: Mapped[list[list[str]]] = mapped_column(JSON, default=list)  # ended: [from, until, reason]
    paused_seconds: Mapped[float] = mapped_column(default=0.0)  # of the ended pauses, in the clock's own time
    parts_seconds: Mapped[float] = mapped_column(default=0.0)  # of these, waiting for parts
    warned: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # percent → when staff were warned
    breached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def running(self) -> bool:
        """Begun, and neither stopped nor paused."""
        return self.started_at is not None and self.stopped_at is None and self.paused_at is None

    def marked(self, percent: int) -> bool:
        """Whether staff have heard of this part of the time."""
        return self.breached_at is not None if percent >= 100 else str(percent) in self.warned


@dataclass(frozen=True)
class Pause:
    """A stretch in which a clock stood still."""

    begins: datetime
    ends: datetime
    reason: str


@dataclass(frozen=True)
class Reading:
    """Own seconds used and left (negative: overrun), and the share of the time that is used; 1 is all of it."""

    used: float
    left: float
    share: float
    breached: bool
    paused: str | None


def pauses_of(clock: SlaClock) -> list[Pause]:
    """The pauses that have ended, in order."""
    return [Pause(datetime.fromisoformat(a), datetime.fromisoformat(b), why) for a, b, why in clock.pauses]


def parts_left(clock: SlaClock) -> float:
    """Own seconds for which the clock may still wait for parts."""
    return max(0.0, float(clock.policy["parts_cap_seconds"]) - clock.parts_seconds)


def runs_on_at(clock: SlaClock, time: OwnTime) -> datetime | None:
    """When an open pause ends by itself: waiting for parts has a cap, waiting for the customer has none."""
    if clock.paused_at is None or clock.pause_reason != "parts":
        return None
    return time.add(clock.paused_at, parts_left(clock))


def moment_of(clock: SlaClock, percent: float, time: OwnTime) -> datetime:
    """When ``percent`` of the clock's own time is used, going by the pauses so far."""
    assert clock.started_at is not None
    seconds = clock.minutes * 60 * percent / 100
    moment = time.add(clock.started_at, seconds)
    for pause in pauses_of(clock):
        if pause.begins >= moment:
            break
        seconds += time.between(max(pause.begins, clock.started_at), pause.ends)
        moment = time.add(clock.started_at, seconds)
    return moment


def read(clock: SlaClock, now: datetime, time: OwnTime) -> Reading:
    """Where the clock stands at ``now``, or stood when it stopped."""
    now = min(now, clock.stopped_at or now)
    used = used_at(clock, now, time)
    total = clock.minutes * 60
    paused = clock.pause_reason if clock.paused_at and not _over(clock, now, time) else None
    breached = clock.breached_at is not None or (clock.started_at is not None and used >= total)
    return Reading(used, total - used, used / total if total else 1.0, breached, paused)


def used_at(clock: SlaClock, now: datetime, time: OwnTime) -> float:
    """Own seconds used by ``now``, without the pauses; none before the start."""
    if clock.started_at is None:
        return 0.0
    stood = pauses_of(clock)
    if clock.paused_at is not None:
        stood.append(Pause(clock.paused_at, runs_on_at(clock, time) or now, ""))
    away = sum(time.between(max(p.begins, clock.started_at), min(p.ends, now)) for p in stood)
    return max(0.0, time.between(clock.started_at, now) - away)


def _over(clock: SlaClock, now: datetime, time: OwnTime) -> bool:
    end = runs_on_at(clock, time)
    return end is not None and end <= now

"""Pausing a clock and letting it go on: changes of one row, nothing more."""

from datetime import datetime

from core.promise.clock import Pause, SlaClock, parts_left, pauses_of, runs_on_at
from core.promise.own_time import OwnTime


def pause(clock: SlaClock, reason: str, *, at: datetime) -> bool:
    """False where there is nothing to save: not running, overdue, or the time for parts is used up."""
    if not clock.running or clock.started_at is None or clock.due_at is None:
        return False
    begins = max(at, clock.started_at, *(p.ends for p in pauses_of(clock)))
    if (
        clock.breached_at is not None
        or clock.due_at <= begins
        or (reason == "parts" and not parts_left(clock))
    ):
        return False
    clock.paused_at, clock.pause_reason = begins, reason
    return True


def resume(clock: SlaClock, time: OwnTime, *, at: datetime) -> bool:
    """Let the clock go on; a pause that has a cap ended there, however late we hear of it."""
    if clock.paused_at is None or clock.pause_reason is None:
        return False
    cap = runs_on_at(clock, time)
    ends = max(clock.paused_at, at if cap is None else min(at, cap))
    if ends > clock.paused_at:
        entry = [clock.paused_at.isoformat(), ends.isoformat(), clock.pause_reason]
        clock.pauses = [*clock.pauses, entry]
    clock.paused_at = clock.pause_reason = None
    add_up(clock, time)
    return True


def add_up(clock: SlaClock, time: OwnTime) -> None:
    """The pauses so far in the clock's own time; again when it counts another time or from another start."""

    def own(pause: Pause) -> float:
        begins = max(pause.begins, clock.started_at or pause.begins)
        return time.between(begins, pause.ends)

    pauses = pauses_of(clock)
    clock.paused_seconds = sum(map(own, pauses))
    clock.parts_seconds = sum(own(p) for p in pauses if p.reason == "parts")

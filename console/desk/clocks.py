"""Clocks of service levels as people read them: a bar, its colour, and words for what is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from console.language import language
from console.show import span
from console.wording import say
from core.house import House
from core.promise.clock import SlaClock, read
from core.promise.plan import own_time

# From this share of the time on a bar is amber: the head hears of it then.
_SOON = 0.8


@dataclass(frozen=True)
class Bar:
    """``percent`` of the time is used, 100 at most; ``left`` is in own seconds. Tone: calm soon late paused over."""

    clock: SlaClock
    percent: int
    left: float
    tone: str
    text: str


def bars(house: House, clocks: Iterable[SlaClock], now: datetime) -> list[Bar]:
    """Of a ticket's clocks those that were not called off, each as a bar."""
    return [bar(house, clock, now) for clock in clocks if clock.outcome != "called_off"]


def bar(house: House, clock: SlaClock, now: datetime) -> Bar:
    """Where a clock stands at ``now``."""
    found = read(clock, now, own_time(house, clock))
    percent = min(100, max(0, int(found.share * 100)))
    if clock.stopped_at is not None:
        tone, text = _ended(clock, found.breached)
    elif clock.started_at is None:
        tone, text = "over", say("sla.not_begun")
    elif found.breached:
        tone, text = "late", say("due.late", span=span(found.left))
    elif found.paused:
        reason = house.book.label("pause", found.paused, language())
        tone, text = "paused", say("sla.paused", reason=reason, span=span(found.left))
    else:
        tone = "soon" if found.share >= _SOON else "calm"
        text = say("due.left", span=span(found.left))
    return Bar(clock, percent, found.left, tone, text)


def _ended(clock: SlaClock, breached: bool) -> tuple[str, str]:
    if clock.outcome == "not_needed":
        return "over", say("sla.not_needed")
    return ("late", say("sla.met_late")) if breached else ("over", say("sla.met"))

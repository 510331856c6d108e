"""Whether so many of a kind in so short a time is unusual (F1): a pure function, and its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.quality.tail import tail

_WEEK = 168  # hours


@dataclass(frozen=True)
class History:
    """What a window of ``hours`` is compared with, over whole ``weeks`` before it.

    ``slots``: tickets of the key at the same hours of each of those weeks. ``total``: in all their hours.
    ``profile``: how busy the house is at these hours, 1 being an hour like any other. ``today``: how much busier than
    expected everything else is just now, at least 1.
    """

    hours: int
    weeks: int
    slots: tuple[int, ...] = ()
    total: int = 0
    profile: float = 1.0
    today: float = 1.0


@dataclass(frozen=True)
class Spike:
    """``expected`` tickets in ``hours``, ``observed`` ones, and how likely so many or more are (``p``)."""

    expected: float
    observed: int
    p: float
    hours: int


@dataclass(frozen=True)
class Usual:
    """``why``: too_few, no_history or expected."""

    why: str
    expected: float | None = None
    p: float | None = None


def judge(observed: int, history: History, policy: Mapping[str, Any]) -> Spike | Usual:
    """Compare ``observed`` customers with the policy ``quality``: minimum, known_weeks, prior_weeks, swing, p."""
    if observed < policy["minimum"]:
        return Usual("too_few")
    if history.weeks < policy["known_weeks"]:
        return Usual("no_history")
    mean = expected(history, policy["prior_weeks"])
    # Two things are uncertain: the rate, known from ``total`` tickets, and how much a usual day swings.
    shape = 1 / (1 / (history.total + 0.5) + policy["swing"] ** 2)
    p = tail(observed, mean=mean, shape=shape)
    return Spike(mean, observed, p, history.hours) if p < policy["p"] else Usual("expected", mean, p)


def expected(history: History, prior_weeks: float) -> float:
    """Tickets expected in the window. With few of them at these hours, the key's rate at all hours speaks."""
    # Half a ticket more than seen: what never happened so far may happen.
    rate = (history.total + 0.5) / (history.weeks * _WEEK)
    prior = rate * history.hours * history.profile
    own = sum(history.slots)
    return history.today * (prior * prior_weeks + own) / (prior_weeks + len(history.slots))

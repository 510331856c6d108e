"""Who is on duty at a moment, and why: a pure function of shifts, absences and accounts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from core.staff.model import Staff

SHIFT, DEPUTY, FLAG = "shift", "deputy", "flag"


class Planned(Protocol):
    """A shift or an absence; the end itself is not part of it."""

    @property
    def staff(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


class Away(Planned, Protocol):
    """``deputy`` is on duty instead, if there is one."""

    @property
    def deputy(self) -> str | None: ...


class Duty(NamedTuple):
    """``reason``: a shift, standing in as deputy (of ``instead_of``), or the flag of the account."""

    person: str
    reason: str
    instead_of: str | None = None


def on_duty(
    shifts: Iterable[Planned], absences: Iterable[Away], people: Sequence[Staff], at: datetime
) -> list[Duty]:
    """Who has a shift at ``at``; whoever is away is replaced by their deputy.

    Where that leaves nobody, those whose account says so (``Staff.on_duty``), deputies as well: better an old
    plan than an alert that nobody hears. ``people``: the active staff.
    """
    here = {person.name for person in people}
    away = {one.staff: one.deputy for one in absences if covers(one, at)}
    planned = [shift.staff for shift in shifts if covers(shift, at)]
    flagged = [person.name for person in people if person.on_duty]
    return _present(planned, SHIFT, away, here) or _present(flagged, FLAG, away, here)


def covers(planned: Planned, at: datetime) -> bool:
    """The end is the next one's beginning: at 20:00 the shift until 20:00 is over."""
    return planned.starts_at <= at < planned.ends_at


def stand_in(name: str, away: Mapping[str, str | None], here: set[str]) -> str | None:
    """``name``, or the first of their deputies' deputies who is there; None when there is none or it goes in a circle."""
    seen: set[str] = set()
    current: str | None = name
    while current is not None and current not in seen:
        if current in here and current not in away:
            return current
        seen.add(current)
        current = away.get(current)
    return None


def _present(names: Iterable[str], reason: str, away: Mapping[str, str | None], here: set[str]) -> list[Duty]:
    found: dict[str, Duty] = {}
    for name in names:
        person = stand_in(name, away, here)
        if person == name:
            found[name] = Duty(name, reason)  # their own shift before one they stand in for
        elif person is not None:
            found.setdefault(person, Duty(person, DEPUTY, name))
    return list(found.values())

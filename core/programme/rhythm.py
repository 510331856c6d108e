"""When a plan falls due after its event: single offsets, then spells of so many months or weeks each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from core.programme.offset import MONTHS, BadOffset, Offset


@dataclass(frozen=True)
class Spell:
    """Every ``each`` since the spell before it ended, until the event is ``until`` old; None goes on for good."""

    each: Offset
    until: Offset | None = None

    @classmethod
    def of(cls, written: dict[str, str | None]) -> "Spell":
        """BadOffset where it would not go forward."""
        each, until = Offset.of(written["each"] or ""), written.get("until")
        if each.amount <= 0:
            raise BadOffset(str(each))
        return cls(each, Offset.of(until) if until else None)


@dataclass(frozen=True)
class Rhythm:
    """``at`` are single offsets from the event. Spells follow one another: monthly, then 2-monthly, then 3-monthly."""

    at: tuple[Offset, ...] = ()
    spells: tuple[Spell, ...] = ()

    @classmethod
    def of(cls, written: dict[str, Any]) -> "Rhythm":
        """{"at": ["25 days"], "every": [{"each": "3 months", "until": "2 years"}]}; BadOffset, KeyError."""
        spells = tuple(map(Spell.of, written.get("every") or ()))
        return cls(tuple(map(Offset.of, written.get("at") or ())), spells)

    @property
    def endless(self) -> bool:
        """Whether it goes on as long as the device or customer is there."""
        return any(spell.until is None for spell in self.spells)


def occurrences(rhythm: Rhythm, event: datetime, *, since: datetime, until: datetime) -> list[datetime]:
    """The moments after ``since`` and up to ``until``, in order, each once; ``event`` is in the house's zone.

    Months are counted from the event and not from the last occurrence, so that the 31st stays the 31st.
    """
    single = (offset.after(event) for offset in rhythm.at)
    found = {moment for moment in single if since < moment <= until}
    age: Offset | None = None
    for spell in rhythm.spells:
        found |= {moment for moment in _spell(spell, event, age, until) if moment > since}
        if spell.until is None or spell.until.after(event) >= until:
            break
        age = spell.until
    return sorted(found)


def _spell(spell: Spell, event: datetime, age: Offset | None, until: datetime) -> Iterator[datetime]:
    last = until if spell.until is None else min(until, spell.until.after(event))
    for number in count(1):
        moment = _nth(event, age, spell.each.times(number))
        if moment > last:
            return
        yield moment


def _nth(event: datetime, age: Offset | None, step: Offset) -> datetime:
    if age is None:
        return step.after(event)
    if age.unit in MONTHS and step.unit in MONTHS:
        months = age.amount * MONTHS[age.unit] + step.amount * MONTHS[step.unit]
        return Offset(months, "month").after(event)
    return step.after(age.after(event))

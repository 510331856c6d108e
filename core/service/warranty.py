"""Is the repair free? A pure decision that carries its reason (B3)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Covered:
    """``until`` is the last day."""

    until: date
    state: str = "in"


@dataclass(frozen=True)
class NotCovered:
    """``why``: expired, human_damage, environment or force_majeure."""

    why: str
    until: date | None = None
    state: str = "out"


@dataclass(frozen=True)
class Unknown:
    """``why``: no_date (proof of purchase will decide)."""

    why: str = "no_date"
    state: str = "unknown"


Warranty = Covered | NotCovered | Unknown


def decide(
    *,
    category: str | None,
    purchase_date: date | None,
    precision: str | None,
    description: str,
    today: date,
    months: dict[str, int],
    exclusions: dict[str, list[str]],
) -> Warranty:
    """Decide from the purchase date and the category's policy; doubt about the day favours the customer."""
    for why, cues in exclusions.items():
        if any(cue in description for cue in cues):
            return NotCovered(why=why)
    if purchase_date is None:
        return Unknown()
    until = add_months(last_day(purchase_date, precision or "day"), months.get(category or "other", 12))
    return Covered(until=until) if today <= until else NotCovered(why="expired", until=until)


def reason(warranty: Warranty) -> dict[str, Any]:
    """The decision as stored on the ticket."""
    until = getattr(warranty, "until", None)
    return {"why": getattr(warranty, "why", "covered"), "until": until.isoformat() if until else None}


def last_day(day: date, precision: str) -> date:
    """The last day that a date of this precision (day, month, year) can mean."""
    if precision == "year":
        return date(day.year, 12, 31)
    if precision == "month":
        return add_months(day.replace(day=1), 1) - timedelta(days=1)
    return day


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    following = date(year + (month == 12), month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - timedelta(days=1)).day))

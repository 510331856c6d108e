"""Whether a number may be called now: countries, hours, how often, how much. A pure decision that carries its reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.promise.calendar import QuietHours


@dataclass(frozen=True)
class NoCall:
    """Why no call is made; ``again`` is when asking may help, None when only a person can call."""

    why: str
    again: datetime | None = None


@dataclass(frozen=True)
class Placed:
    """Calls that were placed already: to this number and to all, in the last hour and the last 24 hours."""

    number_hour: int = 0
    number_day: int = 0
    hour: int = 0
    day: int = 0
    money: float = 0.0  # yuan, of the last 24 hours


def may_call(
    policy: dict[str, Any],
    phone: str,
    *,
    at: datetime,
    provider: str,
    placed: Placed,
    quiet: QuietHours | None,
) -> NoCall | None:
    """None when the call may be placed. ``quiet`` is None for staff, who are called at night too, and more often."""
    if not policy["enabled"]:
        return NoCall("calls are switched off")
    if not _of(policy["countries"], phone):
        return NoCall("this country is not called")
    if _of(policy["unreachable"].get(provider, ()), phone):
        return NoCall(f"{provider} does not call there")
    if quiet is not None and quiet.covers(at):
        return NoCall("quiet hours", quiet.after(at))
    return _too_often(policy, phone, at, placed, "number" if quiet is not None else "staff")


def price(policy: dict[str, Any], phone: str) -> float:
    """What one call is expected to cost, in yuan: the price of a minute for the longest prefix that fits."""
    fits = [prefix for prefix in policy["minute_price"] if phone.startswith(prefix)]
    minute = policy["minute_price"][max(fits, key=len)] if fits else policy["minute_price"]["default"]
    return float(minute) * float(policy["expected_minutes"])


def _of(prefixes: Any, phone: str) -> bool:
    return any(phone.startswith(prefix) for prefix in prefixes)


def _too_often(policy: dict[str, Any], phone: str, at: datetime, placed: Placed, whose: str) -> NoCall | None:
    most, hour, day = policy["most"], at + timedelta(hours=1), at + timedelta(days=1)
    limits = (
        (placed.number_hour >= most[f"{whose}_hour"], "this number was called within the hour", hour),
        (placed.number_day >= most[f"{whose}_day"], "this number was called often enough today", day),
        (placed.hour >= most["hour"], "as many calls as an hour may have", hour),
        (placed.day >= most["day"], "as many calls as a day may have", day),
        (placed.money + price(policy, phone) > most["money_day"], "the day's money for calls is spent", day),
    )
    return next((NoCall(why, again) for reached, why, again in limits if reached), None)

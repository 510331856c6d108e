"""From a form on the ticket page to an order for the core, and from its refusal to kind words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from console.language import language
from console.wording import say
from core.house import House
from core.staff.refusal import in_words
from core.ticket.actions import Order


class Unclear(Exception):
    """A form that cannot be carried out; the message is what to tell the person who filled it in."""


def order_from(house: House, form: Mapping[str, Any], *, number: str, verb: str, by: str) -> Order:
    """Read the fields that belong to ``verb``; Unclear says in kind words what is missing."""
    at = house.clock.now()
    note = str(form.get("note") or "").strip()[:1000] or None
    extra: dict[str, Any] = {}
    if verb == "dispatch":
        outlet = str(form.get("outlet") or "")
        extra["outlet"] = int(outlet) if outlet.isdigit() else None
    elif verb == "appoint":
        extra["when"] = _when(house, str(form.get("when") or ""), at)
    elif verb == "quote":
        extra["fee"] = _fee(str(form.get("fee") or ""))
    elif verb in ("severity", "contract"):
        extra["value"] = str(form.get("value") or "")
    elif verb == "merge":
        extra["into"] = _into(str(form.get("into") or "").strip(), number)
    return Order(number=number, verb=verb, by=by, at=at, channel="staff", note=note, **extra)


def _when(house: House, raw: str, at: datetime) -> datetime:
    try:
        when = datetime.fromisoformat(raw).replace(tzinfo=house.zone).astimezone(UTC)
    except ValueError as error:
        raise Unclear(say("refused.no_time")) from error
    if when < at:
        raise Unclear(say("refused.past"))
    return when


def _fee(raw: str) -> float:
    try:
        fee = float(raw)
    except ValueError as error:
        raise Unclear(say("refused.no_fee")) from error
    if not 0 <= fee <= 1_000_000:
        raise Unclear(say("refused.no_fee"))
    return fee


def _into(raw: str, number: str) -> str:
    if not raw.isdigit() or raw == number:
        raise Unclear(say("refused.no_target"))
    return raw


def kindly(house: House, error: Exception) -> str:
    """A refusal in the words of the house."""
    return str(error) if isinstance(error, Unclear) else in_words(house.book, error, language())

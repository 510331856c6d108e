"""How times and amounts look to staff, in the language of the request."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from console.language import language
from console.wording import labels, say
from core.house import House
from core.service.fees import yuan
from core.ticket.lifecycle import ENDED
from core.ticket.model import Ticket


@dataclass(frozen=True)
class Remaining:
    """Time left until a deadline; ``tone`` is calm, soon or late."""

    text: str
    tone: str
    at: str


def span(seconds: float) -> str:
    """A stretch of time in its two biggest units."""
    minutes = int(abs(seconds)) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return say("span.days", days=days, hours=hours)
    return say("span.hours", hours=hours, minutes=minutes) if hours else say("span.minutes", minutes=minutes)


class Show:
    """Template functions that need the house."""

    def __init__(self, house: House) -> None:
        self._house = house

    def moment(self, at: datetime | None) -> str:
        """The business's wall clock; the year only when it is not this one."""
        if at is None:
            return "—"
        local, now = self._house.local(at), self._house.local(self._house.clock.now())
        return local.strftime("%m-%d %H:%M" if local.year == now.year else "%Y-%m-%d %H:%M")

    def clock(self, at: datetime) -> str:
        """The hour alone, where the day stands beside it."""
        return self._house.local(at).strftime("%H:%M")

    def weekday(self, at: datetime) -> str:
        """Short, on the business's wall clock."""
        return say("weekdays.short").split()[self._house.local(at).weekday()]

    def stretch(self, first: date, last: date) -> str:
        """A stretch of days; the second year only when it is another."""
        end = last.strftime("%m-%d" if last.year == first.year else "%Y-%m-%d")
        return str(first) if first == last else f"{first} – {end}"

    def full(self, at: datetime | None) -> str:
        """To the second, for the tooltip; empty for None."""
        return self._house.local(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""

    def label(self, family: str, value: str | None) -> str:
        return self._house.book.label(family, value, language())

    def plan_title(self, name: str) -> str:
        """A plan of the follow-up programme by its name; the name itself when there is none any more."""
        plan = self._house.book.plan(name)
        return plan.title_in(language()) if plan else name

    def remaining(self, ticket: Ticket, now: datetime) -> Remaining | None:
        """None when no clock runs: work done, ticket ended, or no deadline."""
        if ticket.due_at is None or ticket.state in (*ENDED, "done", "followed_up"):
            return None
        return self.until(ticket.due_at, now)

    def until(self, due: datetime, now: datetime) -> Remaining:
        """How long until then, or how late; under an hour its tone is soon."""
        left = (due - now).total_seconds()
        tone = "late" if left < 0 else "soon" if left < 3600 else "calm"
        return Remaining(say("due.late" if left < 0 else "due.left", span=span(left)), tone, self.full(due))

    def yuan(self, amount: float | None) -> str:
        return "—" if amount is None else say("yuan", amount=yuan(amount))

    def purchase(self, day: date | None, precision: str | None) -> str:
        """To the precision it was told with; a dash for None."""
        if day is None:
            return "—"
        return day.strftime({"year": "%Y", "month": "%Y-%m"}.get(precision or "", "%Y-%m-%d"))

    def size(self, count: int) -> str:
        """Of a file."""
        return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, count // 1000)} kB"

    def heard(self, kind: str) -> str:
        """What arrived when it was not words."""
        key = f"heard.{kind}"
        return say(key) if key in labels()["zh"] else say("heard.other")

    def names(self) -> dict[str, Any]:
        """What templates may call."""
        found = (
            "moment",
            "clock",
            "weekday",
            "stretch",
            "full",
            "label",
            "plan_title",
            "remaining",
            "until",
            "yuan",
            "purchase",
            "size",
            "heard",
        )
        return {name: getattr(self, name) for name in found}

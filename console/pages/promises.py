"""What falls due: a calendar of counts, and the list of a day, a kind or a ticket with what happened to each."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.page import Page
from console.wording import labels
from console.wording import say as words
from core.promise.agenda import Wanted, listed, per_day

MOST = 100
WEEK = 7


class Promises(Page):
    """What falls due, why it was put off, and what was kept."""

    name, path = "promises", "/promises"

    @route("", name="promises")
    async def index(self, request: Request) -> Response:
        now = self.house.clock.now()
        today, asked = self.house.local(now).date(), request.query_params
        wanted = wanted_of(asked)
        weekly = asked.get("view") == "week"
        shown = wanted.day or _day(asked.get("from")) or today
        first, days = week_of(shown) if weekly else month_of(shown)

        def look(session: Session) -> tuple[list[Any], dict[date, Counter[str]]]:
            rows = listed(session, self.house, wanted, limit=MOST)
            return rows, {} if wanted.ended else per_day(session, self.house, first, days)

        rows, counts = await self.read(look)
        context = {
            "rows": rows,
            "weeks": [list(counts.items())[n : n + WEEK] for n in range(0, len(counts), WEEK)],
            "kinds": known_kinds(),
            "in_words": in_words,
            "wanted": wanted,
            "weekly": weekly,
            "shown": shown,
            "today": today,
            "before": first - timedelta(days=1) if weekly else shown.replace(day=1) - timedelta(days=1),
            "after": first + timedelta(days=WEEK)
            if weekly
            else (shown.replace(day=1) + timedelta(days=32)).replace(day=1),
            "now": now,
            "most": MOST,
        }
        return self.show(request, "promises.html", context)


def wanted_of(asked: Any) -> Wanted:
    """The filters of the address; what cannot be read asks for nothing."""
    kind, number = asked.get("kind"), (asked.get("number") or "").strip()
    kind = kind if kind in known_kinds() else None
    return Wanted(_day(asked.get("day")), kind, number or None, asked.get("show") == "ended")


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year < 3000 else None  # the weeks around it must be dates too


def week_of(day: date) -> tuple[date, int]:
    """Its Monday, and seven days."""
    return day - timedelta(days=day.weekday()), WEEK


def month_of(day: date) -> tuple[date, int]:
    """The Monday on or before the first of its month, and the days of all weeks that the month touches."""
    first = day.replace(day=1)
    start, following = week_of(first)[0], (first + timedelta(days=32)).replace(day=1)
    return start, -(-(following - start).days // WEEK) * WEEK


def known_kinds() -> list[str]:
    """Those that have a word: a test demands one for every handler."""
    return [key.removeprefix("promise.") for key in labels()["zh"] if key.startswith("promise.")]


def in_words(kind: str) -> str:
    """A kind of promise as staff read it; a kind of another version's is shown as it is stored."""
    return words(f"promise.{kind}") if kind in known_kinds() else kind

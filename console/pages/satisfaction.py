"""Follow-up rate and satisfaction: the figures of a period, and week by week beside the goals (E5)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from console.page import Page
from core.care.figures import Share, follow_up_rate, outcomes_of, satisfied_by, satisfied_share
from core.house import House

PERIODS = (4, 12, 26)  # weeks
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Figures:
    """``since`` is the first day; shares are of the cases begun from then on."""

    since: date
    asked: Share
    satisfied: Share


class Satisfaction(Page):
    """Rates of follow-ups and ratings over some weeks."""

    name, path = "satisfaction", "/satisfaction"

    @route("", name="satisfaction")
    async def index(self, request: Request) -> Response:
        asked = request.query_params.get("weeks", "")
        weeks = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
        now = self.house.clock.now()
        starts = mondays(self.house, now, weeks)

        def look(session: Session) -> dict[str, object]:
            ends = [*starts[1:], now]
            span = {"since": starts[0], "until": now}
            return {
                "by_week": [
                    _figures(self.house, session, start, end, now)
                    for start, end in zip(starts, ends, strict=True)
                ],
                "whole": _figures(self.house, session, starts[0], now, now),
                "assignees": satisfied_by(session, "assignee", **span),
                "categories": satisfied_by(session, "category", **span),
                "outcomes": outcomes_of(session, **span),
            }

        found = await self.read(look)
        goals = self.house.book.policy("care_goals")
        return self.show(
            request,
            "satisfaction.html",
            {**found, "goals": goals, "weeks": weeks, "periods": PERIODS},
        )


def mondays(house: House, now: datetime, weeks: int) -> list[datetime]:
    """The beginnings of this week and of those before it, oldest first; weeks begin on Monday at our midnight."""
    here = house.local(now)
    monday = here.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=here.weekday())
    return [monday - WEEK * back for back in range(weeks - 1, -1, -1)]


def _figures(house: House, session: Session, since: datetime, until: datetime, now: datetime) -> Figures:
    return Figures(
        house.local(since).date(),
        follow_up_rate(session, since=since, until=until, now=now),
        satisfied_share(session, since=since, until=until),
    )

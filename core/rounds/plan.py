"""Planning a round: its list is spread over working days and over those who go; a visit can be moved or given to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.house import House
from core.promise.calendar import NoHolidayData, OfficeHours
from core.rounds.choose import MOST_PLACES, BadRound, Place, sample
from core.rounds.model import KINDS, Round, RoundVisit

LONGEST = 366  # days


@dataclass(frozen=True)
class RoundPlan:
    """``size`` counts for a sample only; ``goes`` are names of staff, taken in turn."""

    title: str
    kind: str
    places: Sequence[Place]
    first_day: date
    last_day: date
    goes: tuple[str, ...] = ()
    category: str | None = None
    size: int = 0


def plan_round(session: Session, house: House, plan: RoundPlan, *, by: str, at: datetime) -> Round:
    """A round with all its visits. BadRound."""
    _check(plan, house.local(at).date())
    found = Round(
        title=plan.title.strip(),
        kind=plan.kind,
        category=plan.category,
        whole=len(plan.places),
        first_day=plan.first_day,
        last_day=plan.last_day,
        by=by,
        created_at=at,
    )
    session.add(found)
    session.flush()
    chosen = sample(plan.places, plan.size, seed=found.id) if plan.kind == "sampled" else plan.places
    days = spread(working_days(house, plan.first_day, plan.last_day), len(chosen))
    for number, (place, day) in enumerate(zip(chosen, days, strict=True)):
        goes = plan.goes[number % len(plan.goes)] if plan.goes else None
        session.add(RoundVisit(round_id=found.id, day=day, goes=goes, **vars(place)))
    session.flush()
    return found


def _check(plan: RoundPlan, today: date) -> None:
    if not plan.title.strip() or len(plan.title) > 200:
        raise BadRound("title")
    if plan.kind not in KINDS:
        raise BadRound("kind")
    if not plan.places:
        raise BadRound("nobody")
    if len(plan.places) > MOST_PLACES:
        raise BadRound("many")
    if not today <= plan.first_day <= plan.last_day <= plan.first_day + timedelta(days=LONGEST):
        raise BadRound("days")


def working_days(house: House, first: date, last: date) -> list[date]:
    """The days on which somebody can be met; all of them where none is one, or the table of holidays has ended."""
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    hours = OfficeHours.of(house.book.policy("office_hours"), house.zone)
    try:
        return [day for day in every if hours.is_workday(day)] or every
    except NoHolidayData:
        return every


def spread(days: Sequence[date], many: int) -> list[date]:
    """``many`` visits as evenly as can be over the days, early ones first."""
    return [days[n * len(days) // many] for n in range(many)]


def move_visit(
    session: Session, house: House, visit: RoundVisit, day: date, goes: str | None, *, at: datetime
) -> None:
    """Another day, another person. BadRound for what is over, or a day that has gone."""
    if visit.state not in ("planned", "missed") or visit.round.state != "going":
        raise BadRound("over")
    if day < house.local(at).date() or day > visit.round.first_day + timedelta(days=LONGEST):
        raise BadRound("days")
    visit.day, visit.goes, visit.state = day, goes, "planned"
    visit.round.last_day = max(visit.round.last_day, day)


def end_round(session: Session, found: Round, *, cancelled: bool, at: datetime) -> None:
    """Nobody goes any more: what was not visited is missed, or called off with the round. BadRound."""
    if found.state != "going":
        raise BadRound("over")
    found.state, found.ended_at = "cancelled" if cancelled else "ended", at
    left = update(RoundVisit).where(RoundVisit.round_id == found.id, RoundVisit.state == "planned")
    session.execute(left.values(state="cancelled" if cancelled else "missed"))


def locked_visit(session: Session, number: int) -> RoundVisit | None:
    """A visit, its round before it, that nobody else changes until the transaction ends."""
    found = session.get(RoundVisit, number)
    if found is None:
        return None
    session.execute(select(Round.id).where(Round.id == found.round_id).with_for_update())
    session.refresh(found.round)
    session.refresh(found, with_for_update={"of": RoundVisit})
    return found

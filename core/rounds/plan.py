"""Planning a round: its list is spread over working days and over those who go; a visit can be moved, given to another or called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.house import House
from core.promise.calendar import NoHolidayData, OfficeHours
from core.rounds.choose import MOST_PLACES, BadRound, Place, sample
from core.rounds.model import KINDS, Round, RoundVisit
from core.rounds.told import tell_called_off, tell_moved, tell_over, tell_planned

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
    """A round with all its visits; each who goes is told once. BadRound."""
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
    goes = plan.goes or (None,)
    visits = [
        RoundVisit(round_id=found.id, day=day, goes=goes[number % len(goes)], **vars(place))
        for number, (place, day) in enumerate(zip(chosen, days, strict=True))
    ]
    session.add_all(visits)
    session.flush()
    tell_planned(session, house, found, visits, at=at)
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
    """The days on which somebody can be met; all of them where none is one. Past the table of holidays: no weekends."""
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    hours = OfficeHours.of(house.book.policy("office_hours"), house.zone)
    return [day for day in every if _works(hours, day)] or every


def _works(hours: OfficeHours, day: date) -> bool:
    try:
        return hours.is_workday(day)
    except NoHolidayData:
        return day.weekday() not in hours.days_off


def spread(days: Sequence[date], many: int) -> list[date]:
    """``many`` visits as evenly as can be over the days, early ones first."""
    return [days[n * len(days) // many] for n in range(many)]


def move_visit(
    session: Session,
    house: House,
    visit: RoundVisit,
    day: date,
    goes: str | None,
    *,
    by: str,
    at: datetime,
) -> None:
    """Another day, another person; both are told. BadRound for what is over, or a day that has gone."""
    _still_open(visit)
    if day < house.local(at).date() or day > visit.round.first_day + timedelta(days=LONGEST):
        raise BadRound("days")
    before, was = visit.day, visit.goes
    visit.day, visit.goes, visit.state = day, goes, "planned"
    visit.revision += 1
    visit.round.last_day = max(visit.round.last_day, day)
    tell_moved(session, house, visit, before=before, was=was, by=by, at=at)


def call_off_visit(session: Session, house: House, visit: RoundVisit, *, by: str, at: datetime) -> None:
    """Nobody goes there; who would have gone is told. BadRound for what is over."""
    _still_open(visit)
    visit.state = "cancelled"
    visit.revision += 1
    tell_called_off(session, house, visit, by=by, at=at)
    end_when_done(session, visit.round, at=at)


def _still_open(visit: RoundVisit) -> None:
    if visit.state not in ("planned", "missed") or visit.round.state != "going":
        raise BadRound("over")


def end_when_done(session: Session, found: Round, *, at: datetime) -> None:
    """With its last visit a round has ended."""
    session.flush()
    left = select(RoundVisit.id).where(RoundVisit.round_id == found.id, RoundVisit.state == "planned")
    if found.state == "going" and session.scalar(left.limit(1)) is None:
        found.state, found.ended_at = "ended", at


def end_round(
    session: Session, house: House, found: Round, *, cancelled: bool, by: str, at: datetime
) -> None:
    """Nobody goes any more, and is told: what was not visited is missed, or called off with the round. BadRound."""
    if found.state != "going":
        raise BadRound("over")
    found.state, found.ended_at = "cancelled" if cancelled else "ended", at
    tell_over(session, house, found, by=by, at=at)
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

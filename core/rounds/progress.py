"""How far rounds are, and the calendar that visits share with training sessions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.house import House
from core.rounds.model import Round, RoundVisit
from core.training.model import TrainingSession


@dataclass(frozen=True)
class Progress:
    """Visits of one round by what came of them; ``late`` were to be made before today and were not."""

    whole: int = 0
    visited: int = 0
    findings: int = 0
    tickets: int = 0
    late: int = 0
    cancelled: int = 0

    @property
    def percent(self) -> int:
        """Of those that were not called off."""
        counted = self.whole - self.cancelled
        return 100 * self.visited // counted if counted else 0


@dataclass(frozen=True)
class Day:
    """What a day of the shared calendar holds."""

    day: date
    sessions: list[TrainingSession] = field(default_factory=list)
    visits: list[RoundVisit] = field(default_factory=list)


def progress_of(session: Session, rounds: Sequence[Round], *, today: date) -> dict[int, Progress]:
    """round → how far it is."""

    def many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(condition)

    query = select(
        RoundVisit.round_id,
        func.count(),
        many(RoundVisit.state == "visited"),
        many(RoundVisit.verdict == "finding"),
        many(RoundVisit.ticket_id.is_not(None)),
        many((RoundVisit.state == "planned") & (RoundVisit.day < today)),
        many(RoundVisit.state == "cancelled"),
    ).where(RoundVisit.round_id.in_([found.id for found in rounds]))  # fmt: skip
    found = {row[0]: Progress(*row[1:]) for row in session.execute(query.group_by(RoundVisit.round_id))}
    return {one.id: found.get(one.id, Progress()) for one in rounds}


def visits_of(session: Session, found: Round, *, goes: str | None = None) -> Sequence[RoundVisit]:
    """In the order in which they are made; with ``goes`` those of one person."""
    query = select(RoundVisit).where(RoundVisit.round_id == found.id)
    if goes is not None:
        query = query.where(RoundVisit.goes == goes)
    return session.scalars(query.order_by(RoundVisit.day, RoundVisit.id)).all()


def rounds_listed(session: Session, *, goes: str | None = None, limit: int) -> Sequence[Round]:
    """The newest first; with ``goes`` those in which that person goes somewhere."""
    query = select(Round)
    if goes is not None:
        query = query.where(Round.id.in_(select(RoundVisit.round_id).where(RoundVisit.goes == goes)))
    return session.scalars(query.order_by(Round.first_day.desc(), Round.id.desc()).limit(limit)).all()


def calendar(session: Session, house: House, *, first: date, days: int, goes: str | None = None) -> list[Day]:
    """Days on which somebody is on the road or in a class; with ``goes`` only what that person does."""
    until = first + timedelta(days=days)
    visits = select(RoundVisit).where(
        RoundVisit.day >= first, RoundVisit.day < until, RoundVisit.state == "planned"
    )
    held = select(TrainingSession).where(
        TrainingSession.state == "planned",
        TrainingSession.starts_at >= datetime.combine(first, datetime.min.time(), house.zone),
        TrainingSession.starts_at < datetime.combine(until, datetime.min.time(), house.zone),
    )
    if goes is not None:
        visits, held = (
            visits.where(RoundVisit.goes == goes),
            held.where(TrainingSession.trainer.has(name=goes)),
        )
    found: dict[date, Day] = {}
    for training in session.scalars(held.order_by(TrainingSession.starts_at, TrainingSession.id)):
        day = house.local(training.starts_at).date()
        found.setdefault(day, Day(day)).sessions.append(training)
    for visit in session.scalars(visits.order_by(RoundVisit.day, RoundVisit.id)):
        found.setdefault(visit.day, Day(visit.day)).visits.append(visit)
    return [found[day] for day in sorted(found)]

"""What a trainer, a course or a session was given: means of the five scores, 1–5, over complete answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.staff.model import Staff
from core.training.model import SCORES, Course, TrainingReview, TrainingSession


@dataclass(frozen=True)
class Average:
    """``scores`` is empty where nobody answered."""

    name: str
    answers: int
    scores: dict[str, float]

    @property
    def overall(self) -> float:
        return round(sum(self.scores.values()) / len(self.scores), 2) if self.scores else 0.0


@dataclass(frozen=True)
class Point:
    """One session in a chart."""

    code: str
    at: datetime
    average: Average


@dataclass(frozen=True)
class Trend:
    """Of a trainer or a course: all of it, and session by session, oldest first."""

    whole: Average
    points: list[Point] = field(default_factory=list)


def average_of(session: Session, training: TrainingSession) -> Average:
    query = _averages().where(TrainingReview.session_id == training.id)
    return _average(training.course.title, session.execute(query).one())


def trends_by_trainer(session: Session, *, sessions: int) -> list[Trend]:
    """Every trainer who was scored, best first, with the last so many of their sessions."""
    return _trends(session, Staff.name, (Staff, Staff.id == TrainingSession.trainer_id), sessions)


def trends_by_course(session: Session, *, sessions: int) -> list[Trend]:
    return _trends(session, Course.title, (Course, Course.id == TrainingSession.course_id), sessions)


def _trends(session: Session, name: Any, owner: tuple[Any, Any], sessions: int) -> list[Trend]:
    wholes = [_average(row[0], row[1:]) for row in session.execute(_joined(owner, name).group_by(name))]
    about = (name, TrainingSession.code, TrainingSession.starts_at)
    each = _joined(owner, *about).group_by(TrainingSession.id, *about).order_by(TrainingSession.starts_at)
    points: dict[str, list[Point]] = {}
    for row in session.execute(each):
        points.setdefault(row[0], []).append(Point(row[1], row[2], _average(row[0], row[3:])))
    ranked = sorted(wholes, key=lambda average: (-average.overall, average.name))
    return [Trend(whole, points.get(whole.name, [])[-sessions:]) for whole in ranked]


def _joined(owner: tuple[Any, Any], *columns: Any) -> Select[Any]:
    query = _averages(*columns).join(TrainingSession, TrainingSession.id == TrainingReview.session_id)
    return query.join(*owner)


def _averages(*by: Any) -> Select[Any]:
    means = [func.avg(getattr(TrainingReview, name)) for name in SCORES]
    answered = TrainingReview.answered_at.is_not(None)
    return select(*by, func.count(), *means).select_from(TrainingReview).where(answered)


def _average(name: str, row: Sequence[Any]) -> Average:
    answers, means = row[0], row[1:]
    scores = {key: round(float(mean), 2) for key, mean in zip(SCORES, means, strict=True) if mean is not None}
    return Average(name, answers, scores)

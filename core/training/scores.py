"""What a trainer, a course or a session was given: means of the five scores, 1–5, each over everybody who gave it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from core.media.model import Media
from core.staff.model import Staff
from core.training.model import SCORES, Course, TrainingReview, TrainingSession


@dataclass(frozen=True)
class Average:
    """``answers`` are questionnaires with a score, ``complete`` those with all five; ``given``: so many gave each score."""

    name: str
    answers: int
    complete: int
    scores: dict[str, float]  # empty where nobody answered
    given: dict[str, int]

    @property
    def overall(self) -> float | None:
        """The mean of the five means; None until each of them has a score, for of four it would be another figure."""
        return round(sum(self.scores.values()) / len(SCORES), 2) if len(self.scores) == len(SCORES) else None

    def is_below(self, limit: float) -> bool:
        return self.overall is not None and self.overall < limit


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
    """Of everybody who answered all five, the lead among them; a questionnaire left half way does not count."""
    query = _averages().where(TrainingReview.session_id == training.id)
    return _average(training.course.title, session.execute(query).one())


def lead_average(session: Session, training: TrainingSession) -> Average:
    """What the customer's lead gave; ``overall`` is None where they have not answered, or not all of it."""
    theirs = TrainingReview.session_id == training.id, TrainingReview.by == "lead"
    return _average("", session.execute(_averages().where(*theirs)).one())


def said_of(session: Session, training: TrainingSession) -> list[tuple[str, str]]:
    """What was said besides the scores, as (by, words); by is trainee or lead, never which trainee."""
    said = TrainingReview.session_id == training.id, TrainingReview.words.is_not(None)
    query = select(TrainingReview.by, TrainingReview.words).where(*said).order_by(TrainingReview.id)
    return [(by, words) for by, words in session.execute(query) if words]


def recordings_of(session: Session, training: TrainingSession) -> list[tuple[int, str, bool]]:
    """What was recorded on the telephone, as (review, by, whether it can be heard yet or still)."""
    query = select(TrainingReview.id, TrainingReview.by, Media.path).join(
        Media, Media.id == TrainingReview.recording_id
    )
    rows = session.execute(query.where(TrainingReview.session_id == training.id).order_by(TrainingReview.id))
    return [(number, by, path is not None) for number, by, path in rows]


def trends_by_trainer(session: Session, *, sessions: int) -> list[Trend]:
    """Every trainer who was scored, best first, with the last so many of their sessions."""
    return _trends(session, Staff.name, (Staff, Staff.id == TrainingSession.trainer_id), sessions)


def trends_by_course(session: Session, *, sessions: int) -> list[Trend]:
    """The same by course, over all its trainers."""
    return _trends(session, Course.title, (Course, Course.id == TrainingSession.course_id), sessions)


def _trends(session: Session, name: Any, owner: tuple[Any, Any], sessions: int) -> list[Trend]:
    wholes = [_average(row[0], row[1:]) for row in session.execute(_joined(owner, name).group_by(name))]
    about = (name, TrainingSession.code, TrainingSession.starts_at)
    each = (
        _joined(owner, *about)
        .group_by(TrainingSession.id, *about)
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )
    points: dict[str, list[Point]] = {}
    for row in session.execute(each):
        points.setdefault(row[0], []).append(Point(row[1], row[2], _average(row[0], row[3:])))
    ranked = sorted(wholes, key=lambda average: (-(average.overall or 0.0), average.name))
    return [Trend(whole, points.get(whole.name, [])[-sessions:]) for whole in ranked]


def _joined(owner: tuple[Any, Any], *columns: Any) -> Select[Any]:
    query = _averages(*columns).join(TrainingSession, TrainingSession.id == TrainingReview.session_id)
    return query.join(*owner)


def _averages(*by: Any) -> Select[Any]:
    columns = [getattr(TrainingReview, name) for name in SCORES]
    means, given = [func.avg(column) for column in columns], [func.count(column) for column in columns]
    counted = func.count(), func.count(TrainingReview.answered_at)
    began = or_(*(column.is_not(None) for column in columns))
    return select(*by, *counted, *means, *given).select_from(TrainingReview).where(began)


def _average(name: str, row: Sequence[Any]) -> Average:
    (answers, complete), means, given = row[:2], row[2 : 2 + len(SCORES)], row[2 + len(SCORES) :]
    scores = {key: round(float(mean), 2) for key, mean in zip(SCORES, means, strict=True) if mean is not None}
    return Average(name, answers, complete, scores, dict(zip(SCORES, given, strict=True)))

"""Courses: added, renamed, given usual times, retired and taken up again. What was held of one stays as it was."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.categories import CATEGORIES
from core.staff.model import Staff
from core.training.model import Course, TrainingSession

LONGEST = 200


class BadSession(Exception):
    """培训没有保存：{why}。"""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class CourseLine:
    """A course with how many of its sessions are planned and how many were held."""

    course: Course
    planned: int
    held: int


def add_course(session: Session, *, title: str, category: str, outline: str | None, at: datetime) -> Course:
    """A new course. BadSession."""
    course = Course(title=_titled(session, title), category=_known(category), outline=outline or None)
    course.created_at = at
    with _the_only_one(session):
        session.add(course)
    return course


def change_course(
    session: Session,
    course: Course,
    *,
    title: str,
    category: str,
    usual: tuple[time, time] | None,
) -> None:
    """Another title, product or usual times; sessions that are planned keep their product and times. BadSession."""
    title, category = _titled(session, title, but=course), _known(category)
    if usual is not None and usual[0] >= usual[1]:
        raise BadSession("times")
    with _the_only_one(session):
        course.title, course.category = title, category
        course.usual_from, course.usual_until = (f"{at:%H:%M}" for at in usual) if usual else (None, None)


def retire(course: Course, *, retired: bool) -> None:
    """No new session and nobody registers any more, or both again; records, scores and seats stay as they are."""
    course.active = not retired


def locked_course(session: Session, number: int) -> Course | None:
    """None for no such course; nobody else changes it until the transaction ends."""
    query = select(Course).where(Course.id == number).with_for_update()
    return session.scalars(query).first()


def course_lines(session: Session) -> list[CourseLine]:
    """Those that are taught first, by title."""
    counted = select(TrainingSession.course_id, TrainingSession.state, func.count())
    grouped = counted.group_by(TrainingSession.course_id, TrainingSession.state)
    many = {(course, state): count for course, state, count in session.execute(grouped)}
    courses = session.scalars(select(Course).order_by(Course.active.desc(), Course.title, Course.id))
    return [CourseLine(c, many.get((c.id, "planned"), 0), many.get((c.id, "held"), 0)) for c in courses]


def last_trainers(session: Session, courses: Iterable[Course]) -> dict[int, int]:
    """Course → who gave or gives the latest session of it and still works here."""
    query = select(TrainingSession.course_id, TrainingSession.trainer_id)
    query = query.join(Staff, Staff.id == TrainingSession.trainer_id).where(
        Staff.active,
        TrainingSession.state != "cancelled",
        TrainingSession.course_id.in_([course.id for course in courses]),
    )
    ordered = query.order_by(TrainingSession.starts_at, TrainingSession.id)
    return {course: trainer for course, trainer in session.execute(ordered) if trainer is not None}


def _titled(session: Session, title: str, *, but: Course | None = None) -> str:
    title = title.strip()
    if not title or len(title) > LONGEST:
        raise BadSession("title")
    same = session.scalar(select(Course.id).where(Course.title == title))
    if same is not None and (but is None or same != but.id):
        raise BadSession("same_title")
    return title


def _known(category: str) -> str:
    if category not in CATEGORIES:
        raise BadSession("category")
    return category


@contextmanager
def _the_only_one(session: Session) -> Iterator[None]:
    """Of two who choose the same title at once the database refuses one."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        raise BadSession("same_title") from error

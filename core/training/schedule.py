"""Courses and sessions: planned, changed, moved, called off. Whoever is enrolled is told once of each change."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.scene import Scene, issue
from core.groups.prepare import call_off, follow_move
from core.house import House
from core.promise.model import promise
from core.staff.model import Staff
from core.training.courses import LONGEST as LONGEST
from core.training.courses import BadSession as BadSession  # callers import them along with plan_session
from core.training.courses import add_course as add_course
from core.training.model import Course, TrainingSession
from core.training.news import announce, promise_word, remind
from core.training.roll import enrolled
from core.training.seats import free_seats, move_up
from core.training.times import attendance_window

LETTERS = "PX"  # 培训; the four digits behind it are what a telephone keys
MOST_SEATS = 2000
LONGEST_DAY = timedelta(hours=14)
FARTHEST = timedelta(days=10 * 365)  # beyond it the year was mistyped


@dataclass(frozen=True)
class Plan:
    """What a trainer fills in. Times are aware; ``lead_*`` is the customer's own contact."""

    course_id: int
    starts_at: datetime
    ends_at: datetime
    seats: int
    place: str
    lessons: int = 2
    lesson_minutes: int = 70
    break_minutes: int = 20
    category: str = ""
    organisation: str | None = None
    trainer_id: int | None = None
    head_id: int | None = None
    lead_name: str | None = None
    lead_phone: str | None = None
    group_ends_on: date | None = None


def plan_session(session: Session, house: House, plan: Plan, *, at: datetime) -> TrainingSession:
    """A new session with its code, its two scenes and the promise of what follows its end. BadSession."""
    course = session.get(Course, plan.course_id)
    if course is None:
        raise BadSession("course")
    if not course.active:
        raise BadSession("retired")
    _check(session, plan, at)
    if plan.ends_at <= at:
        raise BadSession("past")
    values = {**vars(plan), "category": plan.category or course.category}
    ends = house.local(plan.ends_at).date() + timedelta(days=house.book.policy("training")["group_days"])
    values["group_ends_on"] = plan.group_ends_on or ends
    training = TrainingSession(**values, code=_new_code(session), created_at=at)
    session.add(training)
    session.flush()
    facts = {"session": training.id}
    training.poster_token = issue(session, "training", facts, at=at, expires_at=plan.ends_at, once=False)
    closes = attendance_window(house, training)[1]
    training.attendance_token = issue(session, "check_in", facts, at=at, expires_at=closes, once=False)
    _promise_end(session, training)
    return training


def change_session(
    session: Session, house: House, training: TrainingSession, plan: Plan, *, at: datetime
) -> bool:
    """Take over what was edited; True when it was moved, which everybody enrolled is told once. BadSession.

    Nobody who has a seat loses it: fewer seats than are taken are refused. ``training`` is locked by the caller.
    """
    _check(session, plan, at)
    if training.state != "planned":
        raise BadSession("over")
    taken = training.seats - free_seats(session, training)
    if plan.seats < min(
        training.seats, taken
    ):  # more may be in the room than there are seats: what is, stays
        raise BadSession("fewer_seats")
    before = (training.starts_at, training.ends_at, training.place)
    for name, value in vars(plan).items():
        if name in ("category", "group_ends_on") and not value:
            continue
        setattr(training, name, value)
    moved = before != (plan.starts_at, plan.ends_at, plan.place)
    if moved:
        begins_anew = plan.starts_at != before[0]
        if plan.ends_at <= at or (begins_anew and plan.starts_at <= at):
            raise BadSession("past")
        training.revision += 1
        if training.group_ends_on and not plan.group_ends_on:  # its group lasts as long as it would have
            days = house.local(plan.starts_at).date() - house.local(before[0]).date()
            training.group_ends_on += days
        _move_scenes(session, house, training)
        _promise_end(session, training)
        follow_move(session, house, training, ended=before[1], at=at)
        _tell_all(session, house, training, "training.moved", at=at)
    move_up(session, house, training, at=at)
    return moved


def cancel_session(session: Session, house: House, training: TrainingSession, *, at: datetime) -> None:
    """Call it off and tell everybody enrolled once. BadSession."""
    if training.state != "planned":
        raise BadSession("over")
    training.state = "cancelled"
    training.revision += 1
    for token in (training.poster_token, training.attendance_token):
        if scene := session.get(Scene, token):
            scene.expires_at = at
    call_off(session, house, training, at=at)
    _tell_all(session, house, training, "training.cancelled", at=at)


def locked(session: Session, session_id: int) -> TrainingSession | None:
    """A session whose seats nobody else can give away until the transaction ends."""
    query = select(TrainingSession).where(TrainingSession.id == session_id)
    return session.scalars(query.with_for_update(of=TrainingSession)).first()


def _check(session: Session, plan: Plan, at: datetime) -> None:
    if plan.ends_at <= plan.starts_at or plan.ends_at - plan.starts_at > LONGEST_DAY:
        raise BadSession("times")
    if plan.starts_at - at > FARTHEST:
        raise BadSession("times")
    if not 1 <= plan.seats <= MOST_SEATS:
        raise BadSession("seats")
    if not plan.place.strip() or len(plan.place) > LONGEST:
        raise BadSession("place")
    shortest = plan.lessons < 1 or plan.lesson_minutes < 1 or plan.break_minutes < 0
    longest = max(plan.lessons, plan.lesson_minutes, plan.break_minutes) > LONGEST_DAY / timedelta(minutes=1)
    if shortest or longest:
        raise BadSession("lessons")
    if any(number and session.get(Staff, number) is None for number in (plan.trainer_id, plan.head_id)):
        raise BadSession("people")


def _new_code(session: Session) -> str:
    for digits in (4, 4, 4, 4, 5, 5, 6, 6):
        code = LETTERS + "".join(secrets.choice("0123456789") for _ in range(digits))
        if not code.strip(LETTERS + "0"):  # on a telephone 0 pressed again and again calls for help
            continue
        if not session.scalar(select(TrainingSession.id).where(TrainingSession.code == code)):
            return code
    raise RuntimeError("no free session code was found")


def _promise_end(session: Session, training: TrainingSession) -> None:
    key = f"training_ended:{training.id}:{training.revision}"
    payload = {"session": training.id, "revision": training.revision}
    promise(session, {"key": key, "kind": "training_ended", "due_at": training.ends_at, "payload": payload})


def _move_scenes(session: Session, house: House, training: TrainingSession) -> None:
    ends = {
        training.poster_token: training.ends_at,
        training.attendance_token: attendance_window(house, training)[1],
    }
    for token, moment in ends.items():
        if scene := session.get(Scene, token):
            scene.expires_at = moment


def _tell_all(
    session: Session, house: House, training: TrainingSession, wording: str, *, at: datetime
) -> None:
    for enrolment in enrolled(session, training, "registered", "waiting"):
        announce(session, training, enrolment, wording, at=at)
        if training.state == "planned" and enrolment.state == "registered":
            remind(session, house, training, enrolment, at=at)
        elif training.state == "planned":
            promise_word(session, training, enrolment)

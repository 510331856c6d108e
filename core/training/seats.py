"""Seats: taken, waited for, given back. The session's row is locked first, so the last seat goes to exactly one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.house import House
from core.training.model import SEATED, Enrolment, TrainingSession
from core.training.news import announce, promise_word, remind
from core.training.roll import enrolled


@dataclass(frozen=True)
class Trainee:
    """Who wants a seat; ``customer_id`` is None for names from a list."""

    name: str
    phone: str | None = None
    organisation: str | None = None
    customer_id: int | None = None


class NoSeat(Exception):
    """Nobody can register; ``why`` is over, cancelled, retired or taken (somebody else registered with this number)."""

    def __init__(self, why: str) -> None:
        super().__init__(f"no seat: {why}")
        self.why = why


def enrol(
    session: Session, house: House, training: TrainingSession, trainee: Trainee, *, via: str, at: datetime
) -> Enrolment:
    """A seat, or a place on the waiting list, as long as it is not over; whoever is enrolled stays as they are. NoSeat."""
    lock(session, training)
    open_until(training, at)
    return take_seat(session, house, training, trainee, via=via, at=at)


def take_seat(
    session: Session, house: House, training: TrainingSession, trainee: Trainee, *, via: str, at: datetime
) -> Enrolment:
    """The same at any time; the session's row is locked by the caller. NoSeat: the number is somebody else's."""
    row = _theirs(session, training, trainee)
    if row is not None and row.state != "cancelled":
        return _known(row, trainee)
    state = "registered" if free_seats(session, training) > 0 else "waiting"
    last = _last(session, training)
    if row is None:
        row = Enrolment(session_id=training.id, created_at=at)
        session.add(row)
    else:
        row.round += 1
    row.name, row.phone, row.organisation = trainee.name, trainee.phone, trainee.organisation
    row.customer_id = trainee.customer_id or row.customer_id
    row.state, row.via, row.changed_at = state, via, at
    row.position = last + 1
    session.flush()
    if state == "registered":
        remind(session, house, training, row, at=at)
    elif training.starts_at > at:
        promise_word(session, training, row)
    return row


def withdraw(
    session: Session, house: House, training: TrainingSession, enrolment: Enrolment, *, at: datetime
) -> bool:
    """Give a seat back; the first who waits moves up. False when there was nothing to give back."""
    lock(session, training)
    session.refresh(enrolment)
    if enrolment.state not in ("registered", "waiting"):
        return False
    enrolment.state, enrolment.changed_at = "cancelled", at
    session.flush()
    move_up(session, house, training, at=at)
    return True


def move_up(session: Session, house: House, training: TrainingSession, *, at: datetime) -> list[Enrolment]:
    """Give free seats to those who wait, in order, and have each of them told."""
    lock(session, training)
    if training.state != "planned" or training.starts_at <= at:
        return []
    free = free_seats(session, training)
    lucky = list(enrolled(session, training, "waiting"))[: max(0, free)]
    for row in lucky:
        row.state, row.changed_at = "registered", at
        announce(session, training, row, "training.moved_up", at=at)
        remind(session, house, training, row, at=at)
    session.flush()
    return lucky


def lock(session: Session, training: TrainingSession) -> None:
    """Nobody else counts or takes seats until the transaction ends."""
    session.flush()
    session.refresh(training, with_for_update={"of": TrainingSession})


def open_until(training: TrainingSession, at: datetime) -> None:
    """NoSeat where nobody registers any more."""
    if training.state == "cancelled":
        raise NoSeat("cancelled")
    if training.state != "planned" or training.ends_at <= at:
        raise NoSeat("over")
    if not training.course.active:
        raise NoSeat("retired")


def free_seats(session: Session, training: TrainingSession) -> int:
    """Below 0 where walk-ins came to a full room. True only as long as the session is locked."""
    taken = select(func.count()).where(Enrolment.session_id == training.id, Enrolment.state.in_(SEATED))
    return training.seats - (session.scalar(taken) or 0)


def queue_position(session: Session, enrolment: Enrolment) -> int:
    """1 for who moves up next."""
    before = select(func.count()).where(
        Enrolment.session_id == enrolment.session_id,
        Enrolment.state == "waiting",
        Enrolment.position < enrolment.position,
    )
    return (session.scalar(before) or 0) + 1


def _theirs(session: Session, training: TrainingSession, trainee: Trainee) -> Enrolment | None:
    """The row of this person. A row from a list belongs to whoever tells its number and its name."""
    same = [
        column == value
        for column, value in (
            (Enrolment.customer_id, trainee.customer_id),
            (Enrolment.phone, trainee.phone),
        )
        if value
    ]
    if not same:
        return None
    rows = list(session.scalars(select(Enrolment).where(Enrolment.session_id == training.id, or_(*same))))
    if not rows:
        return None
    mine = next((r for r in rows if trainee.customer_id and r.customer_id == trainee.customer_id), None)
    other = next((r for r in rows if r is not mine), None)
    if mine is not None and other is None:
        return mine
    if other is None or mine is not None or not _same_person(other, trainee):
        raise NoSeat("taken")
    return other


def _same_person(row: Enrolment, trainee: Trainee) -> bool:
    """The same account, or the same name where only one of the two has an account: a school may have one number."""
    if trainee.customer_id is not None and row.customer_id is not None:
        return row.customer_id == trainee.customer_id
    return "".join(row.name.split()) == "".join(trainee.name.split())


def _known(row: Enrolment, trainee: Trainee) -> Enrolment:
    row.customer_id = row.customer_id or trainee.customer_id
    row.organisation = row.organisation or trainee.organisation
    return row


def _last(session: Session, training: TrainingSession) -> int:
    return (
        session.scalar(select(func.max(Enrolment.position)).where(Enrolment.session_id == training.id)) or 0
    )

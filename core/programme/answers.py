"""What customers answer to a plan's questions lands in its case, where the answers to surveys land (E3, E5)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.case import answered
from core.care.model import FollowUp
from core.care.notice import device_words
from core.care.outcome import complain
from core.care.rating import BAD
from core.care.tasks import call_off_for_case
from core.customer.model import Customer, Device
from core.house import House
from core.programme.plan import Plan
from core.programme.words import questions_of
from core.ticket.model import Ticket

WELL, TROUBLE, REFUSED, STOPPED = "fixed", "not_fixed", "refused", "stopped"


def case_of(session: Session, customer: Customer, key: str) -> FollowUp | None:
    """The customer's own case; nobody answers another's."""
    case = session.scalars(select(FollowUp).where(FollowUp.key == key)).first()
    return case if case is not None and case.customer_id == customer.id else None


def left_to_ask(session: Session, house: House, case: FollowUp, after: str) -> str | None:
    """The next question of this contact, of all the plans that were asked together in it."""
    along = session.scalars(select(FollowUp.plan).where(FollowUp.asked_with == case.key))
    plans = [plan for name in (case.plan, *along) if (plan := house.book.plan(name)) is not None]
    questions = questions_of(plans)
    later = questions[questions.index(after) + 1 :] if after in questions else []
    return later[0] if later else None


def device_of(session: Session, case: FollowUp) -> Device | None:
    """The device that a case is about, if any."""
    return session.get(Device, case.device_id) if case.device_id else None


def well(session: Session, case: FollowUp, *, at: datetime) -> None:
    """Everything is fine: the case ends."""
    _close(session, case, WELL, at)


def no_more(session: Session, case: FollowUp, *, at: datetime) -> None:
    """The plan's stop condition from now on."""
    _close(session, case, REFUSED, at)


def not_used(session: Session, case: FollowUp, *, at: datetime) -> None:
    """The device is retired: no plan asks about it again."""
    device = device_of(session, case)
    if device is not None:
        device.retired_at = device.retired_at or at
    _close(session, case, STOPPED, at)


def scored(
    session: Session, house: House, case: FollowUp, score: int, *, at: datetime, actor: str
) -> Ticket | None:
    """Keep 1–5; a bad one is a complaint, which is returned."""
    known = case.outcome == TROUBLE
    _close(session, case, TROUBLE if score <= BAD or known else WELL, at, score=score)
    return trouble(session, house, case, at=at, actor=actor) if score <= BAD and not known else None


def trouble(
    session: Session, house: House, case: FollowUp, *, at: datetime, actor: str, words: str = ""
) -> Ticket:
    """What does not work becomes a complaint, and the head is pushed (E3)."""
    _close(session, case, TROUBLE, at, comment=words or None)
    plan, device = house.book.plan(case.plan), device_of(session, case)
    thing = (
        device_words(house, device.category, device.brand, "zh") if device else house.book.text("word.device")
    )
    title = plan.title if isinstance(plan, Plan) else case.plan
    told = words or house.book.text("plan.trouble_told", plan=title, device=thing)
    customer = session.get_one(Customer, case.customer_id)
    return complain(session, house, customer, told, at=at, actor=actor)


def commented(session: Session, case: FollowUp, words: str, *, at: datetime) -> None:
    """Free words; whoever says something has answered."""
    comment = f"{case.comment}\n{words}" if case.comment else words
    _close(session, case, case.outcome or WELL, at, comment=comment)


def _close(session: Session, case: FollowUp, outcome: str, at: datetime, **answer: object) -> None:
    answered(session, case.key, at=at, outcome=outcome, **answer)
    call_off_for_case(session, case.key, at=at, why="answered")

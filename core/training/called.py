"""A trainee whom no chat reaches is called: by our machine, else by a person from the call list.

It is about their own seat, so neither the weekly cap nor opting out holds it up; quiet hours do.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.call.limits import NoCall
from core.call.model import Call
from core.call.outbound import place_call
from core.care.model import CallTask
from core.care.tasks import put_on_list
from core.customer.model import Customer
from core.house import House
from core.promise.model import Promise
from core.staff.push import push
from core.training.model import Enrolment, TrainingSession
from core.training.times import session_words

PURPOSE = "training_news"


@dataclass(frozen=True)
class News:
    """What one trainee is to be told; ``name`` is listed, moved, moved_up, cancelled or remind_day."""

    name: str
    enrolment: Enrolment
    training: TrainingSession

    @property
    def stale(self) -> bool:
        """Whether the seat was given back meanwhile, or there is nothing to come to any more."""
        here = self.enrolment.state in ("registered", "waiting")
        return not here or (self.training.state != "planned" and self.name != "cancelled")

    def says(self, house: House, key: str, language: str) -> str:
        """The whole of what the call says: ``key`` is the frame (who is called, which keys), the news stands in the middle."""
        words = session_words(house, self.training, language)
        what = house.book.text(f"call.training.{self.name}", language, **words)
        return house.book.text(key, language, name=self.enrolment.name, what=what, code=self.training.code)


def news_of(session: Session, call: Call) -> News:
    """What a call of ours was placed to tell."""
    facts = (call.order or {})["facts"]
    enrolment = session.get_one(Enrolment, facts["enrolment"])
    return News(facts["news"], enrolment, session.get_one(TrainingSession, enrolment.session_id))


def call_trainee(
    session: Session, house: House, row: Promise, news: News, *, at: datetime
) -> datetime | None:
    """None when a call is placed or on the list; else when to try again."""
    enrolment = news.enrolment
    if enrolment.phone is None:
        row.status, row.ended_at, row.reason = "cancelled", at, "neither a chat nor a number is known"
        return None
    customer = file_of(session, enrolment.phone, enrolment.name, at=at)
    placed = place_call(session, house, purpose="training_news", phone=enrolment.phone, at=at, key=row.key,
                        customer=customer, enrolment=enrolment.id, news=news.name)  # fmt: skip
    if not isinstance(placed, NoCall):
        row.reason = "no chat reaches them: we call"
    elif placed.again is not None and placed.again < news.training.starts_at:
        row.reason = placed.why
        return placed.again
    else:
        row.reason = f"handed to a person: {placed.why}"
        by_a_person(session, house, news, key=row.key, why=placed.why, at=at)
    return None


def by_a_person(session: Session, house: House, news: News, *, key: str, why: str, at: datetime) -> None:
    """A call on the list in place of an older one for the same seat; the desk hears once of all of a session."""
    enrolment, training = news.enrolment, news.training
    if enrolment.phone is None or news.stale:
        return
    customer = file_of(session, enrolment.phone, enrolment.name, at=at)
    mine = f"call:{PURPOSE}:{enrolment.id}:"
    older = CallTask.customer_id == customer.id, CallTask.key.startswith(mine), CallTask.state == "open"
    session.execute(
        update(CallTask).where(*older).values(state="called_off", outcome="newer news", ended_at=at)
    )
    text = news.says(
        house, f"call.say.{'training_off' if news.name == 'cancelled' else PURPOSE}", customer.language
    )
    added = put_on_list(session, key=f"{mine}{key}", customer_id=customer.id, phone=enrolment.phone,
                        purpose=PURPOSE, text=text, why=why, at=at)  # fmt: skip
    if added:
        push(session, house, key=f"training_calls:{news.name}:{training.id}:{training.revision}", audience="desk",
             wording="push.training_calls", at=at, **session_words(house, training, "zh"))  # fmt: skip


def file_of(session: Session, phone: str, name: str | None, *, at: datetime) -> Customer:
    """The file of who has a number, who proved it first; a new one where nobody has."""
    known = select(Customer).where(Customer.phone == phone, Customer.merged_into.is_(None))
    found = session.scalars(known.order_by(Customer.phone_verified_at.is_(None), Customer.id)).first()
    if found is None:
        found = Customer(name=name, phone=phone, created_at=at)
        session.add(found)
        session.flush()
    return found

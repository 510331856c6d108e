"""Who is concerned by which plan: devices, customers, launches; finished services and sessions held, as they happen."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer, Device
from core.house import House
from core.programme.event import event_of
from core.programme.model import ProductLaunch
from core.programme.occurrence import Occurrence, Subject, foreseen, promise_all
from core.programme.plan import DEVICES, Plan
from core.ticket.model import Ticket

# Plans after a moment have an end: all of them is what lies within a life.
_ALL = timedelta(days=366 * 40)


def ahead(house: House) -> timedelta:
    """How far ahead occurrences are promised, so that they are seen in the calendar of what falls due."""
    return timedelta(days=house.book.policy("programme")["ahead_days"])


def launches_of(session: Session) -> list[ProductLaunch]:
    """The oldest first."""
    return list(session.scalars(select(ProductLaunch).order_by(ProductLaunch.launched_on, ProductLaunch.id)))


def of_devices(
    house: House,
    plans: Iterable[Plan],
    pairs: Iterable[tuple[Device, Customer]],
    launches: list[ProductLaunch],
    *,
    since: datetime,
    until: datetime,
) -> Iterator[Occurrence]:
    """What the plans have in store for devices that are in use."""
    months, every = house.book.policy("warranty_months"), list(plans)
    for device, customer in pairs:
        for plan in every:
            event = event_of(plan, device, warranty_months=months, launches=launches)
            if event is not None and _concerned(plan, customer, device):
                subject = Subject(f"d{device.id}", customer.id, device.id, category=device.category)
                yield from foreseen(house, plan, subject, event, since=since, until=until)


def _concerned(plan: Plan, customer: Customer, device: Device | None = None) -> bool:
    if device is not None and device.retired_at is not None:
        return False
    if plan.action == "ask" and customer.opted_out_at is not None:
        return False
    category, model = (device.category, device.model) if device else (None, None)
    return plan.who.takes(contract=customer.contract, category=category, model=model)


def of_customers(
    house: House, plans: Iterable[Plan], customers: Iterable[Customer], *, since: datetime, until: datetime
) -> Iterator[Occurrence]:
    """What the calendar plans have in store for customers."""
    dated = [(plan, plan.starts_on) for plan in plans if plan.trigger == "calendar" and plan.starts_on]
    for customer in customers:
        for plan, starts_on in dated:
            if _concerned(plan, customer):
                subject = Subject(f"c{customer.id}", customer.id)
                yield from foreseen(house, plan, subject, starts_on, since=since, until=until)


def of_launches(
    house: House,
    plans: Iterable[Plan],
    launches: Iterable[ProductLaunch],
    *,
    since: datetime,
    until: datetime,
) -> Iterator[Occurrence]:
    """The daily reports on what is newly on the market."""
    reports = [plan for plan in plans if plan.trigger == "launch" and plan.action == "report"]
    for launch in launches:
        subject = Subject(f"l{launch.id}", launch_id=launch.id, category=launch.category)
        for plan in reports:
            last = min(until, plan.moment(launch.watched_until, house.zone))
            yield from foreseen(house, plan, subject, launch.launched_on, since=since, until=last)


def device_known(session: Session, house: House, device: Device, *, at: datetime) -> int:
    """A sale, a delivery or a purchase date came to be known: what follows from it soon is promised at once."""
    customer = session.get_one(Customer, device.customer_id)
    plans = house.book.plans(*DEVICES, "launch")
    until = at + ahead(house)
    found = of_devices(house, plans, [(device, customer)], launches_of(session), since=at, until=until)
    return promise_all(session, house, found)


def after_service(session: Session, house: House, plan: Plan, ticket: Ticket, *, at: datetime) -> None:
    """What a plan has in store after a finished service, beside its follow-up and survey."""
    name = f"t{ticket.number}r{ticket.round}"
    subject = Subject(
        name, ticket.customer_id, ticket.device_id, ticket_id=ticket.id, category=ticket.category
    )
    promise_all(session, house, foreseen(house, plan, subject, at, since=at, until=at + _ALL))


def training_held(
    session: Session, house: House, number: int, category: str, people: Iterable[Customer], *, at: datetime
) -> None:
    """What is planned after training session ``number``, for those who attended."""
    plans = house.book.plans("training_held")
    for customer in people:
        subject = Subject(f"s{number}c{customer.id}", customer.id, category=category)
        for plan in plans:
            if plan.who.takes(contract=customer.contract, category=category):
                promise_all(session, house, foreseen(house, plan, subject, at, since=at, until=at + _ALL))

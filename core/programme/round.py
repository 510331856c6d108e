"""The daily round: every plan against every device, customer and launch; what falls due soon becomes a promise.

A round may be done twice or late: what it promises has keys, and it looks from where the one before it began.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.customer.model import Customer, Device
from core.house import House
from core.programme.foresee import ahead, launches_of, of_customers, of_devices, of_launches
from core.programme.occurrence import Occurrence, promise_all
from core.programme.plan import DEVICES, Plan
from core.promise.model import Promise, promise

KIND = "plan_round"
PAGE = 200  # rows of one transaction
PAUSE = timedelta(seconds=1)  # between two pages: what falls due meanwhile is not held up
_DATED = or_(Device.sold_on.is_not(None), Device.delivered_on.is_not(None), Device.purchase_date.is_not(None))
# One page: the occurrences found, and the id to go on after, None when this part has been gone through.
Page = tuple[Iterable[Occurrence], int | None]


def key_of(house: House, at: datetime) -> str:
    """One round a day, by the house's calendar."""
    return f"{KIND}:{house.local(at).date()}"


def begin(house: House) -> bool:
    """Promise today's round unless it is promised; an elected clock asks this every minute."""
    at = house.clock.now()
    with house.database.reading() as session:
        if session.scalar(select(Promise.id).where(Promise.key == key_of(house, at))) is not None:
            return False
    with house.database.session() as session:
        promise(session, _round(house, at, since=at))
        session.commit()
    return True


def again_for(session: Session, house: House, plan: str, *, at: datetime) -> None:
    """A plan was edited or switched on: what it has in store is promised now, not tomorrow."""
    row = _round(house, at, since=at)
    key, payload = f"{KIND}:{plan}:{at.isoformat()}", {"since": at.isoformat(), "plan": plan}
    promise(session, row | {"key": key, "payload": payload})


def keep_plan_round(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """One page of the round, and at once the next; after the last one tomorrow's round is promised."""
    told = row.payload
    only = told.get("plan")
    plans = [plan for plan in house.book.plans() if only in (None, plan.name)]
    names = list(PARTS)
    part = told.get("part", names[0])
    since, until = datetime.fromisoformat(told["since"]), now + ahead(house)
    found, after = PARTS[part](session, house, plans, told.get("after", 0), since, until)
    promise_all(session, house, found)
    if after is None and part != names[-1]:
        part, after = names[names.index(part) + 1], 0
    if after is not None:
        row.payload = {**told, "part": part, "after": after, "began": told.get("began", now.isoformat())}
        return now + PAUSE
    if only is None:
        began = datetime.fromisoformat(told.get("began", now.isoformat()))
        promise(session, _round(house, _tomorrow(house, now), since=began))
    return None


def _round(house: House, at: datetime, *, since: datetime) -> dict[str, object]:
    return {
        "key": key_of(house, at),
        "kind": KIND,
        "due_at": at,
        "payload": {"since": since.isoformat()},
    }


def _tomorrow(house: House, now: datetime) -> datetime:
    hour = time.fromisoformat(house.book.policy("programme")["round_at"])
    day = house.local(now).date() + timedelta(days=1)
    return datetime.combine(day, hour, house.zone).astimezone(now.tzinfo)


def _devices(
    session: Session, house: House, plans: list[Plan], after: int, since: datetime, until: datetime
) -> Page:
    mine = [plan for plan in plans if plan.trigger in (*DEVICES, "launch")]
    if not mine:
        return (), None
    query = (
        select(Device, Customer)
        .join(Customer, Customer.id == Device.customer_id)
        .where(Device.id > after, Device.retired_at.is_(None), Customer.merged_into.is_(None), _DATED)
    )
    pairs = [(row[0], row[1]) for row in session.execute(query.order_by(Device.id).limit(PAGE))]
    found = of_devices(house, mine, pairs, launches_of(session), since=since, until=until)
    return found, pairs[-1][0].id if len(pairs) == PAGE else None


def _customers(
    session: Session, house: House, plans: list[Plan], after: int, since: datetime, until: datetime
) -> Page:
    mine = [plan for plan in plans if plan.trigger == "calendar"]
    if not mine:
        return (), None
    query = select(Customer).where(
        Customer.id > after, Customer.merged_into.is_(None), Customer.opted_out_at.is_(None)
    )
    named = {name for plan in mine for name in plan.who.contracts}
    if all(plan.who.contracts and "standard" not in plan.who.contracts for plan in mine):
        query = query.where(Customer.contract.in_(named))
    people = session.scalars(query.order_by(Customer.id).limit(PAGE)).all()
    found = of_customers(house, mine, people, since=since, until=until)
    return found, people[-1].id if len(people) == PAGE else None


def _launches(
    session: Session, house: House, plans: list[Plan], after: int, since: datetime, until: datetime
) -> Page:
    return of_launches(house, plans, launches_of(session), since=since, until=until), None


PARTS: dict[str, Callable[[Session, House, list[Plan], int, datetime, datetime], Page]] = {
    "devices": _devices,
    "customers": _customers,
    "launches": _launches,
}

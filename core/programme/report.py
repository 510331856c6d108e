"""The daily report on a product newly on the market (E2): what was sold, reported and said of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.care.model import FollowUp
from core.customer.model import Device
from core.house import House
from core.programme.model import ProductLaunch
from core.programme.plan import Plan
from core.staff.push import push
from core.ticket.model import Ticket

_DAY = timedelta(days=1)
_SYMPTOMS = 3


def report(
    session: Session, house: House, plan: Plan, launch: ProductLaunch, *, key: str, at: datetime
) -> None:
    """Pushed to the department head once a day."""
    push(session, house, key=key, audience="head", wording="push.launch_report", at=at, plan=plan.title,
         **figures(session, house, launch, at=at))  # fmt: skip


def figures(session: Session, house: House, launch: ProductLaunch, *, at: datetime) -> dict[str, Any]:
    """Devices on file, tickets since the launch and in the last 24 h with their symptoms, and what owners answered."""
    devices, tickets = _of(Device, launch), _of(Ticket, launch)
    since = datetime.combine(launch.launched_on, datetime.min.time(), house.zone)
    opened = [*tickets, Ticket.kind == "repair", Ticket.opened_at >= since]
    symptoms = select(Ticket.symptom, func.count()).where(*opened, Ticket.symptom.is_not(None))
    most = session.execute(
        symptoms.group_by(Ticket.symptom).order_by(func.count().desc(), Ticket.symptom).limit(_SYMPTOMS)
    )
    owned = select(Device.id).where(*devices)
    answers = [FollowUp.device_id.in_(owned), FollowUp.answered_at >= since]
    return {
        "product": product(house, launch),
        "sold": _count(session, Device.id, [*devices, Device.sold_on >= launch.launched_on]),
        "today": _count(session, Ticket.id, [*opened, Ticket.opened_at > at - _DAY]),
        "tickets": _count(session, Ticket.id, opened),
        "symptoms": "、".join(f"{house.book.label('symptom', row[0])} {row[1]}" for row in most) or "—",
        "answers": _count(session, FollowUp.id, answers),
        "trouble": _count(session, FollowUp.id, [*answers, FollowUp.outcome == "not_fixed"]),
    }


def product(house: House, launch: ProductLaunch, language: str = "zh") -> str:
    """As people write it: 美的 空调 KFR-35GW."""
    parts = (launch.brand, house.book.label("category", launch.category, language), launch.model)
    return " ".join(part for part in parts if part)


def _of(model: Any, launch: ProductLaunch) -> list[ColumnElement[bool]]:
    named = ((model.brand, launch.brand), (model.model, launch.model))
    return [model.category == launch.category, *(column == value for column, value in named if value)]


def _count(session: Session, what: Any, which: Iterable[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count(what)).where(*which)) or 0

"""An occurrence of a plan: one promise, kept once, and where a customer is asked a case of the follow-up figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from core.care.model import FollowUp
from core.house import House
from core.programme.plan import Plan
from core.promise.calendar import QuietHours
from core.promise.model import promise

KIND = "plan"
Event = date | datetime
_CASES = cast(Table, FollowUp.__table__)


@dataclass(frozen=True)
class Subject:
    """Whom or what it is about; ``key`` names it within the plan: d12 a device, c5 a customer, l3 a launch."""

    key: str
    customer_id: int | None = None
    device_id: int | None = None
    launch_id: int | None = None
    ticket_id: int | None = None
    category: str | None = None


@dataclass(frozen=True)
class Occurrence:
    """``event`` is the day it counts from, ``moment`` when it falls due."""

    plan: Plan
    subject: Subject
    event: Event
    moment: datetime

    @property
    def key(self) -> str:
        """A day's event has one occurrence a day: an edit of the plan's hour must not ask again."""
        when = f"{self.moment:%Y-%m-%d}" + (
            f"T{self.moment:%H%M}" if isinstance(self.event, datetime) else ""
        )
        return f"plan:{self.plan.name}:{self.subject.key}:{when}"

    @property
    def payload(self) -> dict[str, Any]:
        """What the promise keeps, so that it can be checked again when it falls due."""
        about = {"device": self.subject.device_id, "customer": self.subject.customer_id}
        about["launch"] = self.subject.launch_id
        told = {"plan": self.plan.name, "event": self.event.isoformat(), "moment": self.moment.isoformat()}
        return told | {name: value for name, value in about.items() if value is not None}


def foreseen(
    house: House, plan: Plan, subject: Subject, event: Event, *, since: datetime, until: datetime
) -> list[Occurrence]:
    """What falls due after ``since`` and up to ``until``."""
    moments = plan.dates(event, since=since, until=until, zone=house.zone)
    return [Occurrence(plan, subject, event, moment) for moment in moments]


def promise_all(session: Session, house: House, found: Iterable[Occurrence]) -> int:
    """Promise each once, however often it is foreseen; returns how many were looked at."""
    every = list(found)
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    promise(
        session,
        *(
            {
                "key": one.key,
                "kind": KIND,
                "due_at": quiet.after(one.moment),
                "ticket_id": one.subject.ticket_id,
                "payload": one.payload,
            }
            for one in every
        ),
    )
    _begin_cases(session, [_case(one) for one in every if one.plan.action == "ask"])
    return len(every)


def _case(one: Occurrence) -> dict[str, Any]:
    return {
        "key": one.key,
        "plan": one.plan.name,
        "customer_id": one.subject.customer_id,
        "device_id": one.subject.device_id,
        "category": one.subject.category,
        "started_at": one.moment,
        "due_at": one.plan.due_by(one.moment),
        "tries": 0,
        "history": [],
    }


def _begin_cases(session: Session, cases: list[dict[str, Any]]) -> None:
    if cases:
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
        session.execute(insert(_CASES).on_conflict_do_nothing(index_elements=["key"]), cases)

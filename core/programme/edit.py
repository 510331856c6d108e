"""Editing the programme: plans are added, changed and switched; each save is a version and takes effect at once (H3)."""

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core.categories import CATEGORIES
from core.house import House
from core.knowledge.revisions import contents, keep
from core.programme.foresee import ahead, of_launches
from core.programme.model import FollowUpPlan, ProductLaunch
from core.programme.occurrence import promise_all
from core.programme.plan import BadPlan, Plan
from core.programme.round import again_for
from core.staff.refusal import Refused

_NAME = re.compile(r"(?!do$)[a-z][a-z0-9_]{0,39}")  # do is an address of the page
_LONGEST_WATCH = 3 * 366  # days


def read(row: dict[str, Any]) -> Plan:
    """The plan that these columns describe; Refused in the words of the house."""
    try:
        return Plan.of(row)
    except BadPlan as bad:
        raise Refused(f"plan.bad.{bad.why}", **bad.values) from bad


def save_plan(
    session: Session, house: House, row: dict[str, Any], *, new: bool, by: str, at: datetime
) -> FollowUpPlan:
    """Add or change a plan and promise what it has in store. Refused, and nothing is stored."""
    name = str(row.get("name") or "")
    if not _NAME.fullmatch(name):
        raise Refused("plan.bad.name")
    read(row)
    stored = session.get(FollowUpPlan, name)
    if new and stored is not None:
        raise Refused("plan.bad.taken", name=name)
    before = contents(stored) if stored is not None else None
    if stored is None:
        stored = FollowUpPlan(name=name)
        session.add(stored)
    for column, value in row.items():
        setattr(stored, column, value)
    session.flush()
    _kept(session, house, stored, before, by=by, at=at)
    return stored


def switch(session: Session, house: House, name: str, *, active: bool, by: str, at: datetime) -> bool:
    """On or off; what is promised already is left out while it is off. False when there is no such plan."""
    stored = session.get(FollowUpPlan, name)
    if stored is None:
        return False
    before = contents(stored)
    stored.active = active
    session.flush()
    _kept(session, house, stored, before, by=by, at=at)
    return True


def _kept(
    session: Session,
    house: House,
    stored: FollowUpPlan,
    before: dict[str, Any] | None,
    *,
    by: str,
    at: datetime,
) -> None:
    keep(session, f"plan:{stored.name}", contents(stored), by=by, before=before)
    if stored.active:
        again_for(session, house, stored.name, at=at)


def add_launch(
    session: Session,
    house: House,
    *,
    category: str,
    brand: str | None,
    model: str | None,
    launched_on: date,
    watched_until: date,
    by: str,
    at: datetime,
) -> ProductLaunch:
    """A product newly on the market: its reports begin, and its owners are asked. Refused."""
    if category not in CATEGORIES:
        raise Refused("sale.bad.category", category=category or "—")
    if not 0 <= (watched_until - launched_on).days <= _LONGEST_WATCH:
        raise Refused("plan.bad.range")
    launch = ProductLaunch(
        category=category,
        brand=brand,
        model=model,
        launched_on=launched_on,
        watched_until=watched_until,
        created_by=by,
        created_at=at,
    )
    session.add(launch)
    session.flush()
    plans = house.book.plans("launch")
    promise_all(session, house, of_launches(house, plans, [launch], since=at, until=at + ahead(house)))
    for plan in plans:
        again_for(session, house, plan.name, at=at)
    return launch

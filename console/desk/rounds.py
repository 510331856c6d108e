"""From the form of a new round to what the core plans."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from console.desk.training import field, lines
from core.categories import CATEGORIES
from core.rounds.choose import BadRound, Place, devices_of, typed
from core.rounds.plan import RoundPlan


def round_from(session: Session, form: Any) -> RoundPlan:
    """A full or sampled round looks at the devices on file, a checked one at the list that was typed. BadRound."""
    kind, category = field(form, "kind"), field(form, "category") or None
    if category is not None and category not in CATEGORIES:
        raise BadRound("category")
    size = field(form, "size")
    return RoundPlan(
        field(form, "title"),
        kind,
        _places(session, form, kind, category),
        day_of(form, "first_day"),
        day_of(form, "last_day"),
        goes=tuple(str(name) for name in form.getlist("goes")),
        category=category,
        size=int(size) if size.isdecimal() and len(size) < 6 else 0,
    )


def _places(session: Session, form: Any, kind: str, category: str | None) -> list[Place]:
    if kind == "checked" or field(form, "places"):
        return typed(lines(form, "places"))
    return devices_of(session, category=category or "", area=field(form, "area"))


def day_of(form: Any, name: str) -> date:
    """BadRound for what is no ISO date."""
    try:
        return date.fromisoformat(field(form, name))
    except ValueError as wrong:
        raise BadRound("days") from wrong

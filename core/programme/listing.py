"""The surveys and follow-ups of a customer, for people and scripts: asked when and how, answered what, and what comes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.case import COMPLETED
from core.care.model import FollowUp
from core.customer.model import Device
from core.house import House
from core.promise.model import Promise
from core.ticket.model import Ticket

MOST = 200
_OF_A_SERVICE = ("follow_up:", "survey:", "survey_unanswered:")


def follow_ups_of(session: Session, house: House, customer_ids: Collection[int]) -> list[dict[str, Any]]:
    """Newest first; ``state`` is planned, asked, answered or stopped. Times are ISO 8601 in the house's zone."""
    query = (
        select(FollowUp, Ticket.number, Device)
        .outerjoin(Ticket, Ticket.id == FollowUp.ticket_id)
        .outerjoin(Device, Device.id == FollowUp.device_id)
        .where(FollowUp.customer_id.in_(customer_ids))
        .order_by(FollowUp.started_at.desc(), FollowUp.id.desc())
    )
    rows = session.execute(query.limit(MOST)).all()
    promised = _promised(session, [case.key for case, _, _ in rows])
    return [_record(house, case, number, device, promised.get(case.key)) for case, number, device in rows]


def _promised(session: Session, cases: list[str]) -> dict[str, Promise]:
    """The promise that speaks for each case: the next that is pending, else the last that was kept or called off."""
    of = {prefix + case: case for case in cases for prefix in ("", *_OF_A_SERVICE, "plan_unanswered:")}
    rows = session.scalars(select(Promise).where(Promise.key.in_(of)).order_by(Promise.due_at, Promise.id))
    found: dict[str, Promise] = {}
    for row in rows:
        before = found.get(of[row.key])
        if before is None or before.status != "pending":
            found[of[row.key]] = row
    return found


def state_of(case: FollowUp, promised: Promise | None) -> str:
    """A plan's case is stopped where its promise was called off before anybody was asked."""
    own = promised is not None and promised.key == case.key
    off = own and promised is not None and promised.status == "cancelled" and case.asked_at is None
    if case.outcome == "stopped" or off:
        return "stopped"
    if case.answered_at is not None or case.outcome is not None:
        return "answered"
    return "asked" if case.asked_at is not None else "planned"


def _record(
    house: House, case: FollowUp, number: str | None, device: Device | None, promised: Promise | None
) -> dict[str, Any]:
    def iso(name: str) -> str | None:
        at = getattr(case, name)
        return house.local(at).isoformat(timespec="seconds") if at is not None else None

    plan = house.book.plan("follow_up" if case.plan == COMPLETED else case.plan)
    waits = promised is not None and promised.status == "pending"
    return {
        "key": case.key,
        "plan": case.plan,
        "title": plan.title if plan else None,
        "state": state_of(case, promised),
        "ticket": number,
        "device": _device(device),
        **{name: iso(name) for name in ("started_at", "due_at", "asked_at")},
        "asked_via": case.asked_via,
        "asked_with": case.asked_with,
        "answered_at": iso("answered_at"),
        "outcome": case.outcome,
        "score": case.score,
        "comment": case.comment,
        "next_at": house.local(promised.due_at).isoformat(timespec="seconds") if promised and waits else None,
        "why": promised.reason if promised else None,
        "history": [{"at": at, "what": what} for at, what in case.history],
    }


def _device(device: Device | None) -> dict[str, Any] | None:
    names = ("category", "brand", "model", "serial")
    return {name: getattr(device, name) for name in names} if device is not None else None

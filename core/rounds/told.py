"""Who goes is told: of their part of a new round, and of each visit that is given to them, moved or taken from them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.rounds.model import Round, RoundVisit
from core.staff.push import push


def tell_planned(
    session: Session, house: House, found: Round, visits: Sequence[RoundVisit], *, at: datetime
) -> None:
    """One push to each who goes, however many places they have; the list is on the page of the round."""
    for name, many in Counter(visit.goes for visit in visits).items():
        if name is None or name == found.by:
            continue
        first = next(visit for visit in visits if visit.goes == name)
        push(
            session, house, key=f"round:{found.id}:{name}", audience="desk", wording="push.round_planned",
            at=at, names=[name], round=found.title, many=many, first=first.name, day=f"{first.day}",
            address=first.address or "—", last=f"{found.last_day}", link=_link(house, f"{found.id}"), by=found.by,
        )  # fmt: skip


def tell_moved(
    session: Session, house: House, visit: RoundVisit, *, before: date, was: str | None, by: str, at: datetime
) -> None:
    """``before`` and ``was`` are its day and its person until now. Whoever changed it themselves is not told."""
    if was != visit.goes:
        _tell(session, house, visit, "push.round_visit_off", was, day=before, by=by, at=at)
        _tell(session, house, visit, "push.round_visit", visit.goes, day=visit.day, by=by, at=at)
    elif before != visit.day:
        moved = {"day": visit.day, "before": before}
        _tell(session, house, visit, "push.round_visit_moved", was, **moved, by=by, at=at)


def tell_called_off(session: Session, house: House, visit: RoundVisit, *, by: str, at: datetime) -> None:
    """To who would have gone there."""
    _tell(session, house, visit, "push.round_visit_off", visit.goes, day=visit.day, by=by, at=at)


def tell_over(session: Session, house: House, found: Round, *, by: str, at: datetime) -> None:
    """One push to each who would still have gone somewhere; before their visits are closed."""
    left = select(RoundVisit.goes).where(RoundVisit.round_id == found.id, RoundVisit.state == "planned")
    for name, many in Counter(session.scalars(left)).items():
        if name is not None and name != by:
            push(session, house, key=f"round_over:{found.id}:{name}", audience="desk", wording="push.round_over",
                 at=at, names=[name], round=found.title, many=many, by=by, link=_link(house, f"{found.id}"))  # fmt: skip


def _tell(
    session: Session,
    house: House,
    visit: RoundVisit,
    wording: str,
    name: str | None,
    *,
    day: date,
    by: str,
    at: datetime,
    before: date | None = None,
) -> None:
    if name is None or name == by:
        return
    push(
        session, house, key=f"{wording}:{visit.id}:{visit.revision}:{name}", audience="desk", wording=wording,
        at=at, names=[name], round=visit.round.title, place=visit.name, phone=visit.phone or "—",
        address=visit.address or "—", day=f"{day}", before=f"{before}", link=_link(house, f"visits/{visit.id}"), by=by,
    )  # fmt: skip


def _link(house: House, page: str) -> str:
    return f"{house.address}/console/rounds/{page}"

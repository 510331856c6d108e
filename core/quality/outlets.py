"""Outlets that could work on an incident together: for each area the nearest able one, until there are enough (B8)."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.house import House
from core.service.dispatch import Choice, choose
from core.service.model import Outlet
from core.service.regions import Region, locate
from core.ticket.lifecycle import ENDED
from core.ticket.model import Ticket


def propose(session: Session, house: House, tickets: Sequence[Ticket]) -> list[Choice]:
    """Different outlets with their reasons, those of the area with most open tickets first; staff decide."""
    waiting = [ticket for ticket in tickets if ticket.state not in ENDED]
    areas = _areas(waiting)
    if not areas:
        return []
    category = Counter(ticket.category for ticket in waiting).most_common(1)[0][0]
    outlets = list(session.scalars(select(Outlet).where(Outlet.active)))
    work = _open_work(session, {area.code[:2] for area in areas}, outlets)
    found: list[Choice] = []
    most, max_open = (
        house.book.policy("quality")["outlets"],
        house.book.policy("dispatch")["max_open_per_outlet"],
    )
    for turn in range(most * len(areas)):
        taken = {choice.outlet.id for choice in found if choice.outlet}
        choice = choose(
            region=areas[turn % len(areas)],
            outlets=[outlet for outlet in outlets if outlet.id not in taken],
            category=category,
            urgent=False,
            open_work=work,
            max_open=max_open,
        )
        found += [choice] if choice.outlet else []
        if len(found) == most:
            break
    return found


def _areas(tickets: Sequence[Ticket]) -> list[Region]:
    """The areas of the tickets, the one with most of them first."""
    addresses = {ticket.region: ticket.address for ticket in tickets if ticket.region and ticket.address}
    often = Counter(ticket.region for ticket in tickets if ticket.region in addresses)
    located = (locate(addresses[code] or "") for code, _ in often.most_common())
    return [area for area in located if area is not None]


def _open_work(session: Session, provinces: set[str], outlets: Sequence[Outlet]) -> dict[int, int]:
    near = [outlet.id for outlet in outlets if (outlet.region or "")[:2] in provinces]
    query = select(Ticket.outlet_id, func.count()).where(
        Ticket.outlet_id.in_(near), Ticket.state.not_in(ENDED)
    )
    return {
        outlet: count
        for outlet, count in session.execute(query.group_by(Ticket.outlet_id))
        if outlet is not None
    }

"""Which outlet a ticket goes to, and why."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.house import House
from core.service.dispatch import choose
from core.service.model import Outlet
from core.service.regions import Region, locate
from core.ticket.lifecycle import ENDED
from core.ticket.model import Ticket


def assign_outlet(session: Session, house: House, ticket: Ticket) -> None:
    """Choose the outlet and keep the reason; the dispatcher may still choose another."""
    region = locate(ticket.address or "")
    ticket.region = region.code if region else None
    outlets = list(session.scalars(select(Outlet).where(Outlet.active)))
    choice = choose(
        region=region,
        outlets=outlets,
        category=ticket.category,
        urgent=ticket.severity == "urgent",
        open_work=_open_work(session, ticket, outlets, region),
        max_open=house.book.policy("dispatch")["max_open_per_outlet"],
    )
    ticket.outlet_id = choice.outlet.id if choice.outlet else None
    ticket.outlet_reason = choice.reason()


def _open_work(
    session: Session, ticket: Ticket, outlets: list[Outlet], region: Region | None
) -> dict[int, int]:
    """Outlet of the ticket's province → how many other tickets are open there."""
    near = [o.id for o in outlets if region and (o.region or "")[:2] == region.code[:2]]
    if not near:
        return {}
    work = select(Ticket.outlet_id, func.count()).where(
        Ticket.outlet_id.in_(near), Ticket.state.not_in(ENDED), Ticket.id != ticket.id
    )
    rows = session.execute(work.group_by(Ticket.outlet_id))
    return {outlet: count for outlet, count in rows if outlet is not None}

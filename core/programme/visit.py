"""An inspection visit 巡检 that a plan asks for: filed like any ticket, so that it is dispatched and agreed on (E2)."""

from datetime import datetime

from core.customer.model import Customer
from core.programme.plan import Plan
from core.programme.standing import Due
from core.staff.push import push
from core.ticket.filing import Filing, file_ticket


def file_visit(due: Due, plan: Plan, customer: Customer, *, at: datetime) -> None:
    """One inspection ticket about the device; the desk is told once."""
    device = due.device
    facts = {"name": customer.name, "phone": customer.phone, "address": customer.address}
    facts |= {"description": plan.title}
    if device is not None:
        facts |= {"category": device.category, "brand": device.brand, "model": device.model}
    filing = Filing(customer, "inspection", "normal", "staff", "frontdoor", at)
    ticket = file_ticket(due.session, due.house, filing, facts)
    ticket.device_id = device.id if device else None
    due.row.reason = f"filed as {ticket.number}"
    push(due.session, due.house, key=due.row.key, audience="desk", wording="push.plan_visit", at=at,
         ticket=ticket, plan=plan.title)  # fmt: skip

"""Why an occurrence of a plan is not kept any more: a pure answer, with the reason that staff read."""

from dataclasses import dataclass

from core.programme.plan import Plan


@dataclass(frozen=True)
class Standing:
    """How things stand when an occurrence falls due. ``planned``: the plan, as it is now, still names this day."""

    planned: bool = True
    known: bool = True
    retired: bool = False
    no_more: bool = False
    complaint: str | None = None  # number of an open one
    visit: str | None = None  # number of an open inspection of the same device
    ticket_open: str | None = None  # number of the ticket, where work on it goes on again


def stopped(plan: Plan | None, standing: Standing) -> str | None:
    """The reason to leave this occurrence out, None to go on."""
    if plan is None or not plan.active:
        return "the plan is switched off"
    if not standing.known:
        return "the customer or the device is not on file any more"
    if not standing.planned:
        return "the plan or its date was changed"
    if standing.ticket_open:
        return f"ticket {standing.ticket_open} is in work again"
    if standing.retired and "device_retired" in plan.stops:
        return "the device is not used any more"
    if standing.no_more and "no_more" in plan.stops:
        return "the customer asked for no more of these"
    if standing.complaint and "open_complaint" in plan.stops:
        return f"complaint {standing.complaint} is open"
    if standing.visit:
        return f"inspection {standing.visit} is still open"
    return None

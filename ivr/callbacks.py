"""A call back that was promised: on the ticket that waits for a person, and told to the desk."""

from core.staff.push import push
from core.ticket.filing import Filing, file_ticket
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.ticket.theirs import files_alone, tickets_of
from ivr.line import Line
from ivr.roster import closed_until


def start_callback(line: Line) -> None:
    """The number we know is offered; without one it is keyed."""
    customer = line.customer()
    if customer is not None and customer.phone:
        line.go("callback")
    else:
        line.go("enter", what="phone", purpose="callback")


def promise_call(line: Line, phone: str | None) -> None:
    """Tell the desk and the caller, then say good-bye."""
    ask_for_call(line, phone)
    line.say("voice.callback.promised", opening=closed_until(line.house, line.at, line.language))
    line.go("goodbye")


def ask_for_call(line: Line, phone: str | None) -> Ticket | None:
    """Once per call; the number that was keyed is kept where the ticket has none."""
    line.state.mark("callback")
    customer = line.customer()
    if customer is None:
        return None
    files_alone(line.session, customer)
    waiting = next((t for t in tickets_of(line.session, customer) if t.wants == "person"), None)
    ticket = waiting or _new(line, phone)
    ticket.phone = phone or ticket.phone
    text = phone or ticket.phone or "—"
    note(
        line.session,
        ticket,
        verb="callback",
        at=line.at,
        actor=customer.name or "customer",
        channel="voice",
        text=text,
    )
    push(
        line.session,
        line.house,
        key=f"callback:{line.call.sid}",
        audience="desk",
        wording="push.callback",
        at=line.at,
        ticket=ticket,
        number_to_call=text,
    )
    return ticket


def _new(line: Line, phone: str | None) -> Ticket:
    customer = line.customer()
    assert customer is not None
    filing = Filing(customer, "consultation", "normal", "voice", customer.name or "customer", line.at)
    facts = {
        "wants": "person",
        "description": line.text("voice.callback.description"),
        "phone": phone or customer.phone,
    }
    return file_ticket(line.session, line.house, filing, {**facts, "name": customer.name})

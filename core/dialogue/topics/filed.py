"""Filing what a form gathered, and telling the customer what was decided and why."""

from datetime import timedelta
from typing import Any

from core.care.notice import ticket_words
from core.care.rating import not_fixed
from core.dialogue.forms import FORMS
from core.dialogue.talk import Talk
from core.dialogue.topics.decided import decisions, has_price, price_of, prices
from core.media.keep import attach
from core.promise.watch import settle
from core.staff.push import push
from core.ticket.filing import Filing, add_facts, file_ticket
from core.ticket.find import find
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.ticket.severity import change_severity
from core.ticket.theirs import files_alone, same_fault

# Photos sent so long before a ticket is filed still belong to it.
FILES_BELONG = timedelta(hours=24)
# Who waits for a call, or is in danger, is told nothing of invoices and prices.
_NOTHING_MORE = ("callback", "reach")


def file_form(talk: Talk) -> None:
    """File the form as a ticket, or complete the one that was filed early."""
    state = talk.state
    form, kind = state.form or "repair", FORMS[state.form or "repair"].kind
    if state.ticket:
        ticket = find(talk.session, state.ticket)
        add_facts(
            talk.session, talk.house, ticket, state.slots, at=talk.at, actor=talk.actor, channel=talk.channel
        )
        state.forget_form()
        talk.say("filed.completed", **words(talk, ticket))
        if form not in _NOTHING_MORE:
            explain(talk, ticket)
        return
    twin = _twin(talk) if kind == "repair" else None
    if twin is not None:
        join(talk, twin)
        return
    ticket = open_ticket(talk, kind=kind)
    state.forget_form()
    talk.say(
        f"filed.{form}" if talk.house.book.has(f"filed.{form}") else "filed.repair", **words(talk, ticket)
    )
    explain(talk, ticket)


def _twin(talk: Talk) -> Ticket | None:
    """The same fault, filed while this report was told: by a second call, or in a chat."""
    files_alone(talk.session, talk.customer)
    slots = talk.state.slots
    return None if slots.get("_other_device") else same_fault(talk.session, talk.customer, slots)


def open_ticket(
    talk: Talk,
    *,
    kind: str,
    severity: str = "normal",
    facts: dict[str, Any] | None = None,
    announce: bool = True,
) -> Ticket:
    """Open a ticket from the form's slots (and ``facts``) and tell the desk."""
    known = {**talk.state.slots, **(facts or {})}
    if known.get("visit_time") and kind in ("repair", "installation", "return"):
        known["wants"] = "；".join(filter(None, (known.get("wants"), known["visit_time"])))
    filing = Filing(talk.customer, kind, severity, talk.channel, known.get("name") or talk.actor, talk.at)
    ticket = file_ticket(talk.session, talk.house, filing, known)
    talk.state.last_ticket = ticket.number
    talk.weight, talk.ticket_id = "result", ticket.id
    attach(talk.session, ticket, talk.conversation.id, since=talk.at - FILES_BELONG)
    if announce:
        key = f"filed:{ticket.number}"
        push(
            talk.session,
            talk.house,
            key=key,
            audience="desk",
            wording="push.filed",
            at=talk.at,
            ticket=ticket,
        )
    return ticket


def words(talk: Talk, ticket: Ticket) -> dict[str, Any]:
    """What a sentence may say of a ticket, with the department that has it."""
    return {
        **ticket_words(talk.house, ticket, talk.language),
        "department": talk.label("department", ticket.department),
    }


def explain(talk: Talk, ticket: Ticket) -> None:
    """Outlet, warranty and price, each with its reason; an out-of-warranty price waits for consent (B3, B4)."""
    for sentence in decisions(talk.session, talk.house, ticket, talk.language):
        talk.say(sentence.wording, **sentence.values)
    if has_price(ticket) and ticket.warranty == "out" and ticket.fee_consent is None:
        cost = price_of(talk.house, ticket)
        ticket.fee, ticket.fee_consent = cost.price, "asked"
        settle(talk.session, talk.house, ticket, at=talk.at)
        talk.say("fee.ask", **prices(cost))
        talk.ask("fee", ("1", "agree"), ("2", "disagree"), ticket=ticket.number)


def join(talk: Talk, ticket: Ticket) -> None:
    """The same fault told again belongs to the open ticket (A11); one already done goes back to work."""
    talk.state.last_ticket = ticket.number
    description = talk.state.slots.get("description") or talk.text
    if ticket.state in ("done", "followed_up"):
        not_fixed(
            talk.session,
            talk.house,
            ticket,
            at=talk.at,
            actor=talk.actor,
            channel=talk.channel,
            why=description[:200],
        )
        talk.state.forget_form()
        talk.say("join.reopened", **words(talk, ticket))
        return
    note(
        talk.session,
        ticket,
        verb="report_again",
        at=talk.at,
        actor=talk.actor,
        channel=talk.channel,
        text=description[:500],
    )
    talk.state.forget_form()
    talk.say("join.added", **words(talk, ticket))
    key = f"again:{ticket.number}:{talk.at.isoformat()}"
    push(
        talk.session,
        talk.house,
        key=key,
        audience="assignee",
        wording="push.again",
        at=talk.at,
        ticket=ticket,
        description=description[:120],
    )


def raise_severity(talk: Talk, ticket: Ticket, severity: str) -> None:
    """A ticket that turned urgent gets the urgent clocks, and its timeline says so."""
    change_severity(
        talk.session,
        talk.house,
        ticket,
        severity,
        at=talk.at,
        actor=talk.actor,
        channel=talk.channel,
    )

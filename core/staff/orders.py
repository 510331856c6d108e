"""Carrying out what staff type: rights, the missing pieces, the ticket's own rules, and what to tell them then."""

from dataclasses import replace
from datetime import UTC
from typing import Any

from sqlalchemy import func, select

from core.asked import chat as asked
from core.messaging.outbox import OutboxMessage
from core.service.model import Outlet
from core.staff import answers, assign
from core.staff.answers import Doing, who_has_it
from core.staff.command import Command
from core.staff.refusal import Refused
from core.staff.rights import Powers, powers
from core.staff.show import ticket_text, what_is_possible
from core.staff.when import read_when
from core.ticket.actions import Order, act
from core.ticket.lifecycle import ENDED, VERBS
from core.ticket.model import ANSWER

LONGEST_NOTE = 1000


def carry_out(doing: Doing, command: Command) -> str:
    """Do it and return the answer. Raises Refused and what the core refuses; the caller rolls back."""
    may, mine, told = rights_on(doing)
    if command.verb == "show":
        return ticket_text(doing, may)
    if command.verb == "unclear":
        raise Refused("staff.unclear", number=doing.ticket.number, possible=what_is_possible(doing))
    if command.verb == "assign" and doing.ticket.wants == ANSWER and doing.ticket.state not in ENDED:
        command = replace(command, verb="hand_over")  # 转给 is as good a word for it
    if not may.permit(command.verb, mine=mine, told=told):
        language, book = doing.person.language, doing.house.book
        raise Refused(
            "staff.not_allowed",
            verb=book.label("verb", command.verb, language),
            role=book.label("role", doing.person.role, language),
            possible=what_is_possible(doing),
        )
    return _ORDERS.get(command.verb, _act)(doing, command)


def rights_on(doing: Doing) -> tuple[Powers, bool, bool]:
    """The person's powers, whether the ticket is theirs, and whether they were pushed about it."""
    mine = doing.ticket.assignee == doing.person.name
    return powers(doing.person.role), mine, was_told(doing)


def was_told(doing: Doing) -> bool:
    """Whether anything about this ticket was ever pushed to them: who was, may answer."""
    rows = select(OutboxMessage.id).where(
        OutboxMessage.ticket_id == doing.ticket.id,
        OutboxMessage.audience == "staff",
        # Before staff had chats, the recipient was the name.
        func.coalesce(OutboxMessage.extra["to"].as_string(), OutboxMessage.recipient) == doing.person.name,
    )
    return doing.session.scalar(rows.limit(1)) is not None


def _take(doing: Doing, command: Command) -> str:
    return _done(doing, answers.take(doing))


def _hand_up(doing: Doing, command: Command) -> str:
    return _say(doing, "staff.done.hand_up", who=answers.hand_up(doing), number=doing.ticket.number)


def _later(doing: Doing, command: Command) -> str:
    text = _say(doing, "staff.line", **line(doing))
    return _say(doing, "staff.done.later", at=answers.later(doing, text), number=doing.ticket.number)


def _assign(doing: Doing, command: Command) -> str:
    if not command.rest:
        raise Refused("staff.missing.assign", number=doing.ticket.number)
    ticket = assign.assign(
        doing.session,
        doing.house,
        number=doing.ticket.number,
        to=command.rest,
        by=doing.person.name,
        at=doing.at,
        channel=doing.channel,
    )
    return _say(doing, "staff.done.assign", number=ticket.number, name=ticket.assignee)


_ORDERS = {"accept": _take, "hand_up": _hand_up, "later": _later, "assign": _assign, **asked.ORDERS}


def _act(doing: Doing, command: Command) -> str:
    ticket, extra = doing.ticket, _extra(doing, command)
    order = Order(
        ticket.number, command.verb, by=doing.person.name, at=doing.at, channel=doing.channel, **extra
    )
    act(doing.session, doing.house, order)
    return _done(doing, command.verb)


def _extra(doing: Doing, command: Command) -> dict[str, Any]:
    """What a verb needs besides, read from the words behind it; Refused says how to write it."""
    rest, number = command.rest[:LONGEST_NOTE], doing.ticket.number
    if command.verb == "appoint":
        when, note = read_when(rest, doing.house.local(doing.at))
        if when is None:
            raise Refused("staff.missing.appoint", number=number)
        return {"when": when.astimezone(UTC), "note": note or None}
    if command.verb == "quote":
        return {"fee": _fee(rest, number)}
    if command.verb == "dispatch" and rest:
        return _outlet(doing, rest)
    if command.verb == "cancel" and not rest:
        raise Refused("staff.missing.cancel", number=number)
    return {"note": rest or None}


def _fee(text: str, number: str) -> float:
    amount = text.strip(" ¥￥元.").removesuffix("yuan").strip().replace(",", "")
    try:
        fee = float(amount) if amount.isascii() else -1.0
    except ValueError:
        fee = -1.0
    if not 0 <= fee <= 1_000_000:
        raise Refused("staff.missing.quote", number=number)
    return fee


def _outlet(doing: Doing, rest: str) -> dict[str, Any]:
    first, _, note = rest.partition(" ")
    outlet = doing.session.get(Outlet, int(first)) if first.isdecimal() and len(first) < 10 else None
    if outlet is None or not outlet.active:
        raise Refused("staff.missing.dispatch", number=doing.ticket.number, outlet=first[:20])
    return {"outlet": outlet.id, "note": note.strip() or None}


def _done(doing: Doing, verb: str) -> str:
    """What was done, whether the customer knows, and what can come next."""
    book, language, ticket = doing.house.book, doing.person.language, doing.ticket
    doing.session.flush()
    tells = verb in VERBS or verb == "quote"
    heard = select(OutboxMessage.id).where(
        OutboxMessage.ticket_id == ticket.id,
        OutboxMessage.audience == "customer",
        OutboxMessage.said_at == doing.at,
    )
    told = tells and doing.session.scalar(heard.limit(1)) is not None
    said = _say(
        doing,
        "staff.done.verb",
        number=ticket.number,
        verb=book.label("verb", verb, language),
        state=book.label("state", ticket.state, language),
    )
    if tells:
        said += " " + _say(doing, "staff.customer_told" if told else "staff.customer_not_told")
    return f"{said}\n{what_is_possible(doing)}".strip()


def line(doing: Doing) -> dict[str, str]:
    label, ticket, language = doing.house.book.label, doing.ticket, doing.person.language
    symptom = label("symptom", ticket.symptom, language)
    return {**who_has_it(doing), "category": label("category", ticket.category, language), "symptom": symptom}


def _say(doing: Doing, key: str, **values: Any) -> str:
    return doing.house.book.text(key, doing.person.language, **values)

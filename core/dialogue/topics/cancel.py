"""A customer cancels: a draft at once, an open ticket after one question."""

import re

from core.dialogue.talk import Talk
from core.dialogue.topics.filed import words
from core.dialogue.topics.question import asks
from core.dialogue.topics.stop import stop
from core.staff.push import push
from core.ticket.actions import Order, act
from core.ticket.lifecycle import IllegalMove, allowed_verbs
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of

_SURE = re.compile(r"^(?:是|对|好|嗯|行|可以|确认|确定|取消|要取消|yes|ok|sure)", re.IGNORECASE)


def _cancellable(talk: Talk) -> list[Ticket]:
    number = talk.facts.slots.get("ticket_no")
    tickets = [t for t in tickets_of(talk.session, talk.customer) if "cancel" in allowed_verbs(t.state)]
    return [t for t in tickets if t.number == number] if number else tickets


def begin(talk: Talk) -> None:
    """A draft is dropped at once; a ticket is cancelled after one question."""
    if talk.state.form and not talk.state.ticket:
        stop(talk)
        return
    tickets = _cancellable(talk)
    number = talk.facts.slots.get("ticket_no")
    finished = (
        [t for t in tickets_of(talk.session, talk.customer) if number in (None, t.number)]
        if not tickets
        else []
    )
    if finished:
        talk.say("cancel.too_late", number=finished[0].number, state=talk.label("state", finished[0].state))
    elif not tickets:
        talk.say("cancel.none" if re.search(r"取消|撤|cancel", talk.text, re.IGNORECASE) else "noted")
    elif len(tickets) == 1:
        talk.say("cancel.ask", **words(talk, tickets[0]))
        talk.ask("cancel", ("1", "cancel_it"), ("2", "keep_it"), ticket=tickets[0].number)
    else:
        talk.say("cancel.which", numbers="、".join(t.number for t in tickets))


def answer(talk: Talk) -> bool:
    """1, 2 or plain words for them; False for a message about something else."""
    question = talk.state.question
    choice = talk.chosen()
    if question is None or question.ticket is None:
        return False
    if choice == "keep_it" or (
        choice is None and (talk.intent == "deny" or re.search(r"^不|别|保留", talk.text))
    ):
        talk.drop_question()
        talk.say("cancel.kept", number=question.ticket)
    elif choice == "cancel_it" or (choice is None and _is_sure(talk)):
        talk.drop_question()
        _cancel(talk, question.ticket)
    else:
        return False
    return True


def _is_sure(talk: Talk) -> bool:
    """取消要收费吗 asks, and cancels nothing."""
    return _SURE.search(talk.text) is not None and talk.intent != "greet" and not asks(talk.text)


def _cancel(talk: Talk, number: str) -> None:
    order = Order(
        number, "cancel", by=talk.actor, at=talk.at, channel=talk.channel, note=talk.text[:200], quietly=True
    )
    try:
        ticket = act(talk.session, talk.house, order)
    except IllegalMove as error:
        talk.say("cancel.too_late", number=number, state=talk.label("state", error.state))
        return
    talk.say("cancel.done", **words(talk, ticket))
    key = f"cancelled:{ticket.number}:{ticket.round}"
    push(
        talk.session,
        talk.house,
        key=key,
        audience="assignee",
        wording="push.cancelled",
        at=talk.at,
        ticket=ticket,
    )

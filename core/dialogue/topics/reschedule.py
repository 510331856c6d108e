"""A customer wants another time, or a quicker visit: noted on the ticket, and told to whoever has it."""

import re

from core.care.notice import moment
from core.dialogue.talk import Talk
from core.dialogue.topics.filed import words
from core.promise.watch import settle
from core.staff.push import push
from core.ticket.actions import UnknownTicket, find
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of


def begin(talk: Talk) -> None:
    """A wish for another time, or for a quicker visit, goes on the ticket and to whoever has it."""
    tickets = [t for t in tickets_of(talk.session, talk.customer) if t.state not in ("done", "followed_up")]
    if not tickets:
        talk.say("status.not_filed_yet" if talk.state.form else "reschedule.none")
        return
    number = talk.facts.slots.get("ticket_no")
    ticket = next((t for t in tickets if number in (None, t.number)), None)
    if ticket is None:
        talk.say("reschedule.none")
    elif talk.facts.slots.get("visit_time") or _hurry(talk.text):
        _wish(talk, ticket, talk.text)
    else:
        talk.say("reschedule.ask", **words(talk, ticket))
        talk.ask("reschedule", ticket=ticket.number)


def _hurry(text: str) -> bool:
    return re.search(r"催|快点|尽快|快一点|什么时候来|怎么还没|还不来|等了|赶紧|早点|加急", text) is not None


def answer(talk: Talk) -> bool:
    """The other time that was asked for; a message about something else is none."""
    question = talk.state.question
    if question is None or question.ticket is None or not talk.text:
        return False
    if talk.intent in ("report_fault", "ask_ticket_status", "cancel_ticket", "file_complaint", "ask_contact"):
        return False
    talk.drop_question()
    try:
        _wish(talk, find(talk.session, question.ticket), talk.text)
    except UnknownTicket:
        return False
    return True


def _wish(talk: Talk, ticket: Ticket, text: str) -> None:
    verb = "hurry" if _hurry(text) and not talk.facts.slots.get("visit_time") else "reschedule_wish"
    note(talk.session, ticket, verb=verb, at=talk.at, actor=talk.actor, channel=talk.channel, text=text[:300])
    if verb == "reschedule_wish":
        ticket.waits_for = "customer"
        settle(talk.session, talk.house, ticket, at=talk.at)
    key = f"{verb}:{ticket.number}:{talk.at.isoformat()}"
    push(
        talk.session,
        talk.house,
        key=key,
        audience="assignee",
        wording=f"push.{verb}",
        at=talk.at,
        ticket=ticket,
        text=text[:120],
    )
    late = verb == "hurry" and ticket.due_at is not None and ticket.due_at < talk.at
    key = "reschedule.late" if late else f"reschedule.{verb}"
    talk.say(key, **words(talk, ticket), due=moment(talk.house, ticket.due_at))

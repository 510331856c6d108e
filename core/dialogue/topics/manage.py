"""What a customer may change about an open ticket: cancel it, move the visit, answer a price."""

import re

from core.care.notice import moment
from core.dialogue.talk import Talk
from core.dialogue.topics import intake
from core.dialogue.topics.filed import words
from core.promise.watch import settle
from core.service.fees import yuan
from core.staff.push import push
from core.ticket.actions import Order, UnknownTicket, act, find
from core.ticket.filing import tickets_of
from core.ticket.lifecycle import IllegalMove, allowed_verbs, note
from core.ticket.model import Ticket

_DECLINES = re.compile(r"不同意|不接受|不修|算了|不要|拒绝|不用|disagree")
_UNDECIDED = re.compile(r"再想想|考虑|商量|想一下|问问|再说|think about|think it over", re.IGNORECASE)
# Consent costs the customer money: only plain words of it count, never a guess of the model, never 你好.
_AGREE = re.compile(
    r"^(?!.*(?:不|没|再想想|考虑|disagree|not )).*(?:同意|接受|没问题|(?:就|要|给我|那)?(?:修|派|来)吧|要修|得行|要得|agree|go ahead)|"
    r"^(?:那|嗯+|哦|噢)?[,， ]*(?:好的?|行|可以|中|成|确认|确定|ok(?:ay)?|yes|fine|没问题)(?![你您])[吧的啊呀了嘛,，。.!！ ]*"
    r"(?:谢谢|麻烦(?:了|你们?)?|快点?来?|尽快|就这样|派(?:人|师傅)吧?|修吧)?[吧了。.!！]*$",
    re.IGNORECASE,
)
_SURE = re.compile(r"^(?:是|对|好|嗯|行|可以|确认|确定|取消|要取消|yes|ok|sure)", re.IGNORECASE)
_DISAGREE = re.compile(
    r"不同意|不接受|太贵|不修|算了|不要|不行|不可以|不用|不划算|拒绝|不得行|disagree|too expensive|^no\b",
    re.IGNORECASE,
)


def _cancellable(talk: Talk) -> list[Ticket]:
    number = talk.facts.slots.get("ticket_no")
    tickets = [t for t in tickets_of(talk.session, talk.customer) if "cancel" in allowed_verbs(t.state)]
    return [t for t in tickets if t.number == number] if number else tickets


def cancel(talk: Talk) -> None:
    """A draft is dropped at once; a ticket is cancelled after one question."""
    if talk.state.form and not talk.state.ticket:
        intake.stop(talk)
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


def cancel_answer(talk: Talk) -> bool:
    question = talk.state.question
    choice = talk.chosen()
    if question is None or question.ticket is None:
        return False
    if choice == "keep_it" or (
        choice is None and (talk.intent == "deny" or re.search(r"^不|别|保留", talk.text))
    ):
        talk.drop_question()
        talk.say("cancel.kept", number=question.ticket)
    elif choice == "cancel_it" or (choice is None and _SURE.search(talk.text) and talk.intent != "greet"):
        talk.drop_question()
        _cancel(talk, question.ticket)
    else:
        return False
    return True


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


def reschedule(talk: Talk) -> None:
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


def reschedule_answer(talk: Talk) -> bool:
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


def fee_answer(talk: Talk) -> bool:
    """Consent to the price is recorded before anybody is sent (B3)."""
    question = talk.state.question
    choice = talk.chosen()
    if question is None or question.ticket is None:
        return False
    asks = talk.intent in ("ask_warranty_or_fee", "ask_contact", "ask_ticket_status", "file_complaint")
    if choice is None and asks and not _DECLINES.search(talk.text):
        return False
    if choice == "disagree" or (choice is None and _DISAGREE.search(talk.text)):
        consent = "refused"
    elif choice == "agree" or (choice is None and _AGREE.search(talk.text) is not None):
        consent = "given"
    elif _UNDECIDED.search(talk.text):
        talk.say("fee.think", number=question.ticket)
        return True
    else:
        return False
    talk.drop_question()
    record_consent(talk, find(talk.session, question.ticket), consent)
    return True


def record_consent(talk: Talk, ticket: Ticket, consent: str) -> None:
    """``given`` or ``refused``, on the ticket, its timeline and the desk."""
    ticket.fee_consent, ticket.fee_consent_at = consent, talk.at
    settle(talk.session, talk.house, ticket, at=talk.at)
    fee = yuan(ticket.fee or 0)
    note(
        talk.session,
        ticket,
        verb=f"fee_{consent}",
        at=talk.at,
        actor=talk.actor,
        channel=talk.channel,
        text=f"{fee} 元",
    )
    push(
        talk.session,
        talk.house,
        key=f"fee:{ticket.number}:{talk.at.isoformat()}",
        audience="desk",
        wording=f"push.fee_{consent}",
        at=talk.at,
        ticket=ticket,
        fee=fee,
    )
    talk.say(f"fee.{consent}", **words(talk, ticket), fee=fee)

"""Facts told after the ticket was filed: they go on it, so that nothing has to be said twice."""

from core.dialogue.facts import CORRECTION
from core.dialogue.talk import Talk
from core.dialogue.topics import items
from core.dialogue.topics.filed import explain, words
from core.dialogue.topics.free import read_free
from core.staff.push import push
from core.ticket.filing import add_facts
from core.ticket.find import find
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of

# What may be told late; the device itself is what the ticket is about.
FACTS = (
    "name",
    "phone",
    "address",
    "brand",
    "model",
    "purchase_date",
    "invoice_no",
    "error_code",
    "visit_time",
)
_TELLING = ("provide_info", "out_of_scope", "affirm", "deny", "greet", "goodbye", "thanks")
_KINDS = ("repair", "installation", "return", "consultation", "complaint")
_NOT_SENT = ("filed", "accepted")


def add(talk: Talk) -> bool:
    """True when the message gives facts, or says that one is wrong, and a ticket of theirs is open."""
    if talk.state.form is not None or not talk.text:
        return False
    told = {name: talk.facts.slots[name] for name in FACTS if name in talk.facts.slots}
    wrong = items.named_slot(talk) if CORRECTION.search(talk.text) and not told else None
    if not (told or wrong or talk.facts.problems.get("phone")) or not (
        talk.intent in _TELLING or talk.facts.correction
    ):
        return False
    ticket = _ticket(talk)
    if ticket is None or talk.facts.slots.get("category") not in (None, ticket.category):
        return False
    if told:
        keep(talk, ticket, told)
    else:
        _ask(talk, ticket, wrong or "phone")
    return True


def _ticket(talk: Talk) -> Ticket | None:
    """The ticket last spoken of, else the newest open one."""
    mine = [t for t in tickets_of(talk.session, talk.customer) if t.kind in _KINDS]
    number = talk.facts.slots.get("ticket_no") or talk.state.last_ticket
    return next((t for t in mine if t.number == number), mine[0] if mine else None)


def keep(talk: Talk, ticket: Ticket, told: dict[str, str]) -> None:
    """Put facts on the ticket; once somebody is on the way they must hear of it too."""
    facts = dict(told)
    if "visit_time" in facts:
        facts["wants"] = facts["visit_time"]
    if told.get("purchase_date"):
        facts["purchase_precision"] = talk.facts.slots.get("purchase_precision", "day")
    add_facts(talk.session, talk.house, ticket, facts, at=talk.at, actor=talk.actor, channel=talk.channel)
    talk.say("supplement.kept", **words(talk, ticket), what=talk.listed(told))
    key = f"supplement:{ticket.number}:{talk.at.isoformat()}"
    text = "；".join(str(value) for value in told.values())[:120]
    push(
        talk.session,
        talk.house,
        key=key,
        audience="assignee",
        wording="push.supplement",
        at=talk.at,
        ticket=ticket,
        text=text,
    )
    if ticket.state in _NOT_SENT and ticket.wants != "person" and {"address", "purchase_date"} & set(told):
        explain(talk, ticket)


def _ask(talk: Talk, ticket: Ticket, name: str) -> None:
    if name in talk.facts.problems:
        talk.say(talk.facts.problems[name])
    else:
        talk.say(f"ask.{name}", device=talk.label("category", ticket.category))
    talk.ask("amend", slot=name, ticket=ticket.number)


def moved(talk: Talk, address: str) -> None:
    """The right address of an open ticket, shared as a place."""
    question = talk.state.question
    talk.drop_question()
    if question is not None and question.ticket is not None:
        keep(talk, find(talk.session, question.ticket), {"address": address})


def amended(talk: Talk) -> bool:
    """The right value of the item that was wrong."""
    question = talk.state.question
    if question is None or question.ticket is None or question.slot is None:
        return False
    value = talk.facts.slots.get(question.slot) or read_free(question.slot, talk)
    if value is None:
        return False
    talk.drop_question()
    ticket = find(talk.session, question.ticket)
    told = {name: talk.facts.slots[name] for name in FACTS if name in talk.facts.slots}
    note(
        talk.session,
        ticket,
        verb="comment",
        at=talk.at,
        actor=talk.actor,
        channel=talk.channel,
        text=talk.text[:200],
    )
    keep(talk, ticket, {**told, question.slot: value})
    return True

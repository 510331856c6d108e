"""漏电, 冒烟, 燃气味: advice first, an urgent ticket and a push at once, never a self-help round (A6)."""

from core.dialogue.talk import Talk
from core.dialogue.topics import slot_question, slots
from core.dialogue.topics.filed import open_ticket, raise_severity
from core.staff.push import push
from core.ticket.filing import add_facts
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of

ADVICE = ("electric_shock", "fire_smoke", "gas_smell", "water_leak")


def alarm(talk: Talk) -> None:
    """Everything for a private chat or a call: advice, ticket, push, and how to reach them."""
    ask_how_to_reach(talk, sound(talk))


def sound(talk: Talk, *, numbered: bool = True) -> Ticket:
    """Advice, the urgent ticket and the push, without a question: in a group nothing more may be asked.

    ``numbered``: the others there may read the ticket's number.
    """
    symptom = talk.meaning.symptom if talk.meaning.symptom in ADVICE else "other"
    talk.say(f"emergency.{symptom}")
    slots.keep_facts(talk)
    if talk.state.form != "repair":
        talk.state.slots = {**talk.facts.slots}
    slots.from_archive(talk)
    ticket = _ticket(talk, symptom)
    told = push(
        talk.session,
        talk.house,
        key=f"emergency:{ticket.number}:{talk.at.isoformat()}",
        audience="on_duty",
        wording="push.emergency",
        at=talk.at,
        ticket=ticket,
    )
    ticket.flagged = True
    if numbered:
        talk.say("emergency.filed", number=ticket.number, told=len(told))
    else:
        talk.say("emergency.filed_unnamed", told=len(told))
    return ticket


def _ticket(talk: Talk, symptom: str) -> Ticket:
    """The urgent ticket: an open one about the same device raised, or a new one."""
    category = talk.state.slots.get("category")
    for ticket in tickets_of(talk.session, talk.customer):
        same = ticket.kind == "repair" and category in (None, ticket.category)
        if same and (ticket.severity == "urgent" or category is not None):
            raise_severity(talk, ticket, "urgent")
            note(
                talk.session,
                ticket,
                verb="emergency",
                at=talk.at,
                actor=talk.actor,
                channel=talk.channel,
                text=talk.text[:500],
            )
            add_facts(
                talk.session,
                talk.house,
                ticket,
                talk.facts.slots,
                at=talk.at,
                actor=talk.actor,
                channel=talk.channel,
            )
            return ticket
    before = talk.state.slots.get("description")
    facts = {
        "description": f"{before}；{talk.text}"[:1000] if before else talk.text[:1000],
        "symptom": symptom if symptom != "other" else talk.meaning.symptom or "other",
        "non_quality": False,
    }
    return open_ticket(talk, kind="repair", severity="urgent", facts=facts, announce=False)


def ask_how_to_reach(talk: Talk, ticket: Ticket) -> None:
    """Phone and place of an urgent ticket, as far as they are missing."""
    known = {name: value for name in ("phone", "address") if (value := getattr(ticket, name))}
    talk.state.forget_form()
    missing = next((name for name in ("phone", "address") if name not in known), None)
    if missing is None:
        return
    talk.state.form, talk.state.ticket, talk.state.slots = "reach", ticket.number, known
    slot_question.ask_for(talk, missing)

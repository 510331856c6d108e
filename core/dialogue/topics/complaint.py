"""Complaints and suggestions 投诉与建议: filed at once and routed by kind (D1); what is missing is asked after."""

from core.dialogue.talk import Talk
from core.dialogue.topics import flow, slot_question, slots
from core.dialogue.topics.filed import open_ticket, words
from core.staff.push import push


def start(talk: Talk) -> None:
    """From the menu: nothing has been said yet."""
    talk.state.forget_form()
    talk.state.form = "complaint"
    slots.from_archive(talk)
    flow.proceed(talk)


def file(talk: Talk) -> None:
    """Filed with the customer's own words before anything is asked: a grievance must not get lost in a form."""
    if len(talk.text) < 5:
        start(talk)
        return
    about = {
        k: v
        for k, v in talk.facts.slots.items()
        if k in ("category", "brand", "model", "phone", "name", "address", "wants")
    }
    kept = dict(talk.state.slots)
    talk.state.slots = {k: v for k, v in kept.items() if k in ("name", "phone", "address")}
    slots.from_archive(talk)
    major = any(str(word) in talk.text for word in talk.house.book.policy("major_issue_words"))
    ticket = open_ticket(
        talk,
        kind="complaint",
        severity="serious" if major else "normal",
        facts={"description": talk.text[:1000], **about},
    )
    if major:
        ticket.flagged = True
        key = f"major:{ticket.number}"
        who = "general_manager"
        push(talk.session, talk.house, key=key, audience=who, wording="push.major", at=talk.at, ticket=ticket)
    talk.state.slots = kept
    talk.say("complaint.filed", **words(talk, ticket))
    if ticket.phone is None and talk.state.form is None:
        talk.state.forget_form()
        talk.state.form, talk.state.ticket = "callback", ticket.number
        slot_question.ask_for(talk, "phone")


def suggest(talk: Talk) -> None:
    """D3: thanked, and kept where the staff see it."""
    kept = dict(talk.state.slots)
    talk.state.slots = {}
    ticket = open_ticket(talk, kind="suggestion", facts={"description": talk.text[:1000]})
    talk.state.slots = kept
    talk.say("suggestion.filed", number=ticket.number)

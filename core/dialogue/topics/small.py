"""Greeting, menu, thanks, and help when nothing was understood."""

import re
from collections.abc import Callable

from core.care.notice import ticket_words
from core.dialogue.state import OFFERS, SOFT
from core.dialogue.talk import Talk
from core.dialogue.topics import ask, complaint, enrol, flow, intake, person, status
from core.ticket.theirs import tickets_of

MENU = (("1", "repair"), ("2", "progress"), ("3", "complain"), ("4", "fees"), ("5", "training"))
_MENU_TOPICS: dict[str, Callable[[Talk], None]] = {
    "repair": intake.start_repair,
    "progress": status.tell,
    "complain": complaint.start,
    "fees": ask.fee,
    "training": enrol.choose,
    "person": person.hand_over,
}


def introduce(talk: Talk) -> None:
    """The consent notice (I1), once per version, before anything else is said."""
    version = talk.house.book.policy("consent_version")
    if talk.customer.consent_version != version:
        talk.say("consent", version=version)
        talk.customer.consent_version, talk.customer.consent_at = version, talk.at


def greet(talk: Talk) -> None:
    """By name, with the open ticket when there is one (A7); a question of ours stays open."""
    if talk.state.question is not None and talk.state.question.kind not in OFFERS:
        talk.say("greet.again")
        return
    tickets = tickets_of(talk.session, talk.customer, limit=1)
    name = talk.customer.name
    if name and tickets:
        talk.say("greet.open_ticket", **{**ticket_words(talk.house, tickets[0], talk.language), "name": name})
    elif name:
        talk.say("greet.known", name=name)
    else:
        talk.say("greet.new")
    talk.ask("menu", *MENU)


def menu(talk: Talk) -> None:
    """Back to the start; a draft is given up, a ticket filed early stays."""
    talk.state.forget_form()
    talk.state.later = talk.state.parked = None
    talk.say("menu")
    talk.ask("menu", *MENU)


def menu_choice(talk: Talk) -> bool:
    if re.search(r"[分星]", talk.text):  # 5分 is a rating, not the fifth item
        return False
    return pick(talk, talk.chosen() or "")


def pick(talk: Talk, item: str) -> bool:
    """Begin with an item of the menu; False when there is no such item."""
    topic = _MENU_TOPICS.get(item)
    if topic is None:
        return False
    talk.drop_question()
    topic(talk)
    return True


def thanks(talk: Talk) -> None:
    talk.say("thanks")


def nothing_pending(talk: Talk) -> bool:
    """No form and no question of ours: a bare 好的 is politeness, not an answer."""
    question = talk.state.question
    return talk.state.form is None and (question is None or question.kind in SOFT)


def noted(talk: Talk) -> None:
    talk.say("noted")


def goodbye(talk: Talk) -> None:
    talk.say("goodbye")


def misunderstood(talk: Talk) -> None:
    """At most twice before a person is offered; the pending question is asked again."""
    talk.outcome = "misunderstood"
    talk.state.misses += 1
    limit = talk.house.book.policy("misunderstandings_before_person")
    if talk.state.misses >= limit:
        talk.say("misunderstood.person")
    else:
        talk.say("misunderstood" if talk.text else "misunderstood.empty")
    question = talk.state.question
    if question is not None and question.kind not in SOFT:
        flow.ask_again(talk)
    else:
        talk.ask("menu", *MENU)

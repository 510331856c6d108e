"""转人工: a person, from anywhere, at any time; outside office hours a call-back is promised (A5)."""

import re

from core.care.notice import moment
from core.dialogue.talk import Talk
from core.dialogue.topics import slot_question, slots
from core.dialogue.topics.filed import open_ticket
from core.promise.calendar import NoHolidayData
from core.promise.opening import office_hours
from core.staff.push import push
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.ticket.theirs import files_alone, tickets_of

_WANTED = re.compile(
    r"转人工|人工客服|人工服务|找人工|要人工|接人工|转客服|找客服|接客服|真人|活人|转接|^人工$|^客服$|叫(?:个|一个)人来?(?:说|聊|接)|"
    r"(?:不要|不想|不跟|别).{0,4}机器人|speak to (?:a )?(?:human|person|agent)|human agent|real person|^(?:agent|human|person|operator)[.!]?$",
    re.IGNORECASE,
)
_NOT_WANTED = re.compile(r"(?:不用|不要|不需要|别|不想)(?:转|找|接)?(?:人工|客服)")


def wanted(talk: Talk) -> bool:
    """0, 转人工 in words, or a sure guess of the model; a 0 under a rating is a score, 不用转人工 is none."""
    if _NOT_WANTED.search(talk.text):
        return False
    question = talk.state.question
    rating = question is not None and question.kind == "rating"
    pressed = talk.digit == "0" and not rating
    sure = talk.intent == "talk_to_human" and talk.meaning.confidence >= 0.5
    return pressed or sure or _WANTED.search(talk.text) is not None


def hand_over(talk: Talk) -> None:
    """File what is known, tell the desk, and say when a person will be there."""
    slots.keep_facts(talk)
    slots.from_archive(talk)
    ticket, again = _ticket(talk)
    key = f"person:{ticket.number}:{talk.at.isoformat()}"
    push(
        talk.session,
        talk.house,
        key=key,
        audience="on_duty",
        wording="push.person",
        at=talk.at,
        ticket=ticket,
        text=talk.text[:100],
    )
    _say_when(talk, ticket, again)
    _ask_how_to_reach(talk, ticket)


def _ticket(talk: Talk) -> tuple[Ticket, bool]:
    """The ticket a person will pick up: the one being talked about, one already waiting, or a new one."""
    state = talk.state
    files_alone(talk.session, talk.customer)
    waiting = [
        t for t in tickets_of(talk.session, talk.customer) if t.wants == "person" or t.number == state.ticket
    ]
    if waiting:
        ticket = waiting[0]
        note(
            talk.session,
            ticket,
            verb="person_wanted",
            at=talk.at,
            actor=talk.actor,
            channel=talk.channel,
            text=talk.text[:200],
        )
        return ticket, True
    told = bool(state.form == "repair" and state.slots.get("category") and state.slots.get("description"))
    facts: dict[str, str] = {"wants": "person"}
    if not state.slots.get("description"):
        facts["description"] = talk.text[:500] or "0"
    return open_ticket(talk, kind="repair" if told else "consultation", facts=facts, announce=False), False


def _say_when(talk: Talk, ticket: Ticket, again: bool) -> None:
    hours = office_hours(talk.house)
    try:
        open_now, opening = hours.is_open(talk.at), hours.next_opening(talk.at)
    except NoHolidayData:
        open_now, opening = False, None  # better to promise a call than a person who may be on holiday
    key = "person.again" if again else "person.now" if open_now else "person.closed"
    talk.say(key, number=ticket.number, opening=moment(talk.house, opening))


def _ask_how_to_reach(talk: Talk, ticket: Ticket) -> None:
    known = dict(talk.state.slots)
    talk.state.forget_form()
    if ticket.phone or known.get("phone"):
        return
    talk.state.form, talk.state.ticket = "callback", ticket.number
    slot_question.ask_for(talk, "phone")

"""我的报修到哪一步了: the truth, for the customer's own tickets only."""

import re

from core.care.notice import moment
from core.dialogue.talk import Talk
from core.dialogue.topics import foreign
from core.dialogue.topics.filed import words
from core.service.model import Outlet
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of

MOST = 3
MOST_SPOKEN = 1  # the ear keeps no list; others are asked for by number


def tell(talk: Talk) -> None:
    """All open tickets, or the one asked for by number; somebody else's number tells nothing."""
    number = talk.facts.slots.get("ticket_no")
    mine = tickets_of(talk.session, talk.customer, only_open=False, limit=50 if number else 10)
    if number:
        asked = next((t for t in mine if t.number == number), None)
        if asked is None:
            talk.say("link.not_shown", number=number)
        else:
            _one(talk, asked)
        return
    told = talk.facts.slots.get("phone")
    mine = [t for t in mine if t.phone == told] or mine if told else mine
    if told and not any(t.phone == told for t in mine) and foreign.phone(talk):
        return
    running = [t for t in mine if t.closed_at is None]
    most = MOST_SPOKEN if talk.channel == "voice" else MOST
    for ticket in running[:most]:
        _one(talk, ticket)
    if len(running) > most:
        talk.say("status.more", count=len(running) - most)
    if not running:
        _none_open(talk, mine)


_ASKS = re.compile(r"查|进度|哪一步|到哪|怎么样了|状态|\bstatus\b|\bcheck\b", re.IGNORECASE)


# 师傅检查说压缩机坏了，电话138…: the number is how to reach them.
_TELLING = ("report_fault", "request_install", "file_complaint", "give_suggestion", "book_training")


def by_phone(talk: Talk) -> bool:
    """查一下13800138000的报修: a number to look under, not a fact for a form."""
    telling = talk.state.form is not None or talk.facts.slots.get("category") or talk.intent in _TELLING
    if telling or not talk.facts.slots.get("phone") or not _ASKS.search(talk.text):
        return False
    tell(talk)
    return True


def _none_open(talk: Talk, mine: list[Ticket]) -> None:
    if talk.state.form:
        talk.say("status.not_filed_yet")
    elif mine:
        talk.say("status.last", **words(talk, mine[0]))
    else:
        talk.say("status.none")


def _one(talk: Talk, ticket: Ticket) -> None:
    """The ticket's state in the customer's words, with the outlet and what comes next."""
    outlet = talk.session.get(Outlet, ticket.outlet_id) if ticket.outlet_id else None
    values = words(talk, ticket) | {
        "outlet": outlet.name if outlet else talk.house.book.text("word.our_outlet", talk.language),
        "kind": talk.label("kind", ticket.kind),
        "due": moment(talk.house, ticket.due_at),
        "opened": moment(talk.house, ticket.opened_at),
    }
    talk.say("status.one", **values)
    waits = ticket.state in ("filed", "accepted") and ticket.fee_consent == "asked"
    refused = ticket.state in ("filed", "accepted") and ticket.fee_consent == "refused"
    late = ticket.state in ("filed", "accepted") and ticket.due_at is not None and ticket.due_at < talk.at
    key = "fee" if waits else "late" if late and not refused else "refused" if refused else ticket.state
    talk.say(f"status.next.{key}", **values)

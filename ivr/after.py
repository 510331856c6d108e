"""After a turn of the dialogue: what the phone asks next, and what happens beside it."""

from collections.abc import Callable

from core.dialogue.state import Question, State
from core.dialogue.topics.decided import decisions
from core.dialogue.turn import Turned
from core.messaging.outbox import OutboxMessage
from core.ticket.find import find
from core.ticket.model import Ticket
from ivr.line import Line
from ivr.messages import send_text
from ivr.rules import FAULTS
from ivr.stations import address, person
from ivr.stations.review import RECORDED, thanks


def after_turn(line: Line, turned: Turned) -> None:
    """Put the answer on the line and choose who asks next."""
    outcome, answer = turned.outcome, turned.answer
    if answer is not None:
        line.said.append(_words(line, outcome, answer))
    customer = line.customer()
    if customer is not None and customer.language in line.policy()["languages"]:
        line.call.language = customer.language
        line.menu = line.phone.menus.of(customer.language)
    if outcome == "misunderstood":
        line.state.misses += 1
    if answer is not None and answer.weight == "result":
        _filed(line, answer, quiet=outcome in ("talk_to_human", "emergency"))
        if outcome not in ("talk_to_human", "emergency"):
            line.state.mark("filed")
    if outcome == f"recording_{RECORDED}":  # a call of ours: nobody is led into the menu
        thanks(line)
    elif outcome == "emergency":
        settle(line)
        person.alarm(line)
    elif outcome == "talk_to_human":
        person.connect(line)
    else:
        settle(line)


def _words(line: Line, outcome: str, answer: OutboxMessage) -> str:
    """The answer; who is about to be connected is not asked for a number first."""
    waits = outcome in ("talk_to_human", "emergency") and line.talk().question is not None
    paragraphs = answer.text.split("\n\n")
    return "\n\n".join(paragraphs[:-1] if waits and len(paragraphs) > 1 else paragraphs)


def _filed(line: Line, answer: OutboxMessage, *, quiet: bool) -> None:
    """The ticket goes to the caller in writing too; where it cannot, the number is said twice.

    ``quiet``: somebody is about to be connected, and nothing is added.
    """
    number = line.talk().last_ticket
    if number is None:
        return
    line.state.ticket = number
    ticket = find(line.session, number)
    sent = send_text(line, _in_writing(line, ticket), key=f"spoken:{number}", ticket_id=ticket.id)
    if number in answer.text and not quiet:
        line.say("voice.filed.sent" if sent else "voice.filed.again", number=number)


def _in_writing(line: Line, ticket: Ticket) -> str:
    """The number, and all that was decided with its reasons, for which a call has no time."""
    book = line.house.book
    decided = decisions(line.session, line.house, ticket, line.language)
    sentences = (book.text(sentence.wording, line.language, **sentence.values) for sentence in decided)
    return "\n".join((line.text("voice.filed.text", number=ticket.number), *sentences))


def settle(line: Line) -> None:
    """The station that asks the dialogue's question; without one, the node that follows."""
    talk = line.talk()
    question = talk.question
    if question is None or (question.kind == "menu" and talk.form is None):
        line.to_menu("main" if question is not None else line.state.after)
        line.state.after = "more"
        return
    line.state.path = []
    how = KINDS.get(question.kind)
    if question.kind in ("slot", "amend"):
        how = SLOTS.get(question.slot or "")
    if how is None:
        line.go("talk")
    else:
        how(line, talk, question)


def _category(line: Line, talk: State, question: Question) -> None:
    line.go("menu", node="category")


def _fault(line: Line, talk: State, question: Question) -> None:
    if talk.form == "complaint":
        line.go("tell", purpose="complaint")
        return
    node = f"{FAULTS}{talk.slots.get('category')}"
    line.go("menu", node=node if node in line.menu.nodes else f"{FAULTS}other")


def _entry(what: str) -> Callable[[Line, State, Question], None]:
    def enter(line: Line, talk: State, question: Question) -> None:
        line.go("enter", what=what, choices=[pair for pair in question.choices if pair[0] != "0"])

    return enter


def _address(line: Line, talk: State, question: Question) -> None:
    address.start(line, where=question.kind == "where")


SLOTS: dict[str, Callable[[Line, State, Question], None]] = {
    "category": _category,
    "description": _fault,
    "phone": _entry("phone"),
    "purchase_date": _entry("month"),
    "visit_time": _entry("day"),
    "address": _address,
}
KINDS = {
    "reschedule": _entry("day"),
    "where": _address,
    "link_phone": _entry("phone"),
    "link_code": _entry("code"),
}

"""转交 and 不用答 in a chat: a second card on which is chosen who takes the question, or why it needs no answer."""

import re
from typing import Any

from core.asked.hand_over import DESK, hand_over, must_wait
from core.asked.model import AskedQuestion
from core.asked.needless import REASONS, needs_no_answer
from core.asked.places import quotable
from core.asked.reply import everybody, first_of
from core.asked.takers import takers
from core.asked.writer import expect
from core.knowledge.book import LANGUAGES
from core.messaging.outbox import OutboxMessage
from core.staff.answers import Doing
from core.staff.card import change
from core.staff.refusal import Refused
from core.staff.rights import powers

BUTTONS = ("hand_over", "no_answer", "to", "reason")
MOST = 6  # buttons of a card in WeCom
_TO = re.compile(r"^(?:给|to\s+|@)\s*", re.IGNORECASE)
_AROUND = " \t\n。.!！,，@:："


def pressed(
    doing: Doing, question: AskedQuestion, row: OutboxMessage, answer: str, receipt: str | None, key: str
) -> str:
    """The button of a push brings the second card; a button of that does it."""
    if answer in ("hand_over", "no_answer"):
        return _ask_whom(doing, question) if answer == "hand_over" else _ask_why(doing, question)
    chosen, holder = row.extra["of"][key], row.extra["holder"]
    # First: what follows closes all other cards.
    row.pressed_at, row.pressed_key = row.pressed_at or doing.at, key
    if answer == "to":
        said = _hand_over(doing, chosen, holder=holder)
        label = _say(doing, "asked.card.to", by=doing.person.name, name=chosen)
    else:
        said = _needs_none(doing, chosen, holder=holder)
        label = _say(doing, "asked.card.no_answer", by=doing.person.name)
    change(doing.session, row, label, receipt, at=doing.at, key=doing.mark)
    return said


def _ask_whom(doing: Doing, question: AskedQuestion) -> str:
    """The likeliest colleagues as buttons; whoever else may be typed."""
    _theirs(doing, question)
    names = [
        one.person.name
        for one in takers(doing.session, doing.at, but=doing.ticket.assignee)
        if one.away is None and one.person.name != doing.person.name
    ]
    if not names:
        raise Refused("asked.nobody_else", number=doing.ticket.number)
    expect(doing, question, "hand_over")
    _card(doing, "to", {str(place): name for place, name in enumerate(names[:MOST], 1)}, names[:MOST])
    return _asks(doing, question, "asked.pick_person", name=names[0])


def _ask_why(doing: Doing, question: AskedQuestion) -> str:
    _theirs(doing, question)
    labels = [doing.house.book.label("asked_reason", reason, doing.person.language) for reason in REASONS]
    expect(doing, question, "no_answer")
    _card(doing, "reason", {str(place): reason for place, reason in enumerate(REASONS, 1)}, labels)
    return _asks(doing, question, "asked.pick_reason", reason=labels[0])


def _asks(doing: Doing, question: AskedQuestion, key: str, **values: Any) -> str:
    askers = len(everybody(doing.session, question))
    # Without its number: who replies to this card in Telegram writes a name, and no answer.
    words = {"question": quotable(question.text), "askers": askers}
    return _say(doing, key, **words, **values)


def _card(doing: Doing, picks: str, of: dict[str, str], labels: list[str]) -> None:
    doing.card["choices"] = [{"key": key, "label": label} for key, label in zip(of, labels, strict=True)]
    doing.card["extra"] = {
        "to": doing.person.name,
        "picks": picks,
        "of": of,
        "holder": doing.ticket.assignee or DESK,
        "language": doing.person.language,
    }


def _theirs(doing: Doing, question: AskedQuestion) -> None:
    """Refused where it waits no more, or is somebody else's and this person is not of those who divide the work."""
    must_wait(doing.house, question, doing.ticket)
    name, whose = doing.person.name, doing.ticket.assignee
    if whose not in (None, name) and not powers(doing.person.role).permit("reply", mine=False, told=True):
        raise Refused("asked.not_yours", number=doing.ticket.number, name=whose)


def _hand_over(doing: Doing, name: str, *, holder: str | None = None) -> str:
    row = hand_over(doing.session, doing.house, to=name, holder=holder, **_order(doing))
    key = "asked.done.to_me" if row.trainer == doing.person.name else "asked.done.to"
    return _say(doing, key, number=doing.ticket.number, name=row.trainer, due=_due(doing))


def _due(doing: Doing) -> str:
    due_at = doing.ticket.due_at
    return f"{doing.house.local(due_at):%m-%d %H:%M}" if due_at else "—"


def _needs_none(doing: Doing, reason: str, *, holder: str | None = None) -> str:
    ended = needs_no_answer(doing.session, doing.house, reason=reason, holder=holder, **_order(doing))
    key = "asked.done.no_answer" if ended.told == 0 else "asked.done.no_answer_told"
    return _say(doing, key, number=doing.ticket.number, told=ended.told)


def _order(doing: Doing) -> dict[str, Any]:
    return {
        "number": doing.ticket.number,
        "by": doing.person.name,
        "at": doing.at,
        "channel": doing.channel,
    }


def to_named(doing: Doing, text: str) -> str:
    """Handed over to who is named; without a name it is asked for."""
    question, name = first_of(doing.session, doing.ticket.number), _TO.sub("", text.strip(_AROUND))
    if not name:
        return _ask_whom(doing, question)
    _theirs(doing, question)
    return _hand_over(doing, name)


def for_reason(doing: Doing, text: str) -> str:
    """Ended for a reason in the words of the house; any others, and it is asked for."""
    question, said = first_of(doing.session, doing.ticket.number), text.strip(_AROUND).lower()
    _theirs(doing, question)
    label = doing.house.book.label
    known = {
        label("asked_reason", each, language).lower(): each for each in REASONS for language in LANGUAGES
    }
    return _needs_none(doing, known[said]) if said in known else _ask_why(doing, question)


def _say(doing: Doing, key: str, **values: Any) -> str:
    return doing.house.book.text(key, doing.person.language, **values)

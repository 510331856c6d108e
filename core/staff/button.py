"""A button under a push, pressed: the first press counts, everybody else is told who has the ticket."""

from typing import Any

from sqlalchemy.orm import Session

from core.asked import chat as asked
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.staff import answers
from core.staff.answers import Doing
from core.staff.card import LIVES, VERBS, change, meaning_of
from core.staff.command import Command
from core.staff.orders import carry_out, line
from core.staff.refusal import Refused
from core.staff.rights import powers
from core.ticket.lifecycle import ENDED


def pressed_row(session: Session, message: InboxMessage) -> OutboxMessage | None:
    """The push whose button it is; None for one that is not ours, or not for staff."""
    number = message.payload.get("outbox")
    known = isinstance(number, int) and 0 < number < 2**31  # as large as ids are; a forged one may be larger
    row = session.get(OutboxMessage, number) if known else None
    return row if row is not None and row.audience == "staff" else None


def is_staffs(session: Session, message: InboxMessage) -> bool:
    """A press of one of the buttons that staff were shown."""
    return pressed_row(session, message) is not None


def press(doing: Doing, row: OutboxMessage, payload: dict[str, Any]) -> str:
    """``payload``: key, and the receipt by which this press lets us change the card, where the provider gives one."""
    receipt = payload.get("receipt") or row.receipt
    answer = meaning_of(row, str(payload.get("key")))
    if row.extra.get("to") != doing.person.name:
        return _say(doing, "staff.press.not_yours", **_state(doing))
    if answer is None or str(payload.get("key")) not in [choice["key"] for choice in row.choices]:
        return _say(doing, "staff.press.unknown")
    if answer in asked.BUTTONS:
        return asked.pressed(doing, row, answer, receipt, str(payload["key"]))
    late = _too_late(doing, row, answer)
    if late is not None:
        # The screen may be an old one: show there too how it stands.
        change(doing.session, row, _label(doing), receipt, at=doing.at, key=doing.mark)
        return _say(doing, late, **_state(doing))
    return _first(doing, row, answer, receipt, str(payload["key"]))


def _too_late(doing: Doing, row: OutboxMessage, answer: str) -> str | None:
    if doing.ticket.state in ENDED:
        return "staff.ended"
    if row.pressed_key is not None:
        return "staff.press.again"
    others = doing.ticket.assignee not in (None, doing.person.name)
    if row.pressed_at is not None or (others and answer == "take"):
        return "staff.taken"
    return "staff.press.expired" if doing.at - row.said_at > LIVES else None


def _first(doing: Doing, row: OutboxMessage, answer: str, receipt: str | None, key: str) -> str:
    row.pressed_at, row.pressed_key = doing.at, key  # first: taking it closes all other cards
    if answer == "later":
        if not powers(doing.person.role).permit("later", mine=False, told=True):
            raise Refused("staff.press.unknown")
        at = answers.later(doing, row.text)
        label, said = "staff.card.later", _say(doing, "staff.done.later", at=at, number=doing.ticket.number)
        text = _say(doing, label, at=at)
    else:
        said = carry_out(doing, Command(VERBS[answer], doing.ticket.number))
        text = _say(doing, f"staff.card.{answer}", name=doing.person.name)
    change(doing.session, row, text, receipt, at=doing.at, key=doing.mark)
    return said


def _label(doing: Doing) -> str:
    return _say(doing, "staff.card.state", **_state(doing))


def _state(doing: Doing) -> dict[str, str]:
    return line(doing)


def _say(doing: Doing, key: str, **values: Any) -> str:
    return doing.house.book.text(key, doing.person.language, **values)

"""The buttons under a push, and taking them away once somebody has the ticket."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.messaging.outbox import OutboxMessage, say
from core.staff.model import Staff
from core.staff.rights import powers
from core.ticket.lifecycle import ENDED
from core.ticket.model import ANSWER, Ticket

# Six at most for one person: WeCom shows no more.
ANSWERS = (
    ("5", "answer"),
    ("6", "hand_over"),
    ("7", "no_answer"),
    ("1", "take"),
    ("4", "seen"),
    ("2", "hand_up"),
    ("3", "later"),
)
VERBS = {
    "answer": "answer",
    "hand_over": "hand_over",
    "no_answer": "no_answer",
    "take": "accept",
    "seen": "accept",
    "hand_up": "hand_up",
    "later": "later",
}
QUESTION = {"answer", "hand_over", "no_answer"}  # what makes sense where an answer is wanted
# Under an answer that was given: shall it answer the next asker as well?
CONFIRM = "push.asked_confirm"
WORDING = (("1", "keep"), ("2", "reword"), ("3", "no_keep"))
# These tell, and want nobody.
NEWS = (
    "push.cancelled",
    "push.fee_given",
    "push.fee_refused",
    "push.supplement",
    "push.chain_taken",
    "push.chain_late",
    "push.qa_group_reminded",
    "push.qa_group_unconfirmed",
    "push.qa_group_unsent",
)
# A WeCom card can be changed for so long; an older one says nothing about today.
LIVES = timedelta(hours=72)


def choices_for(house: House, person: Staff, ticket: Ticket | None, wording: str) -> list[dict[str, str]]:
    """What this person may answer to a push; nothing where it wants nobody."""
    if wording == CONFIRM:
        return [_choice(house, person, key, answer) for key, answer in WORDING]
    if ticket is None or ticket.state in ENDED or wording in NEWS:
        return []
    may, mine = powers(person.role), ticket.assignee == person.name
    taken = ticket.assignee is not None and not mine
    alert = wording in house.book.policy("escalation")["alerts"]
    hidden = _hidden(taken=taken, alert=alert, question=ticket.wants == ANSWER, mine=mine)
    return [
        _choice(house, person, key, answer)
        for key, answer in ANSWERS
        if may.permit(VERBS[answer], mine=mine, told=True) and answer not in hidden
    ]


def _hidden(*, taken: bool, alert: bool, question: bool, mine: bool) -> set[str]:
    """What makes no sense on this card: what somebody has is not taken again, and only questions are answered."""
    # An alert about somebody else's ticket goes on until it was seen; the ticket stays theirs.
    hidden = {"take"} if taken and alert else {"take", "seen"} if taken else {"seen"}
    return hidden | ({"take"} if question and mine else set()) | (set() if question else QUESTION)


def _choice(house: House, person: Staff, key: str, answer: str) -> dict[str, str]:
    return {"key": key, "label": house.book.label("choice", answer, person.language)}


def meaning_of(row: OutboxMessage, key: str) -> str | None:
    """What a button of a card stands for."""
    if picks := row.extra.get("picks"):  # a second card, on which something is chosen
        return str(picks)
    return dict(WORDING if row.extra.get("wording") == CONFIRM else ANSWERS).get(key)


def open_cards(session: Session, ticket: Ticket) -> list[OutboxMessage]:
    """The cards about a ticket that still have buttons, on everybody's screen."""
    query = select(OutboxMessage).where(
        OutboxMessage.ticket_id == ticket.id,
        OutboxMessage.audience == "staff",
        OutboxMessage.pressed_at.is_(None),
        OutboxMessage.status != "dead",
    )
    # One that is being sent this moment is left alone: whoever presses it is told.
    rows = session.scalars(query.order_by(OutboxMessage.id).with_for_update(skip_locked=True))
    return [row for row in rows if row.choices and row.extra.get("wording") != CONFIRM]


def close_cards(
    session: Session,
    house: House,
    ticket: Ticket,
    wording: str,
    *,
    at: datetime,
    but: str | None = None,
    **values: Any,
) -> None:
    """Say on every card who has the ticket now, and take its buttons away; not on those of ``but``."""
    for row in open_cards(session, ticket):
        if but is not None and row.extra.get("to") == but:
            continue
        row.pressed_at = at
        label = house.book.text(wording, row.extra.get("language", "zh"), **values)
        change(session, row, label, row.receipt, at=at)


def change(
    session: Session, row: OutboxMessage, label: str, receipt: str | None, *, at: datetime, key: str = ""
) -> None:
    """Queue what a card looks like from now on. ``receipt`` is what the provider lets us change it by."""
    if not receipt:  # not sent yet: whoever presses it later is told
        return
    say(
        session,
        at=at,
        channel=row.channel,
        account=row.account,
        recipient=row.recipient,
        text=f"{row.text}\n\n✔ {label}",
        audience="staff",
        key=f"card:{row.id}:{key}",
        extra={"edit": receipt, "label": label, "to": row.extra.get("to", "")},
    )

"""An answer that its group did not take, deleted or closed to us: whoever asked there has it in private, else is called (G3).

A promise, since who sends holds the message, and the askers' chats come before it.
"""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from core.asked.model import AskedQuestion
from core.asked.places import private_chats, tell_apart
from core.asked.reply import everybody, wording_of
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise, promise

KIND = "asked_private"
_ANSWER = re.compile(
    r"asked:(\d+):(\d+)"
)  # the key under which reply.py says it: question, and which answer to it


def answer_unsaid(session: Session, message: OutboxMessage, *, at: datetime) -> None:
    """``message`` was refused for good; what is no answer in a group is left alone."""
    found = _ANSWER.fullmatch(message.key or "")
    if found is None or "group" not in message.extra:
        return
    payload = {"question": int(found[1]), "answers": int(found[2])}
    promise(session, {"key": f"{KIND}:{message.id}", "kind": KIND, "due_at": at, "payload": payload})


def keep_asked_private(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Once for each who asked in that group. What was corrected meanwhile goes its own way."""
    asked = session.get_one(AskedQuestion, row.payload["question"])
    first = session.get_one(AskedQuestion, asked.same_as_id) if asked.same_as_id else asked
    everyone = everybody(session, first)
    rows = [one for one in everyone if one.group_id == asked.group_id]
    chats = private_chats(session, rows)
    session.refresh(first)
    if first.answers != row.payload["answers"] or first.answer is None:
        row.status, row.ended_at, row.reason = "cancelled", now, "a newer answer is said"
        return None
    wording, told = wording_of(first), {one.customer_id for one in everyone if one.group_id is None}
    for one in rows:
        if one.customer_id in told:
            continue
        told.add(one.customer_id)
        key = f"asked:{one.id}:apart:{first.answers}"
        said = {"answer": first.answer, "by": first.answered_by}
        tell_apart(session, house, one, chats.get(one.id), wording, key=key, at=now, **said)
    return None

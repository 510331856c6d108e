"""The learning loop: what is kept for people to look at, and what they say of it."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.dialogue.meaning import INTENTS, SYMPTOMS, Meaning
from core.house import House
from core.nlu_review.mask import MARK, masked, masked_text
from core.nlu_review.model import NluReview
from core.ticket.model import Ticket

FAULTS = ("report_fault", "emergency")
LONGEST = 500
_WORDS = re.compile(r"[^\W\d_]{2,}")


class BadLabel(Exception):
    """这个标注不合规则：{why}。"""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def doubt(session: Session, house: House, meaning: Meaning, *, at: datetime) -> None:
    """Keep a sentence that the model was not sure of. One insert, and only then; keywords are never sure."""
    if meaning.source != "rasa" or meaning.confidence >= house.book.policy("nlu_review")["below"]:
        return
    _keep(session, masked(meaning), _told(meaning), meaning.confidence, "low_confidence", at)


def corrected(session: Session, ticket: Ticket, symptom: str | None, *, by: str, at: datetime) -> None:
    """Keep the description of a ticket whose symptom was put right by a person (``symptom``: what it was before)."""
    known = (("phone", ticket.phone), ("address", ticket.address), ("person", ticket.name))
    if ticket.description and symptom != ticket.symptom:
        told = {"intent": "report_fault", "symptom": symptom, "non_quality": ticket.non_quality}
        _keep(session, masked_text(ticket.description, *known), told, 0.0, "staff_corrected", at, by)


def waiting(session: Session, *, limit: int) -> list[NluReview]:
    """What is to be looked at, newest first."""
    query = select(NluReview).where(NluReview.status == "open").order_by(NluReview.id.desc()).limit(limit)
    return list(session.scalars(query))


def counted(session: Session) -> dict[str, int]:
    """How many there are of each status."""
    rows = session.execute(select(NluReview.status, func.count()).group_by(NluReview.status))
    return {row[0]: row[1] for row in rows}


def labelled(session: Session) -> list[NluReview]:
    """Every labelled sentence, oldest first."""
    return list(
        session.scalars(select(NluReview).where(NluReview.status == "labelled").order_by(NluReview.id))
    )


def settle(session: Session, row: int, label: dict[str, Any] | None, *, by: str, at: datetime) -> bool:
    """File a sentence under a label, or dismiss it (None), with all that read the same; False when it was settled."""
    kept = None if label is None else checked(label)
    found = session.scalars(select(NluReview).where(NluReview.id == row).with_for_update()).first()
    if found is None or found.status != "open":
        return False
    same = (NluReview.text == found.text, NluReview.status == "open")
    values = {"status": "dismissed" if kept is None else "labelled", "label": kept, "by": by, "at": at}
    session.execute(
        update(NluReview).where(*same, NluReview.id != row).values(status="dismissed", by=by, at=at)
    )
    session.execute(update(NluReview).where(NluReview.id == row).values(**values))
    return True


def checked(label: dict[str, Any]) -> dict[str, Any]:
    """A label in the shape of the contract. Raises BadLabel."""
    intent, symptom = label.get("intent"), label.get("symptom") or None
    if intent not in INTENTS:
        raise BadLabel(f"intent: {intent}")
    if intent not in FAULTS:
        return {"intent": intent, "symptom": None, "non_quality": None}
    if symptom not in SYMPTOMS:
        raise BadLabel(f"symptom: {symptom}")
    return {
        "intent": intent,
        "symptom": symptom,
        "non_quality": intent == "report_fault" and bool(label.get("non_quality")),
    }


def _told(meaning: Meaning) -> dict[str, Any]:
    return {"intent": meaning.intent, "symptom": meaning.symptom, "non_quality": meaning.non_quality}


def _keep(
    session: Session,
    text: str,
    told: dict[str, Any],
    confidence: float,
    why: str,
    at: datetime,
    by: str | None = None,
) -> None:
    if _WORDS.search(MARK.sub("", text)):  # a bare name or number teaches nothing
        session.add(
            NluReview(text=text[:LONGEST], meaning=told, confidence=confidence, why=why, by=by, at=at)
        )

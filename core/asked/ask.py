"""Asking: answered from the articles, else put to a trainer or a colleague with a promise of an answer (G3)."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.asked.model import BY_ARTICLE, WAITING, AskedQuestion
from core.asked.put import Waits, put
from core.asked.same import plain
from core.asked.whom import trainer_for
from core.customer.model import Customer
from core.house import House
from core.knowledge.questions import Answered, answer
from core.knowledge.terms import HouseWords

LONGEST = 1000
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Known:
    """The house knows an answer; ``found`` names its source."""

    row: AskedQuestion
    found: Answered


def ask(
    session: Session,
    house: House,
    *,
    asker: Customer,
    text: str,
    group_id: int | None,
    category: str | None,
    quote: str | None,
    at: datetime,
    channel: str,
    conversation_id: int | None = None,
    kind: str = "consultation",
) -> Known | Waits:
    """One question, kept whichever way it is answered; the caller says it and commits. The conversation is held.

    ``category`` is the product it is about, as far as that is known; ``quote`` the inbox row it was asked in;
    ``kind`` that of the ticket where no trainer of the asker's is known.
    """
    trainer = trainer_for(session, asker.id, group_id=group_id, category=category)
    row = AskedQuestion(
        customer_id=asker.id,
        group_id=group_id,
        conversation_id=conversation_id,
        quote=quote,
        text=text[:LONGEST],
        category=category,
        trainer=trainer,
        alike=f"{trainer or ''}|{category or ''}|{plain(text, house_words(house))}",
        asked_at=at,
        state=WAITING,
        answers=0,
    )
    found = _known(session, house, row, asker.language)
    if found is None:
        return put(session, house, row, asker, at=at, channel=channel, kind=kind)
    row.state, row.found = BY_ARTICLE, found.pair.key
    session.add(row)
    session.flush()
    return Known(row, found)


def house_words(house: House) -> HouseWords:
    policy = house.book.policy("search")
    return HouseWords(policy["silent"], policy["same"])


def _known(session: Session, house: House, row: AskedQuestion, language: str) -> Answered | None:
    found = answer(session, house, row.text, category=row.category, language=language)
    # What a private chat was about before need not be what it is about now; a group keeps to its product.
    if not isinstance(found, Answered) and row.category and row.group_id is None:
        found = answer(session, house, row.text, language=language)
    unreadable = isinstance(found, Answered) and language != "zh" and _HAN.search(found.pair.answer)
    return found if isinstance(found, Answered) and not unreadable else None

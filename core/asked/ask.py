"""Asking: answered from the articles, else put to a trainer or a colleague with a promise of an answer (G3)."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.asked.model import BY_ARTICLE, WAITING, AskedQuestion
from core.asked.put import Waits, put
from core.asked.same import plain
from core.asked.whom import trainer_for
from core.customer.model import Customer
from core.dialogue.lexicon import categories_of
from core.house import House
from core.knowledge.questions import Answered, Pair, Unanswered, answer, of_another
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
    sense: bytes = b"",
) -> Known | Waits:
    """One question, kept whichever way it is answered; the caller says it and commits. The conversation is held.

    ``category`` is the product it is about, as far as that is known; ``quote`` the inbox row it was asked in;
    ``kind`` that of the ticket where no trainer of the asker's is known; ``sense`` is the text's (``Meaning.sense``).
    """
    trainer = trainer_for(session, asker.id, group_id=group_id, category=category, at=at)
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
    found = _found(session, house, row, asker.language, sense)
    if isinstance(found, Unanswered) or not _readable(found.pair.answer, asker.language):
        waits = put(session, house, row, asker, at=at, channel=channel, kind=kind)
        return replace(waits, nearest=_worth_offering(house, found, asker.language))
    row.state, row.found = BY_ARTICLE, found.pair.key
    session.add(row)
    session.flush()
    return Known(row, found)


def may_be_meant(
    session: Session, house: House, text: str, *, language: str, sense: bytes
) -> tuple[Pair, ...]:
    """The pairs near to words that were not understood; none that holds for another product than is named."""
    found = answer(session, house, text, category=searched(text, None), language=language, sense=sense)
    pairs = _worth_offering(house, found, language)
    return tuple(pair for pair in pairs if not of_another(pair.category, text))


def chosen(
    session: Session,
    house: House,
    pair: Pair,
    *,
    asker: Customer,
    text: str,
    at: datetime,
    conversation_id: int,
) -> AskedQuestion:
    """Words that were not understood, and what their writer chose for them: kept as a question that ``pair`` answered."""
    mine = select(AskedQuestion).where(
        AskedQuestion.customer_id == asker.id,
        AskedQuestion.text == text,
        AskedQuestion.found == pair.key,
        AskedQuestion.state == BY_ARTICLE,
    )
    before = session.scalars(mine.order_by(AskedQuestion.id.desc()).limit(1)).first()
    if before is not None:  # an old button, pressed again
        return before
    category = pair.category if pair.category != "other" else None
    row = AskedQuestion(
        customer_id=asker.id,
        conversation_id=conversation_id,
        text=text,
        category=category,
        alike=f"|{category or ''}|{plain(text, house_words(house))}",
        asked_at=at,
        state=BY_ARTICLE,
        found=pair.key,
        answers=0,
    )
    session.add(row)
    session.flush()
    return row


def searched(text: str, category: str | None) -> str | None:
    """The product whose answers may be given: where only appliances are named that are not ours, what holds for ours does not."""
    return "other" if categories_of(text) == {"other"} else category


def house_words(house: House) -> HouseWords:
    """Synonyms and words that say nothing, as staff edited them."""
    policy = house.book.policy("search")
    return HouseWords(policy["silent"], policy["same"])


def _found(
    session: Session, house: House, row: AskedQuestion, language: str, sense: bytes
) -> Answered | Unanswered:
    category = searched(row.text, row.category)
    found = answer(session, house, row.text, category=category, language=language, sense=sense)
    # What a private chat was about before need not be what it is about now; a group keeps to its product.
    if isinstance(found, Unanswered) and category == row.category and category and row.group_id is None:
        wider = answer(session, house, row.text, language=language, sense=sense)
        return wider if isinstance(wider, Answered) or wider.confidence > found.confidence else found
    return found


def _worth_offering(house: House, found: Answered | Unanswered, language: str) -> tuple[Pair, ...]:
    """The pairs that may be meant; below the policy ``search.offer`` they are noise."""
    if found.confidence < house.book.policy("search")["offer"]:
        return ()
    pairs = found.nearest if isinstance(found, Unanswered) else (found.pair, *found.also)
    return tuple(pair for pair in pairs if _readable(pair.question + pair.answer, language))


def _readable(text: str, language: str) -> bool:
    return language == "zh" or not _HAN.search(text)

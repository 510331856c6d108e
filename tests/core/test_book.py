"""The house's book is read once, by whoever asks first; nobody is told what is shipped where it was edited."""

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.knowledge.book import Book
from core.service.model import Policy
from tests.waiting import PATIENCE


def test_who_asks_while_the_book_is_read_for_the_first_time_is_told_what_was_edited(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.database.session() as session:
        session.scalars(select(Policy).where(Policy.name == "voice")).one().value = {"most_steps": 7}
        session.commit()
    book, reads, go, told = Book(house.database), threading.Event(), threading.Event(), list[int]()
    load = book._load

    def slowly(session: Session) -> None:
        reads.set()
        go.wait(PATIENCE)
        load(session)

    monkeypatch.setattr(book, "_load", slowly)
    asks = [threading.Thread(target=lambda: told.append(book.policy("voice")["most_steps"])) for _ in "12"]
    asks[0].start()
    assert reads.wait(PATIENCE) and not book.is_fresh()
    asks[1].start()
    asks[1].join(0.3)  # time enough to be told what was shipped
    go.set()
    for ask in asks:
        ask.join()
    assert told == [7, 7] and book.is_fresh()

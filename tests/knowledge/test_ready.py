"""What a question needs is made before anybody asks, with a language model or without one."""

import threading
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy.orm import Session

from app.upkeep import Upkeep
from core.house import House
from core.knowledge import shelf
from core.knowledge.book import Book
from core.knowledge.questions import Answered, Unanswered, learn
from core.media.store import MediaStore
from nlu.client import NluClient
from tests.conftest import house_on
from tests.knowledge.test_senses import ask
from tests.play import Story
from tests.waiting import PATIENCE, until


def test_the_index_is_made_at_the_start(house: House, tmp_path: Path) -> None:
    upkeep = Upkeep(house, NluClient(None), MediaStore(tmp_path), modelled=False)
    assert house.book not in shelf._shelves
    upkeep.start(working=False)
    until(lambda: house.book in shelf._shelves)
    upkeep.stop()


def test_others_may_write_while_the_first_question_waits_for_the_index(house: House) -> None:
    story, real, stored = Story(house), shelf._renewed, []

    def made(session: Session, book: Book, *args: Any) -> Any:
        if book is house.book:  # an earlier test's house may still be preparing
            stored.append(story.arrive("李先生", "你好"))
        return real(session, book, *args)

    with patch.object(shelf, "_renewed", made):
        assert "出处：" in story.says("教学一体机怎么无线投屏")
    assert len(stored) == 1


def test_an_edit_is_found_at_once_while_another_house_makes_its_index(house: House) -> None:
    """Where a process has several houses, as it has in tests, one that is still preparing holds up no other."""
    other, real = house_on(house.database.url), shelf._renewed
    makes, go = threading.Event(), threading.Event()
    assert isinstance(ask(house, "吊扇要怎么装"), Unanswered)

    def slowly(session: Session, book: Book, *args: Any) -> Any:
        if book is other.book:
            makes.set()
            go.wait(PATIENCE)
        return real(session, book, *args)

    with patch.object(shelf, "_renewed", slowly):
        preparing = threading.Thread(target=ask, args=(other, "吊扇要怎么装"))
        preparing.start()
        assert makes.wait(PATIENCE)
        with house.database.session() as session:
            learn(session, "吊扇要怎么装", "请预约安装。", product="other", by="李工", source="李工")
            session.commit()
        found = ask(house, "吊扇要怎么装")
        go.set()
        preparing.join()
    other.database.close()
    assert isinstance(found, Answered)

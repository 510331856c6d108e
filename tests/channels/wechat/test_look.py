"""Whether an answer may still come, asked at the very moment at which it comes."""

from typing import Any

from sqlalchemy import event

from core.house import House
from core.messaging.carried import look
from tests.play import Story


def test_a_turn_that_ends_in_the_middle_of_a_look_is_not_over_without_an_answer(house: House) -> None:
    story = Story(house)
    inbox, first = story.arrive("王女士", "你好"), [True]

    def ends(*_: Any) -> None:
        if first and first.pop():
            story._inbox()

    with house.database.reading() as session:
        session.connection()
        event.listen(house.database.readers, "after_cursor_execute", ends)
        seen = look(session, inbox)
    assert not first and (seen.answer is not None or seen.open)

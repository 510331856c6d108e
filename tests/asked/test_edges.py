"""An answer given twice, by a second colleague, to who asked in two places, in a chat that became somebody else's."""

import pytest
from sqlalchemy import select, update

from core.asked.end import withdraw
from core.asked.model import AskedQuestion
from core.customer.model import Customer, Identity
from core.staff.model import Staff
from core.ticket.model import Ticket
from core.training.model import TrainingSession
from tests.asked.conftest import ANSWER, QUESTION, SUN, Asking
from tests.asked.test_group import group, in_group, posted
from tests.stories.chatting import ZHOU

__all__ = ["group"]
OTHER = "课上说的那个隐藏菜单怎么调出来"


@pytest.fixture
def waiting(asking: Asking) -> Asking:
    asking.attended("wu", "吴敏", "13800138001")
    asking.says(QUESTION, who="wu")
    return asking


def answers(asking: Asking, who: str, channel: str = "webchat") -> list[str]:
    return [m.text for m in asking.recorders[channel].sent if m.recipient == who and ANSWER in m.text]


def test_the_same_words_by_an_impatient_thumb_are_said_once(waiting: Asking) -> None:
    for _ in range(3):
        said = waiting.types(SUN, f"#{waiting.number()} 回答 {ANSWER}")
    assert "已发给" not in said and len(answers(waiting, "wu")) == 1 and waiting.asked()[0].answers == 1


def test_two_colleagues_answer_the_second_corrects_the_first(waiting: Asking) -> None:
    number = waiting.number()
    waiting.types(SUN, f"#{number} 回答 {ANSWER}")
    waiting.types(ZHOU, f"#{number} 回答 {ANSWER}贴卡前先息屏。")
    first, second = answers(waiting, "wu")
    assert "孙老师" in first and "更正" not in first and "更正" in second and "周客服" in second
    (row,) = waiting.asked()
    assert (row.answers, row.answered_by) == (2, "周客服")
    waiting.conserved()


def test_what_was_not_to_be_kept_is_asked_again_once_it_is_corrected(waiting: Asking) -> None:
    number = waiting.number()
    waiting.types(SUN, f"#{number} 回答 {ANSWER}")
    waiting.types(SUN, f"#{number} 不收录")
    assert waiting.asked()[0].keep is False
    waiting.types(SUN, f"#{number} 回答 {ANSWER}贴卡前先息屏。")
    assert waiting.asked()[0].keep is None


def test_who_asks_in_private_and_in_the_group_is_answered_in_both(group: Asking) -> None:
    """The others of the group wait as well; whoever asked in private need not look there."""
    with group.house.database.session() as session:  # 孙老师 taught them, so both are put to her
        session.execute(update(TrainingSession).values(state="held"))
        session.commit()
    group.attended("501", "吴敏", "13800138001", channel="telegram")
    group.says(QUESTION, who="501", channel="telegram")
    in_group(group, "501", QUESTION)
    in_group(group, "501", QUESTION)
    assert [row.group_id is None for row in group.asked()] == [True, False]
    assert "已发给 2 处" in group.types(SUN, f"#{group.number()} 回答 {ANSWER}")
    assert len(posted(group)) == 1 and len(answers(group, "501", "telegram")) == 1
    group.conserved()


def test_a_chat_that_became_somebody_elses_hears_no_answer(waiting: Asking) -> None:
    """Unlinked from her while she waits: whoever has the chat now asked nothing."""
    with waiting.house.database.session() as session:
        stranger = Customer(name="别人", created_at=waiting.house.clock.now())
        session.add(stranger)
        session.flush()
        mine = update(Identity).where(Identity.external_id == "wu")
        session.execute(mine.values(customer_id=stranger.id))
        session.commit()
    waiting.types(SUN, f"#{waiting.number()} 回答 {ANSWER}")
    assert answers(waiting, "wu") == [] and waiting.asked()[0].state == "answered"
    assert "请打电话" in "".join(m.text for m in waiting.recorders["wecom"].sent if m.recipient == ZHOU)


def test_words_belong_to_the_button_that_was_pressed_last(waiting: Asking) -> None:
    first = waiting.card(SUN)
    waiting.says(OTHER, who="wu")
    waiting.presses(SUN, "回答", card=first)
    waiting.presses(SUN, "回答")
    waiting.types(SUN, ANSWER)
    states = {row.text: row.state for row in waiting.asked()}
    assert states == {QUESTION: "waiting", OTHER: "answered"}
    with waiting.house.database.reading() as session:
        writers = session.scalars(select(AskedQuestion.writer)).all()
    assert set(writers) == {None}


def test_who_works_here_no_more_writes_no_answer(waiting: Asking) -> None:
    waiting.presses(SUN, "回答")
    waiting.set("孙老师", active=False)
    waiting.types(SUN, ANSWER)
    assert waiting.asked()[0].state == "waiting" and answers(waiting, "wu") == []


def test_a_ticket_that_ends_takes_only_what_still_waits(waiting: Asking) -> None:
    waiting.types(SUN, f"#{waiting.number()} 回答 {ANSWER}")
    with waiting.house.database.session() as session:
        withdraw(session, session.scalars(select(Ticket).where(Ticket.wants == "answer")).one())
        session.commit()
    assert waiting.asked()[0].state == "answered"


def test_whoever_taught_last_is_asked(asking: Asking) -> None:
    asking.attended("wu", "吴敏", "13800138001")
    asking.hire("钱老师", "trainer", wecom_id="QianLaoShi")
    asking.passes("2d")
    with asking.house.database.reading() as session:
        qian = session.scalars(select(Staff.id).where(Staff.name == "钱老师")).one()
    asking.attended("wu", "吴敏", "13800138001", trainer_id=qian)
    asking.says(QUESTION, who="wu")
    assert asking.asked()[0].trainer == "钱老师" and not asking.cards("提问待答")

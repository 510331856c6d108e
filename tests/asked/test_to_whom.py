"""Whom a question is put to, when words belong to it, and what of it is kept for others."""

import pytest
from sqlalchemy import select, update

from core.knowledge.model import Question
from core.training.model import Enrolment
from tests.asked.conftest import ANSWER, QUESTION, SUN, Asking
from tests.asked.test_group import group, in_group
from tests.asked.test_handed_over import QIAN, away
from tests.asked.test_told_to_others import TELLING

__all__ = ["group"]
WU, HE = ("wu", "吴敏", "13800138001"), ("he", "何军", "13800138002")


def test_a_trainer_who_works_here_no_more_is_asked_nothing(asking: Asking) -> None:
    asking.attended(*WU)
    asking.set("孙老师", active=False)
    assert "已请同事解答" in asking.says(QUESTION, who="wu")
    assert not asking.cards("提问待答") and asking.cards("提问待答", "ZhouKeFu")


def test_a_trainer_on_leave_is_asked_nothing_who_stands_in_is(asking: Asking) -> None:
    asking.attended(*WU)
    asking.hire("钱老师", "trainer", wecom_id=QIAN)
    away(asking, "孙老师", deputy="钱老师")
    assert "钱老师" in asking.says(QUESTION, who="wu")
    assert not asking.cards("提问待答") and asking.cards("提问待答", QIAN)


def test_on_leave_with_nobody_to_stand_in_the_desk_is_asked(asking: Asking) -> None:
    asking.attended(*WU)
    asking.hire("钱老师", "trainer", wecom_id=QIAN)
    away(asking, "孙老师", deputy="钱老师")
    away(asking, "钱老师")
    assert "已请同事解答" in asking.says(QUESTION, who="wu")
    assert not asking.cards("提问待答") and not asking.cards("提问待答", QIAN)
    assert asking.cards("提问待答", "ZhouKeFu")


def test_who_was_registered_and_did_not_come_is_no_trainee_of_his(asking: Asking) -> None:
    asking.attended(*WU)
    with asking.house.database.session() as session:
        session.execute(update(Enrolment).values(state="absent"))
        session.commit()
    assert "已请同事解答" in asking.says(QUESTION, who="wu") and asking.asked()[0].trainer is None


def test_who_joined_a_question_ends_with_it(asking: Asking) -> None:
    asking.attended(*WU)
    asking.attended(*HE)
    for who in ("wu", "he"):
        asking.says(QUESTION, who=who)
    asking.staff("cancel", asking.number())
    assert [row.state for row in asking.asked()] == ["withdrawn", "withdrawn"]
    asking.conserved()


def test_what_is_asked_of_two_products_is_two_questions(asking: Asking) -> None:
    """The same words of the same trainer: who learned about printers is not told what holds for displays."""
    asking.attended(*WU)
    asking.attended(*HE, category="printer")
    for who in ("wu", "he"):
        asking.says("课上说的那个隐藏菜单怎么调出来", who=who)
    first, second = asking.asked()
    assert (first.category, second.category) == ("display", "printer")
    assert second.same_as_id is None and len(asking.cards("提问待答")) == 2


def test_words_long_after_the_button_are_no_answer(asking: Asking) -> None:
    asking.attended(*WU)
    asking.says(QUESTION, who="wu")
    asking.presses(SUN, "回答")
    asking.passes("31m")
    asking.types(SUN, "下午我请假")
    assert asking.asked()[0].state == "waiting" and "请假" not in asking.heard("wu")


def test_what_is_kept_names_nobody_and_no_ticket(asking: Asking) -> None:
    """In the words of who asked first, and of who asked it too."""
    asking.attended(*WU)
    asking.attended(*HE)
    asking.says(TELLING, who="wu")
    asking.says(TELLING.replace("13800138001", "13800138002"), who="he")
    number = asking.number()
    asking.types(SUN, f"#{number} 回答 {ANSWER}")
    assert "已收录" in asking.types(SUN, f"#{number} 收录")
    with asking.house.database.reading() as session:
        kept = session.get_one(Question, str(asking.asked()[0].learned))
        said = " ".join((kept.question, *kept.similar))
        assert not session.scalars(select(Question.id).where(Question.question.contains("1380013800"))).all()
    assert "班牌模块" in said
    assert not any(secret in said for secret in ("13800138001", "13800138002", "2611230001"))


@pytest.mark.parametrize("begun", ["我要投诉", "我要退货"])
def test_a_fault_in_the_group_does_not_break_into_another_talk(group: Asking, begun: str) -> None:
    group.says("你好", who="501", channel="telegram")
    group.says(begun, who="501", channel="telegram")
    before = len(group.recorders["telegram"].sent)
    assert "私聊" in in_group(group, "501", "教学屏黑屏了，不显示")
    private = [m for m in group.recorders["telegram"].sent[before:] if m.recipient == "501"]
    assert not private

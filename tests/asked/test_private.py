"""Questions in private chats: answered with the source, else by the trainer, whose answer serves the next asker."""

import pytest
from sqlalchemy import select, update

from core.asked.ask import ask
from core.asked.model import AskedQuestion
from core.customer.model import Customer
from core.knowledge.model import Article
from core.knowledge.questions import Answered, answer
from core.messaging.audit import audit
from tests.asked.conftest import ANSWER, QUESTION, SUN, Asking

WU = ("wu", "吴敏", "13800138001")


@pytest.mark.parametrize("channel", ["webchat", "telegram", "wechat"])
def test_an_article_answers_and_names_itself(asking: Asking, channel: str) -> None:
    said = asking.says("热水器的镁棒几年换一回", who="900", channel=channel)
    assert "镁棒" in said and "出处：热水器说明书·保养" in said
    assert "1 解决了" in said and "2 还不清楚" in said and "3 报修" in said and "0 转人工" in said
    assert "随时在这里问" in asking.says("解决了", who="900", channel=channel)
    (row,) = asking.asked()
    assert (row.state, row.found, row.solved) == ("answered_by_article", "question:heater-anode", True)
    assert not asking.tickets()
    asking.conserved()


def test_the_article_behind_a_pair_is_named_by_its_title(asking: Asking) -> None:
    with asking.house.database.reading() as session:
        title = session.get_one(Article, "water-filter").title
    assert f"出处：自助文章《{title}》" in asking.says("净水器滤芯多久换一次")


def test_people_of_the_house_are_answered_too(asking: Asking) -> None:
    assert "出处：热水器说明书·保养" in asking.types(SUN, "热水器的镁棒几年换一回")
    assert "没有执行" in asking.types(SUN, "今天天气怎么样") and not asking.asked()


def test_an_answer_that_does_not_help_goes_on_to_a_person(asking: Asking) -> None:
    asking.says("热水器的镁棒几年换一回")
    said = asking.says("2")
    assert "没有把握" in said and "同事" in said
    (row,) = asking.asked()
    assert (row.state, row.solved) == ("waiting", False) and asking.tickets()[0]["kind"] == "consultation"


def test_a_broken_device_after_all(asking: Asking) -> None:
    asking.says("热水器的镁棒几年换一回")
    assert "热水器" in asking.says("3") and asking.asked()[0].solved is False


def test_staff_see_who_waits_and_where_to_call(asking: Asking) -> None:
    asking.attended(*WU)
    asking.says(QUESTION, who="wu")
    asking.says(QUESTION, who="nobody-known", channel="telegram")
    unknown, known = asking.tickets()
    assert (known["name"], known["phone"]) == ("吴敏", "+8613800138001")
    assert (unknown["name"], unknown["phone"]) == (None, None)


def test_the_trainer_answers_corrects_and_confirms_and_the_next_asker_has_it(asking: Asking) -> None:
    asking.attended(*WU)
    said = asking.says(QUESTION, who="wu")
    assert "没有把握" in said and "孙老师" in said and "前在这里回复您" in said
    (pushed,) = asking.cards("提问待答")
    assert QUESTION in pushed.text and [label for _, label in pushed.choices] == ["回答", "转交", "不用答"]
    assert "请直接发送答案" in asking.presses(SUN, "回答")
    assert "已发给 1 处" in asking.types(SUN, "点右下角的考勤。")
    heard = asking.heard("wu")
    assert (
        f"您问：“{QUESTION}”" in heard and "孙老师回答：点右下角的考勤。" in heard and "2 还不清楚" in heard
    )
    assert asking.tickets()[0]["state"] == "closed"

    number = asking.number()
    assert "已更正" in asking.types(SUN, f"#{number} 回答 {ANSWER}")
    assert "更正" in asking.heard("wu") and ANSWER in asking.heard("wu")
    assert "已经是这样回答的" in asking.types(SUN, f"#{number} 回答 {ANSWER}")

    assert "已收录" in asking.presses(SUN, "确认收录")
    assert "收录" in asking.changed(SUN)[-1]
    said = asking.says("请问班牌模块如何切换成考勤模式呢", who="he")
    assert ANSWER in said and "出处：孙老师（培训答疑）" in said
    assert [row.state for row in asking.asked()] == ["confirmed", "answered_by_article"]
    asking.conserved()


def test_better_words_are_kept_and_not_the_first_ones(asking: Asking) -> None:
    asking.attended(*WU)
    asking.says(QUESTION, who="wu")
    number = asking.number()
    asking.types(SUN, f"#{number} 回答 点考勤")
    assert "更合适的说法" in asking.presses(SUN, "修改措辞")
    assert "已收录" in asking.types(SUN, ANSWER)
    assert ANSWER in asking.says("班牌怎么切到考勤模式", who="he")
    assert "点考勤" in asking.heard("wu")  # who asked first is not written to once more


def test_not_kept_is_not_found(asking: Asking) -> None:
    asking.attended(*WU)
    asking.says(QUESTION, who="wu")
    asking.types(SUN, f"#{asking.number()} 回答 {ANSWER}")
    assert "不收录" in asking.presses(SUN, "不收录")
    with asking.house.database.reading() as session:
        assert not isinstance(answer(session, asking.house, QUESTION), Answered)


def test_what_is_corrected_answers_nobody_until_it_is_confirmed_again(asking: Asking) -> None:
    asking.attended(*WU)
    asking.says(QUESTION, who="wu")
    number = asking.number()
    asking.types(SUN, f"#{number} 回答 长按左下角")
    asking.types(SUN, f"#{number} 收录")
    asking.types(SUN, f"#{number} 回答 {ANSWER}")
    with asking.house.database.reading() as session:
        assert not isinstance(answer(session, asking.house, QUESTION), Answered)
    asking.types(SUN, f"#{number} 收录")
    with asking.house.database.reading() as session:
        found = answer(session, asking.house, QUESTION)
        assert isinstance(found, Answered) and found.pair.answer == ANSWER


def test_who_attended_nothing_is_answered_by_a_colleague(asking: Asking) -> None:
    said = asking.says(QUESTION)
    assert "已请同事解答" in said and not asking.cards("提问待答")
    (pushed,) = asking.cards("提问待答", "ZhouKeFu")
    assert [label for _, label in pushed.choices] == ["回答", "转交", "不用答", "接单", "转上级", "30分钟后"]
    asking.types("ZhouKeFu", f"#{asking.number()} 回答 {ANSWER}")
    assert f"周客服回答：{ANSWER}" in asking.heard()


def test_two_who_ask_the_same_are_one_push_and_each_one_answer(asking: Asking) -> None:
    asking.attended(*WU)
    asking.attended("he", "何军", "13800138002")
    for who, words in (("wu", QUESTION), ("he", f"请问{QUESTION}呢？"), ("wu", QUESTION)):
        asking.arrive(who, words)
    asking.work()
    assert "已经在看" in asking.heard("wu") and "孙老师" in asking.heard("he")
    assert len(asking.cards("提问待答")) == 1
    assert "已发给 2 处" in asking.types(SUN, f"#{asking.number()} 回答 {ANSWER}")
    for who in ("wu", "he"):
        answers = [m for m in asking.recorders["webchat"].sent if m.recipient == who and ANSWER in m.text]
        assert len(answers) == 1
    assert [row.state for row in asking.asked()] == ["answered", "answered"]
    asking.conserved()


def test_still_not_clear_after_a_persons_answer(asking: Asking) -> None:
    asking.attended(*WU)
    asking.says(QUESTION, who="wu")
    asking.types(SUN, f"#{asking.number()} 回答 {ANSWER}")
    assert "转人工" in asking.says("还是不懂", who="wu")
    assert asking.tickets()[0]["wants"] == "person" and asking.asked()[0].solved is False
    asking.conserved()


def test_in_english_what_there_is_in_english(asking: Asking) -> None:
    said = asking.says("How do I cast my phone to the TV?")
    assert "Put phone and TV" in said and "Source:" in said and "2 Still not clear" in said
    said = asking.says("How do I set the attendance mode of the class board?")
    assert "I am not sure" in said and "A colleague" in said
    asking.types("ZhouKeFu", f"#{asking.number()} 回答 Hold the corner for three seconds.")
    assert 'You asked: "How do I set' in asking.heard() and "Hold the corner" in asking.heard()


def test_an_article_learns_what_helped(asking: Asking) -> None:
    def counted() -> tuple[int, int, int]:
        with asking.house.database.reading() as session:
            rows = list(session.scalars(select(Article)))
            return sum(a.offered for a in rows), sum(a.solved for a in rows), sum(a.not_solved for a in rows)

    before = counted()
    said = asking.says("空调滤网太脏要怎么清洗滤网")
    (row,) = asking.asked()
    if row.found and row.found.startswith("article:"):
        asking.says("1")
        assert counted() == (before[0] + 1, before[1] + 1, before[2]), said
    else:
        assert counted() == before


def test_in_the_middle_of_a_report_the_report_goes_on(asking: Asking) -> None:
    asking.attended(*WU)
    asking.says("我家美的空调不制冷了", who="wu")
    asking.says("直接报修", who="wu")
    said = asking.says(f"老师，{QUESTION}", who="wu")
    assert "没有把握" in said and "型号" in said
    asking.types(SUN, f"#{asking.number()} 回答 {ANSWER}")
    assert ANSWER in asking.heard("wu") and "2 还不清楚" not in asking.heard("wu")
    assert "什么时候" in asking.says("KFR-35GW", who="wu")
    asking.conserved()


def test_who_has_no_chat_is_called(asking: Asking) -> None:
    with asking.house.database.session() as session:
        at = asking.house.clock.now()
        caller = Customer(name="周校长", phone="+8613900139000", language="zh", created_at=at)
        session.add(caller)
        session.flush()
        about = {"group_id": None, "category": "display", "quote": None, "at": at, "channel": "voice"}
        ask(session, asking.house, asker=caller, text=QUESTION, **about)  # type: ignore[arg-type]
        session.commit()
    asking.work()
    asking.types("ZhouKeFu", f"#{asking.number()} 回答 {ANSWER}")
    (card,) = asking.cards("请打电话", "ZhouKeFu")
    assert "周校长（+8613900139000）" in card.text and ANSWER in card.text


def test_a_question_that_nobody_is_promised_is_found(asking: Asking) -> None:
    asking.says(QUESTION)
    asking.conserved()
    with asking.house.database.session() as session:
        session.execute(update(AskedQuestion).values(ticket_id=None))
        session.commit()
    with asking.house.database.reading() as session:
        report = audit(session, now=asking.house.clock.now())
    assert [v["rule"] for v in report["violations"]] == ["a question that waits is promised an answer"]


def test_a_question_ends_with_its_ticket(asking: Asking) -> None:
    asking.says(QUESTION)
    number = asking.number()
    asking.staff("cancel", number, by="周客服", note="客户不需要了")
    assert [row.state for row in asking.asked()] == ["withdrawn"]
    assert "已经撤回" in asking.types("ZhouKeFu", f"#{number} 回答 {ANSWER}")

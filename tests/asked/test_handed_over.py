"""转交: the question goes to a colleague by a button, by words, by click; who had it is left alone, the deadline stays."""

from datetime import timedelta

import pytest

from bot.telegram.message import _ticket
from core.asked.hand_over import hand_over
from core.asked.model import AskedQuestion
from core.roster.model import Absence
from core.staff.refusal import Refused
from tests.asked.conftest import ANSWER, QUESTION, SUN, Asking
from tests.channels.desk import at_once
from tests.stories.chatting import LI, ZHAO, ZHOU

WU, HE = ("wu", "吴敏", "13800138001"), ("he", "何军", "13800138002")
QIAN = "QianLaoShi"


@pytest.fixture
def asking(house: object) -> Asking:
    """孙老师 was pushed with 吴敏's question; 钱老师 teaches as well."""
    school = Asking(house)  # type: ignore[arg-type]
    school.hire("钱老师", "trainer", wecom_id=QIAN)
    school.attended(*WU)
    school.says(QUESTION, who="wu")
    return school


def away(asking: Asking, who: str, deputy: str | None = None) -> None:
    now = asking.house.clock.now()
    day = timedelta(days=1)
    with asking.house.database.session() as session:
        session.add(Absence(staff=who, starts_at=now - day, ends_at=now + 5 * day, deputy=deputy))
        session.commit()


def holder(asking: Asking) -> tuple[str | None, str | None]:
    """Whose the question and its ticket are."""
    ticket = next(t for t in asking.tickets() if t["wants"] == "answer")
    return asking.asked()[0].trainer, ticket["assignee"]


def test_by_the_button_to_who_answers_it(asking: Asking) -> None:
    number, due = asking.number(), asking.due()
    assert [label for _, label in asking.card(SUN).choices] == ["回答", "转交", "不用答"]
    said = asking.presses(SUN, "转交")
    assert "转交给谁" in said and QUESTION in said
    names = [label for _, label in asking.card(SUN).choices]
    assert names[0] == "钱老师" and "孙老师" not in names and len(names) <= 6
    assert "已转交给 钱老师" in asking.presses(SUN, "钱老师")
    assert holder(asking) == ("钱老师", "钱老师") and asking.due() == due
    (pushed,) = asking.cards("提问转交给您", QIAN)
    assert (
        QUESTION in pushed.text
        and "由孙老师转交" in pushed.text
        and f"{asking.house.local(due):%m-%d %H:%M}" in pushed.text
    )
    assert [label for _, label in pushed.choices] == ["回答", "转交", "不用答"]
    assert "孙老师已转交钱老师" in asking.changed(SUN)
    assert asking.written(number, "hand_over") == ["hand_over 孙老师 孙老师 → 钱老师"]
    asking.presses(QIAN, "回答")
    assert "已发给 1 处" in asking.types(QIAN, ANSWER)
    assert f"钱老师回答：{ANSWER}" in asking.heard("wu")
    asking.conserved()


def test_who_had_it_is_no_longer_reminded_and_the_clock_goes_on(asking: Asking) -> None:
    due = asking.due()
    asking.types(SUN, f"#{asking.number()} 转交 钱老师")
    before = len(asking.cards("", SUN))
    asking.passes(f"{int((due - asking.house.clock.now()).total_seconds() // 60) + 5}m")
    assert len(asking.cards("", SUN)) == before
    assert asking.cards("时限提醒", QIAN)
    late = [m.recipient for m in asking.recorders["wecom"].sent if "超时" in m.text]  # it goes up, as ever
    assert late and SUN not in late


def test_words_that_were_asked_for_are_no_answer_any_more(asking: Asking) -> None:
    asking.presses(SUN, "回答")
    asking.types(ZHAO, f"#{asking.number()} 转给 钱老师")
    assert holder(asking) == ("钱老师", "钱老师")
    asking.types(SUN, ANSWER)
    assert asking.asked()[0].state == "waiting" and ANSWER not in asking.heard("wu")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("转交 孙老师", "本来就在您（孙老师）手里"),
        ("转交 李四", "没有能回答提问的在职同事叫“李四”。可以转交给：钱老师"),
        ("转交 看客", "没有能回答提问的在职同事叫“看客”"),
        ("转交 李工", "李工 休假到"),
        ("转交 周客服", "代班的是 钱老师。请回复“#{number} 转交 钱老师”"),
    ],
)
def test_to_whom_it_cannot_go(asking: Asking, typed: str, said: str) -> None:
    asking.hire("看客", "viewer")
    away(asking, "李工")
    away(asking, "周客服", deputy="钱老师")
    number = asking.number()
    assert said.format(number=number) in asking.types(SUN, f"#{number} {typed}")
    assert holder(asking) == ("孙老师", "孙老师") and asking.written(number, "hand_over") == []
    asking.types(SUN, f"#{number} 转交")
    assert not {"李工", "周客服", "看客"} & {label for _, label in asking.card(SUN).choices}


def test_twice_and_after_it_went_to_another(asking: Asking) -> None:
    number, pushed = asking.number(), asking.card(SUN)
    asking.presses(SUN, "转交")
    picker = asking.card(SUN)
    asking.presses(SUN, "钱老师", card=picker)
    assert "刚刚已转交，现在由 钱老师 负责" in asking.presses(SUN, "李工", card=picker)
    assert "刚刚已转交，现在由 钱老师 负责" in asking.presses(SUN, "钱老师", card=picker)
    assert "现在由 钱老师 负责，您不用再管" in asking.presses(SUN, "转交", card=pushed)
    assert "您不用再管" in asking.types(SUN, f"#{number} 转交 李工")
    assert "已经在 钱老师 手里" in asking.types(ZHAO, f"#{number} 转交 钱老师")
    assert len(asking.written(number, "hand_over")) == 1 and len(asking.cards("提问转交给您", QIAN)) == 1
    assert "已转交给 李工" in asking.types(ZHAO, f"#{number} 转交 李工")  # who divides the work may
    assert "已转交给 孙老师" in asking.types(LI, f"#{number} 转交给孙老师")  # and back
    assert holder(asking) == ("孙老师", "孙老师") and asking.cards("提问转交给您", SUN)
    asking.conserved()


def test_after_it_is_answered(asking: Asking) -> None:
    number = asking.number()
    asking.presses(SUN, "转交")
    picker = asking.card(SUN)
    asking.presses_and_answers(number)
    assert "孙老师 已经回答了" in asking.presses(SUN, "钱老师", card=picker)
    assert "孙老师 已经回答了" in asking.types(ZHAO, f"#{number} 转交 钱老师")
    assert holder(asking)[1] == "孙老师" and asking.cards("转交给您", QIAN) == []


def test_of_two_at_the_same_moment_one_is_told_who_has_it(asking: Asking) -> None:
    number, house, said = asking.number(), asking.house, []

    def hands(by: str, to: str) -> None:
        at = house.clock.now()
        with house.database.session() as session:
            try:
                hand_over(session, house, number=number, to=to, by=by, at=at, holder="孙老师")
                session.commit()
                said.append("done")
            except Refused as refused:
                said.append(f"{refused.key} {refused.values['name']}")

    at_once(lambda: hands("孙老师", "钱老师"), lambda: hands("赵经理", "李工"))
    winner = holder(asking)[0]
    assert winner in ("钱老师", "李工") and holder(asking) == (winner, winner)
    assert sorted(said) == [f"asked.handed_over {winner}", "done"]
    asking.work()
    assert len(asking.cards("提问转交给您", QIAN)) + len(asking.cards("提问转交给您", LI)) == 1


def test_who_asks_the_same_meanwhile_waits_for_who_has_it_now(asking: Asking) -> None:
    """Whoever learned with 孙老师, in the same words or others."""
    asking.attended(*HE)
    asking.types(SUN, f"#{asking.number()} 转交 周客服")
    said = asking.says("教学屏上的班牌模块怎么切到考勤的模式", who="he")
    assert "已请周客服解答" in said and "培训老师周客服" not in said
    first, second = asking.asked()
    assert (second.same_as_id, second.trainer) == (first.id, "周客服")
    assert "已发给 2 处" in asking.types(ZHOU, f"#{asking.number()} 回答 {ANSWER}")
    assert ANSWER in asking.heard("wu") and ANSWER in asking.heard("he")
    asking.conserved()


def test_what_the_desk_was_asked_goes_to_a_trainer(asking: Asking) -> None:
    asking.says("镁棒那玩意儿咋个整法子才好使唤", who="stranger")
    number = asking.number()
    row = asking.asked()[-1]
    assert row.trainer is None
    assert "已转交给 钱老师" in asking.types(ZHOU, f"#{number} 转交 钱老师")
    assert asking.asked()[-1].trainer == "钱老师" and asking.cards("提问转交给您", QIAN)
    assert "现在由您回答" in asking.types(ZHOU, f"#{number} 转交 周客服")
    assert asking.cards("提问转交给您", ZHOU) == []  # who takes it need not be told
    with asking.house.database.reading() as session:
        assert session.get(AskedQuestion, row.id).trainer == "周客服"  # type: ignore[union-attr]


def test_a_ticket_that_is_no_question(asking: Asking) -> None:
    number = asking.emergency()
    assert "不是提问" in asking.types(ZHAO, f"#{number} 转交 李工")
    assert "转交" not in [label for _, label in asking.card(ZHOU).choices]


def test_the_name_alone_after_the_button(asking: Asking) -> None:
    """Typed, or as a reply to the card; 取消 leaves it where it is."""
    pushed = asking.card(SUN)
    asking.presses(SUN, "转交", card=pushed)
    assert "先不写" in asking.types(SUN, "取消")
    asking.presses(SUN, "转交", card=pushed)
    assert "没有能回答提问的在职同事叫“张三”" in asking.types(SUN, "张三")
    assert "已转交给 钱老师" in asking.types(SUN, "钱老师。")
    assert holder(asking) == ("钱老师", "钱老师") and "钱老师" not in asking.heard("wu")


def test_in_telegram_a_reply_to_the_card_is_a_name_and_no_answer(asking: Asking) -> None:
    asking.set("钱老师", wecom_id=None, telegram_id="7002")
    asking.types(SUN, f"#{asking.number()} 转交 钱老师")
    assert "转交给谁" in asking.presses("7002", "转交", channel="telegram")
    picker = asking.card("7002", "telegram")
    assert _ticket({"text": picker.text}) is None  # so that a reply to it is not taken for the answer
    assert "已转交给 孙老师" in asking.presses("7002", "孙老师", channel="telegram")
    assert "钱老师已转交孙老师" in asking.changed("7002", "telegram")
    assert asking.written(asking.number(), "hand_over")[-1] == "hand_over 钱老师 钱老师 → 孙老师"

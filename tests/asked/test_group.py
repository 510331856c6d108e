"""Questions in a Q&A group: answered there with the question quoted, faults go on in private, tickets stay out of it."""

import pytest
from sqlalchemy import select, update

from core.groups.model import QaGroup
from core.groups.open import open_group, plan_group
from core.messaging.inbox import Inbound
from core.training.model import TrainingSession
from tests.asked.conftest import ANSWER, QUESTION, SUN, Asking
from tests.play import _numbers

CHAT = "-100777"


@pytest.fixture
def group(asking: Asking) -> Asking:
    """An open Telegram group of a session about displays."""
    training = asking.plans(days=1)
    with asking.house.database.session() as session:
        at = asking.house.clock.now()
        made = plan_group(
            session, asking.house, session.get_one(TrainingSession, training.id), "telegram", at=at
        )
        made.external_id = CHAT
        open_group(session, asking.house, made, at=at)
        session.commit()
    return asking


def in_group(asking: Asking, who: str, text: str) -> str:
    """Somebody speaks to the bot in the group; what was said there then."""
    number = next(_numbers)
    payload = {"group": True, "chat": int(CHAT), "message": number}
    where = f"{CHAT}/{who}"
    inbound = Inbound("telegram", "", f"g{number}", who, text=text, payload=payload, conversation=where)
    before = len(asking.recorders["telegram"].sent)
    asking.sends(inbound)
    said = asking.recorders["telegram"].sent[before:]
    return "\n".join(m.text for m in said if m.recipient.startswith(CHAT))


def posted(asking: Asking) -> list[str]:
    return [m.text for m in asking.recorders["telegram"].sent if m.recipient == CHAT]


def test_an_article_answers_in_the_group(group: Asking) -> None:
    said = in_group(group, "501", "教学屏怎么校准触摸")
    assert "出处" in said and group.asked()[0].state == "answered_by_article"
    assert not group.tickets()


def test_a_group_keeps_to_its_product(group: Asking) -> None:
    """What the house knows of water heaters is no answer among those who learned about displays; in private it is."""
    asked = "镁棒几年换一回"
    assert "孙老师" in in_group(group, "501", asked) and group.asked()[0].state == "waiting"
    assert "出处：热水器说明书·保养" in group.says(asked, who="502", channel="telegram")


def test_the_trainer_answers_in_the_group_with_the_question_quoted(group: Asking) -> None:
    said = in_group(group, "501", QUESTION)
    assert "孙老师" in said and "在群里回复" in said
    number = group.number()
    assert number not in said
    (card,) = group.cards("提问待答")
    assert "答疑群" in card.text
    assert "孙老师" in in_group(group, "502", f"请问{QUESTION}")
    assert len(group.cards("提问待答")) == 1
    assert "已发给 1 处" in group.types(SUN, f"#{number} 回答 {ANSWER}")
    (answer,) = posted(group)
    assert f"问：“{QUESTION}”" in answer and ANSWER in answer and number not in answer
    reply = next(m for m in group.recorders["telegram"].sent if m.recipient == CHAT)
    assert reply.extra["reply"]
    group.types(SUN, f"#{number} 回答 {ANSWER}贴卡前先息屏。")
    assert "更正" in posted(group)[-1]
    group.types(SUN, f"#{number} 收录")
    assert "贴卡前先息屏" in in_group(group, "503", "教学屏班牌如何切换到考勤模式")
    group.conserved()


def test_a_fault_goes_on_in_private(group: Asking) -> None:
    group.says("你好", who="501", channel="telegram")
    said = in_group(group, "501", "教学屏黑屏了，不显示")
    assert "私聊" in said and "第 1 步" not in said
    heard = group.heard("501", "telegram")
    assert "答疑群里说的故障" in heard and "第 1 步" in heard, heard
    assert "第 2 步" in group.says("2", who="501", channel="telegram")
    group.conserved()


def test_a_fault_of_somebody_without_a_private_chat(group: Asking) -> None:
    assert "私聊里继续" in in_group(group, "504", "教学屏黑屏了，不显示")


def test_the_group_is_closed_before_the_answer(group: Asking) -> None:
    group.says("你好", who="501", channel="telegram")
    in_group(group, "501", QUESTION)
    with group.house.database.session() as session:
        session.execute(update(QaGroup).values(state="closed"))
        session.commit()
    group.types(SUN, f"#{group.number()} 回答 {ANSWER}")
    assert not posted(group) and ANSWER in group.heard("501", "telegram")


def test_another_group_answers_nothing(asking: Asking) -> None:
    assert "私聊里继续" in in_group(asking, "501", QUESTION) and not asking.asked()
    with asking.house.database.reading() as session:
        assert session.scalar(select(QaGroup.id)) is None


def test_on_the_group_page(asking: Asking) -> None:
    """Without Telegram and WeCom: the group's page in web chat."""
    training = asking.plans(days=1)
    with asking.house.database.session() as session:
        at = asking.house.clock.now()
        row = session.get_one(TrainingSession, training.id)
        made = plan_group(session, asking.house, row, "web", at=at)
        if made.state != "open":
            open_group(session, asking.house, made, at=at)
        session.commit()
        chat, where = made.external_id, f"g{made.id}/visitor-1"
    number = next(_numbers)
    payload = {"group": True, "chat": chat}
    words = Inbound(
        "webchat", "", f"w{number}", "visitor-1", text=QUESTION, payload=payload, conversation=where
    )
    asking.sends(words)
    assert "孙老师" in asking.heard(where)
    asking.types(SUN, f"#{asking.number()} 回答 {ANSWER}")
    assert f"问：“{QUESTION}”" in asking.heard(chat or "") and ANSWER in asking.heard(chat or "")
    asking.conserved()


def test_where_a_repair_stands_is_not_said_among_others(group: Asking) -> None:
    mine = "我叫王芳，电话13800138000，住成都市武侯区天府大道1号3栋201，去年5月买的，型号KFR-35GW"
    for words in ("我家美的空调不制冷了", "直接报修", mine, "1"):
        group.says(words, who="501", channel="telegram")
    number = group.tickets()[0]["number"]
    for asked in ("我的报修到哪一步了", f"工单{number}到哪一步了", number):
        said = in_group(group, "501", asked)
        assert "私聊" in said and number not in said and "待受理" not in said
    assert number in group.says("我的报修到哪一步了", who="501", channel="telegram")


@pytest.mark.parametrize(
    "answer", ["按住右下角。" * 833, "👍", "<b>长按</b> & <script>alert(1)</script> 右下角"]
)
def test_whatever_the_trainer_writes_is_said_as_it_is(group: Asking, answer: str) -> None:
    in_group(group, "501", QUESTION)
    assert "已发给 1 处" in group.types(SUN, f"#{group.number()} 回答 {answer}")
    assert answer in posted(group)[-1]


def test_an_answer_is_refused_rather_than_cut(group: Asking) -> None:
    in_group(group, "501", QUESTION)
    assert "最多 6000 个字" in group.types(SUN, f"#{group.number()} 回答 {'长按。' * 2001}")
    assert not posted(group) and group.asked()[0].state == "waiting"


def test_what_is_no_question_troubles_no_trainer(group: Asking) -> None:
    for words in ("👍👍", "…", "<br>"):
        in_group(group, "501", words)
    assert not group.cards("提问待答") and not group.tickets()

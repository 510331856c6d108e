"""Where nothing was understood, what is near is offered, and a person beside it; chosen, it is a question answered."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.customer.model import Conversation, Identity
from core.dialogue.meaning import Meaning
from core.dialogue.state import State
from core.house import House
from core.knowledge.model import Question
from core.messaging.outbox import OutboxMessage
from tests.asked.conftest import Asking
from tests.asked.test_group import group, in_group
from tests.asked.test_nearest import presses
from tests.edited import edit_policy

__all__ = ["group"]
ASKED = "发票什么时候能给我"  # out of scope, says the keyword fallback
TITLE = "怎么开发票"
OFFER, AGAIN, LOST = "您要问的是不是下面的一条", "也许您要问的是下面的一条", "没听明白"


@pytest.fixture(autouse=True)
def only_the_very_words_are_sure(house: House) -> None:
    """So that new weights answer none of these; what is near stays what the shipped line says."""
    edit_policy(house, "search", sure=0.9999)


def form(asking: Asking, who: str = "王女士") -> str | None:
    with asking.house.database.reading() as session:
        mine = select(Conversation).join(Identity).where(Identity.external_id == who)
        return State.load(session.scalars(mine).one().state).form


def place(said: str, title: str = TITLE) -> str:
    """The number beside a title that was offered."""
    return next(str(number) for number in range(1, 4) if f"{number} {title}" in said)


@pytest.mark.parametrize("channel", ["webchat", "wechat", "telegram"])
def test_in_every_private_chat_what_is_near_is_offered(asking: Asking, channel: str) -> None:
    said = asking.says(ASKED, who="701", channel=channel)
    assert OFFER in said and f"1 {TITLE}" in said and "0 转人工" in said and LOST not in said
    assert "回复 0 转人工" in said and "回复“菜单”" in said
    assert asking.asked() == [] and asking.tickets() == []


def test_what_was_chosen_is_a_question_that_was_answered(asking: Asking) -> None:
    said = asking.says(place(asking.says(ASKED)))
    assert TITLE in said and "出处：" in said and "1 解决了" in said and "0 转人工" in said
    (row,) = asking.asked()
    assert (row.state, row.found, row.text) == ("answered_by_article", "question:svc-invoice", ASKED)
    assert "随时在这里问" in asking.says("1")
    assert asking.asked()[0].solved is True and asking.tickets() == []
    asking.conserved()


def test_what_did_not_help_is_put_to_a_person_in_the_customers_words(asking: Asking) -> None:
    asking.says(place(asking.says(ASKED)))
    assert "最晚" in asking.says("还不清楚")
    (ticket,) = asking.tickets()
    assert (ticket["wants"], ticket["description"]) == ("answer", ASKED)
    assert [row.state for row in asking.asked()] == ["waiting"]
    asking.conserved()


def test_a_person_is_one_key_away(asking: Asking) -> None:
    asking.says(ASKED)
    assert "已为您转人工" in asking.says("0")
    assert [t["wants"] for t in asking.tickets()] == ["person"] and asking.asked() == []


def test_the_second_time_the_person_comes_first(asking: Asking) -> None:
    asking.says(ASKED)
    said = asking.says(f"{ASKED}呀")
    assert said.index("回复 0 马上为您转人工") < said.index(AGAIN) and TITLE in said
    assert LOST in asking.says("今天天气怎么样")
    assert "出处：" in asking.says("怎么开发票") and OFFER in asking.says(ASKED)  # understood meanwhile


def test_the_words_of_a_button(asking: Asking) -> None:
    asking.says(ASKED)
    assert "出处：" in asking.says(f"{TITLE}？") and len(asking.asked()) == 1


def test_something_else_instead_of_a_choice(asking: Asking) -> None:
    asking.says(ASKED)
    asking.says("我家美的空调不制冷了")
    assert form(asking) == "repair" and asking.asked() == []


def test_a_button_stays_one_and_the_same_question_however_often_it_is_pressed(asking: Asking) -> None:
    asking.says(ASKED, who="701", channel="telegram")
    card = asking.card("701", "telegram")
    asking.passes("96h")
    assert "出处：" in presses(asking, "701", TITLE, card, "telegram")
    press = asking.press("701", TITLE, card=card, channel="telegram")
    asking.sends(replace(press, text=press.payload["key"]))
    assert len(asking.asked()) == 1
    asking.conserved()


def test_what_was_offered_is_out_of_use(asking: Asking) -> None:
    number = place(asking.says(ASKED))
    with asking.house.database.session() as session:
        session.get_one(Question, "svc-invoice").active = False
        session.commit()
    said = asking.says(number)
    assert "已经不用了" in said and "回复 0 转人工" in said and "等回复" not in said
    assert asking.asked() == []


@pytest.mark.parametrize("words", ["今天天气怎么样", "给我讲个笑话", "哈哈哈哈", "???", "1234567"])
def test_what_is_near_nothing_is_told_so(asking: Asking, words: str) -> None:
    assert OFFER not in asking.says(words)


def test_what_holds_for_another_product_is_not_offered(asking: Asking) -> None:
    asking.understand = lambda text: Meaning(text, "out_of_scope", 0.9)
    for words, ours in (
        ("电视的滤网多久洗一次呢", "空调"),
        ("洗碗机的滤网怎么清洗", "空调"),
        ("油烟机滤网怎么清洗", "滤网"),
    ):
        said = asking.says(words, who=words)
        assert ours not in said.partition(OFFER)[2], said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("洗衣机冒烟了怎么办", "安全第一"),
        ("我要投诉，发票什么时候能给我", "投诉"),
        ("空调不制冷怎么办", "第 1 步"),
    ],
)
def test_danger_complaints_and_faults_go_their_own_way(asking: Asking, words: str, said: str) -> None:
    heard = asking.says(words)
    assert said in heard and OFFER not in heard


def test_who_speaks_of_a_lawyer_is_offered_no_article(asking: Asking) -> None:
    asking.understand = lambda text: Meaning(text, "out_of_scope", 0.9)
    assert OFFER in asking.says(ASKED)
    assert OFFER not in (said := asking.says(f"{ASKED}，不然找律师", who="李先生")) and "0" in said


def test_in_an_open_form_nothing_is_offered(asking: Asking) -> None:
    asking.says("我家美的空调不制冷了")
    asking.says("直接报修")
    said = asking.says(ASKED)
    assert OFFER not in said and form(asking) == "repair" and "型号" in said


def test_in_a_group_nothing_is_offered(group: Asking) -> None:
    assert OFFER not in in_group(group, "501", ASKED)
    assert not [m for m in group.recorders["telegram"].sent if m.recipient.startswith("-100") and m.choices]


def test_on_the_phone_nothing_is_offered(asking: Asking) -> None:
    asking.arrive("+8613800138001", ASKED, channel="voice")
    asking._inbox()
    (said,) = asking.rows(OutboxMessage.channel == "voice")
    assert OFFER not in said.text and LOST in said.text


def test_in_english(asking: Asking) -> None:
    asking.understand = lambda text: Meaning(text, "out_of_scope", 0.9)
    said = asking.says("I want the photo paper")
    assert "Did you mean one of these?" in said and "0 for a person" in said
    assert not any("\u4e00" <= c <= "\u9fff" for c in said)
    assert "Source" in asking.says("1")

"""A question of the customer's in the middle of one of ours: what is near is offered beside it, and neither is lost."""

import pytest
from sqlalchemy import select

from core.customer.model import Conversation, Identity
from core.dialogue.meaning import Meaning
from core.dialogue.state import State
from core.knowledge.model import Question
from core.messaging.outbox import OutboxMessage
from tests.asked.conftest import Asking
from tests.asked.test_group import in_group
from tests.asked.test_near import ASKED, TITLE, only_the_very_words_are_sure
from tests.asked.test_nearest import presses

__all__ = ["only_the_very_words_are_sure"]
FAULT = "我家美的空调不制冷了"
OFFER, LOST = "您要问的是不是下面列出的问题", "没听明白"
STEP_1, STEP_2, BACK = "第 1 步", "第 2 步", "我们接着刚才的第 1 步"
TOLD = ("美的", "KFR-35GW", "2025-03-01", "王芳", "13800138001", "成都市锦江区书院街12号")


def state(asking: Asking, who: str = "王女士") -> State:
    with asking.house.database.reading() as session:
        mine = select(Conversation).join(Identity).where(Identity.external_id == who)
        return State.load(session.scalars(mine).one().state)


def kind(asking: Asking, who: str = "王女士") -> str | None:
    question = state(asking, who).question
    return question.kind if question else None


def number_of(said: str, title: str = TITLE) -> str:
    """The number beside a title that was offered."""
    return next(str(number) for number in range(1, 10) if f"{number} {title}" in said)


@pytest.fixture
def helping(asking: Asking) -> Asking:
    """王女士 is at the first step of self-help."""
    said = asking.says(FAULT)
    assert STEP_1 in said and "1 解决了" in said and "2 还是不行" in said and "0 转人工" in said
    return asking


def test_what_is_near_stands_behind_the_keys_of_the_step(helping: Asking) -> None:
    said = helping.says(ASKED)
    assert OFFER in said and LOST not in said and f"3 {TITLE}" in said
    assert (
        said.index("\n1 解决了")
        < said.index("  2 还是不行")
        < said.index(f"  3 {TITLE}")
        < said.index("  0 转人工")
    )
    assert "1 解决了、2 还是不行 仍然是回答刚才的问题" in said and "（3" in said
    assert kind(helping) == "help" and helping.asked() == [] and helping.tickets() == []


def test_it_is_answered_and_the_step_comes_back(helping: Asking) -> None:
    said = helping.says(number_of(helping.says(ASKED)))
    assert TITLE in said and "出处：" in said
    assert said.index("出处：") < said.index(BACK) < said.index("\n1 解决了")
    assert TITLE not in said.partition(BACK)[2] and "还不清楚" not in said
    (row,) = helping.asked()
    assert (row.state, row.found, row.text) == ("answered_by_article", "question:svc-invoice", ASKED)
    assert STEP_2 in helping.says("2")
    assert "太好了！已为您记录" in helping.says("1")
    helping.conserved()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("1", "太好了！已为您记录"),
        ("解决了", "太好了！已为您记录"),
        ("2", STEP_2),
        ("还是不行", STEP_2),
        ("直接报修", "型号"),
        ("0", "已为您转人工"),
        ("转人工", "已为您转人工"),
        ("冒烟了", "安全第一"),
    ],
)
def test_the_steps_own_keys_and_words_mean_what_they_meant(helping: Asking, words: str, said: str) -> None:
    assert OFFER in helping.says(ASKED)
    heard = helping.says(words)
    assert said in heard and "出处：" not in heard and helping.asked() == []
    helping.conserved()


def test_the_offer_ends_with_the_step(helping: Asking) -> None:
    key = number_of(helping.says(ASKED))
    assert TITLE not in helping.says("2")
    assert LOST in helping.says(key) and helping.asked() == []


def test_the_title_typed_is_a_choice(helping: Asking) -> None:
    helping.says(ASKED)
    said = helping.says(f"{TITLE}？")
    assert "出处：" in said and BACK in said
    assert [(row.text, row.found) for row in helping.asked()] == [(ASKED, "question:svc-invoice")]


def test_the_second_time_the_person_comes_first(helping: Asking) -> None:
    helping.says(ASKED)
    said = helping.says(f"{ASKED}呀")
    assert said.index("回复 0 马上为您转人工") < said.index(f"3 {TITLE}") and said.count("  3 ") == 1
    assert "出处：" in helping.says("3") and kind(helping) == "help"


def test_a_button_on_telegram_and_those_of_the_step(asking: Asking) -> None:
    who = "701"
    asking.says(FAULT, who=who, channel="telegram")
    first = asking.card(who, "telegram")
    asking.says(ASKED, who=who, channel="telegram")
    second = asking.card(who, "telegram")
    labels = [label for _, label in second.choices]
    assert labels[:2] == ["解决了", "还是不行"] and TITLE in labels and labels[-1] == "转人工"
    said = presses(asking, who, TITLE, second, "telegram")
    assert "出处：" in said and BACK in said
    assert STEP_2 in presses(asking, who, "还是不行", first, "telegram")
    asking.conserved()


def test_an_old_button_of_an_offer_answers_nothing_that_is_asked_now(asking: Asking) -> None:
    who = "701"
    asking.says(FAULT, who=who, channel="telegram")
    asking.says(ASKED, who=who, channel="telegram")
    card = asking.card(who, "telegram")
    asking.says("直接报修", who=who, channel="telegram")
    said = presses(asking, who, TITLE, card, "telegram")
    assert "出处：" in said and "型号" in said and state(asking, who).form == "repair"


def test_what_was_offered_is_out_of_use(helping: Asking) -> None:
    key = number_of(helping.says(ASKED))
    with helping.house.database.session() as session:
        session.get_one(Question, "svc-invoice").active = False
        session.commit()
    said = helping.says(key)
    assert "已经不用了" in said and BACK in said and helping.asked() == []


def test_what_the_words_tell_besides_is_kept(asking: Asking) -> None:
    asking.says("我家空调不制冷了")
    asking.understand = lambda text: Meaning(text, "out_of_scope", 0.9)
    said = asking.says(f"美的的，{ASKED}")
    assert OFFER in said and kind(asking) == "help" and state(asking).slots["brand"] == "美的"


def test_before_it_is_filed(asking: Asking) -> None:
    """The read-back: the answer first, then everything once more; 1 files it."""
    asking.says(FAULT)
    asking.says("直接报修")
    for words in TOLD[1:]:
        said = asking.says(words)
    assert "1 " in said and kind(asking) == "confirm"
    said = asking.says(ASKED)
    assert OFFER in said and kind(asking) == "confirm"
    said = asking.says(number_of(said))
    assert "出处：" in said and "13800138001" in said and kind(asking) == "confirm"
    assert asking.tickets() == []
    asking.says("1")
    assert [t["kind"] for t in asking.tickets()] == ["repair"]
    asking.conserved()


@pytest.mark.parametrize("answered", [False, True])
def test_a_price_is_agreed_to_by_its_own_key_alone(asking: Asking, answered: bool) -> None:
    asking.says(FAULT)
    asking.says("直接报修")
    for words in (TOLD[1], "2015-03-01", *TOLD[3:], "1"):
        asking.says(words)
    assert kind(asking) == "fee"
    said = asking.says(ASKED)
    assert OFFER in said and asking.tickets()[0]["fee_consent"] == "asked"
    if answered:
        said = asking.says(number_of(said))
        assert "出处：" in said and asking.tickets()[0]["fee_consent"] == "asked"
    asking.says("1")
    assert asking.tickets()[0]["fee_consent"] == "given"
    asking.conserved()


def test_a_question_cancels_nothing(asking: Asking) -> None:
    """取消 at the head of a question is no yes to 要取消吗."""
    asking.says(FAULT)
    asking.says("直接报修")
    for words in (*TOLD[1:], "1"):
        asking.says(words)
    asking.says("我要取消报修")
    assert kind(asking) == "cancel"
    asking.says("取消要收费吗")
    assert kind(asking) == "cancel" and asking.tickets()[0]["state"] != "cancelled"
    said = asking.says(ASKED)
    asking.says(number_of(said))
    assert kind(asking) == "cancel" and asking.tickets()[0]["state"] != "cancelled"
    asking.says("1")
    assert asking.tickets()[0]["state"] == "cancelled"


def test_which_session(asking: Asking) -> None:
    training = asking.plans(days=1)
    asking.says("报名培训")
    assert kind(asking) == "training_pick"
    said = asking.says(ASKED)
    assert OFFER in said and "\n1 " in said and training.code in said
    assert "出处：" in asking.says(number_of(said))
    assert "怎么称呼" in asking.says("1") or state(asking).form == "enrolment"


@pytest.mark.parametrize("words", ["遥控器上的字看不见", "今天天气怎么样", "给我讲个笑话", "哈哈哈哈", "???"])
def test_what_asks_nothing_or_is_near_nothing(helping: Asking, words: str) -> None:
    said = helping.says(words)
    assert OFFER not in said and "1 解决了" in said and kind(helping) == "help"


def test_words_that_ask_nothing_are_taken_for_no_question(helping: Asking) -> None:
    helping.understand = lambda text: Meaning(text, "out_of_scope", 0.9)
    assert TITLE in helping.says("把发票给我", who="李先生")
    assert TITLE not in (said := helping.says("把发票给我")) and "1 解决了" in said


def test_who_speaks_of_a_lawyer(helping: Asking) -> None:
    assert OFFER not in helping.says(f"{ASKED}，不然找律师")


def test_where_free_words_are_the_answer(asking: Asking) -> None:
    """Every fact of a report is asked once, and takes no question for an occasion to offer."""
    asking.says(FAULT)
    asking.says("直接报修")
    for words in TOLD[1:]:
        assert kind(asking) == "slot" and OFFER not in asking.says(ASKED)
        asking.says(words)


def test_a_complaint_is_heard(asking: Asking) -> None:
    asking.says("我要投诉")
    assert OFFER not in asking.says(ASKED) and state(asking).form == "complaint"


def test_after_danger_nothing_is_offered(asking: Asking) -> None:
    asking.says("空调冒烟了")
    assert OFFER not in asking.says(ASKED)


def test_in_a_group(asking: Asking) -> None:
    """Others read along: self-help goes on in private, and nothing is offered."""
    assert "在私聊里继续" in in_group(asking, "501", FAULT)
    assert OFFER not in in_group(asking, "501", ASKED)


def test_on_the_phone(asking: Asking) -> None:
    for words in (FAULT, ASKED):
        asking.arrive("+8613800138001", words, channel="voice")
        asking._inbox()
    said = asking.rows(OutboxMessage.channel == "voice")
    assert len(said) == 2 and not any(OFFER in row.text for row in said)


def test_scores_and_remarks_are_no_occasion(asking: Asking) -> None:
    for words in (FAULT, "直接报修", *TOLD[1:], "1"):
        asking.says(words)
    number = asking.tickets()[0]["number"]
    for verb in ("accept", "dispatch", "done"):
        asking.staff(verb, number)
    asking.passes("26h")
    assert kind(asking) in ("rating", "signed")
    while kind(asking) == "signed":
        asking.says("1")
        asking.passes("26h")
    assert kind(asking) == "rating" and OFFER not in asking.says(ASKED)
    asking.says("5")
    assert kind(asking) == "comment" and OFFER not in asking.says(ASKED)

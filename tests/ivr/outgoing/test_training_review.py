"""No chat reaches 吴敏, so her telephone rings after the training and asks the five scores: once, and never again."""

import pytest
from sqlalchemy import select

from core.care.model import CallTask, Contact
from core.customer.model import Customer
from core.promise.model import Promise
from core.ticket.model import Ticket
from core.training.model import TrainingReview, TrainingSession
from core.training.scores import average_of
from tests.ivr.outgoing.conftest import Desk, Rung
from tests.ivr.outgoing.school import WU, given, over_and_ringing, reviews, teaches, ways


@pytest.fixture
def rings(desk: Desk) -> tuple[Desk, Rung]:
    return over_and_ringing(desk)


def test_five_keys_words_and_thanks(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    assert ways(desk) == ["calling"]
    heard = rung.picks_up()
    assert "吴敏您好" in heard and "教学屏使用" in heard and "组织安排" in heard and "人工请按0" in heard
    for key, following in zip("5434", ("培训过程", "培训老师", "讲解是否清楚", "是否有用"), strict=True):
        heard = rung.press(key)
        assert following in heard and "您好" not in heard
    assert "还有建议请直接说" in rung.press("5")
    assert "谢谢您的评价" in rung.say("讲得很清楚，下次多练习")
    assert rung.verb("Hangup") is not None
    rung.hangs_up()
    assert given(desk) == [5, 4, 3, 4, 5] and ways(desk) == ["voice"]
    (review,) = reviews(desk)
    assert review.words == "讲得很清楚，下次多练习" and review.answered_at is not None
    assert [order.outcome for order in desk.orders()] == ["reviewed"]
    assert [(c.channel, c.key) for c in desk.rows(Contact)] == [
        ("voice", f"training_review:1:{review.customer_id}")
    ]
    with desk.house.database.reading() as session:
        found = average_of(session, session.get_one(TrainingSession, 1))
    assert (found.complete, found.overall) == (1, 4.2)
    desk.passes(100)
    assert len(desk.provider.calls) == 1 and desk.tasks() == [] and desk.rows(CallTask) == []


def test_scores_in_words_and_silence_when_asked_for_more(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.picks_up("unknown")
    for said in ("五分", "很满意", "一般", "4分", "不太满意"):
        rung.say(said)
    assert "谢谢您的评价" in rung.silence() and rung.verb("Hangup") is not None
    assert given(desk) == [5, 5, 3, 4, 2] and reviews(desk)[0].words is None


@pytest.mark.parametrize("none", ["2", "没有", "不用了。"])
def test_who_has_nothing_to_add(rings: tuple[Desk, Rung], none: str) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.press(*"55555")
    assert "谢谢您的评价" in (rung.press(none) if none == "2" else rung.say(none))
    assert reviews(desk)[0].words is None


@pytest.mark.parametrize("wrong", ["6", "7", "#", "5分钟", ""])
def test_a_wrong_key_or_silence_asks_the_same_again_and_keeps_nothing(
    rings: tuple[Desk, Rung], wrong: str
) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.press("4")
    heard = rung.post(rung.action, **({"SpeechResult": wrong} if "分" in wrong else {"Digits": wrong}))
    assert "培训过程" in heard and given(desk) == [4, None, None, None, None]
    assert "培训老师" in rung.press("3") and given(desk) == [4, 3, None, None, None]


def test_three_silences_end_the_call_and_what_was_scored_stays(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.press("2")
    for _ in range(3):
        rung.silence()
    assert rung.verb("Hangup") is not None
    rung.hangs_up()
    assert given(desk) == [2, None, None, None, None] and desk.orders()[0].outcome == "scored"
    desk.passes(100)
    assert len(desk.provider.calls) == 1 and desk.rows(Ticket) == []


def test_a_hang_up_half_way_keeps_what_was_scored_and_nobody_rings_again(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.press(*"21")
    rung.hangs_up()
    assert given(desk) == [2, 1, None, None, None] and ways(desk) == ["voice"]
    with desk.house.database.reading() as session:
        found = average_of(session, session.get_one(TrainingSession, 1))
    assert (found.answers, found.complete, found.overall) == (1, 0, None)
    desk.passes(100)
    assert len(desk.provider.calls) == 1 and desk.rows(CallTask) == []


def test_a_hang_up_before_the_first_score_is_an_answer_too(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.hangs_up()
    assert (desk.orders()[0].outcome, ways(desk)) == ("hung_up", ["voice"])
    desk.passes(100)
    assert len(desk.provider.calls) == 1, "who heard the question is not asked again"


def test_repeated_late_and_early_callbacks_have_no_second_effect(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    first = rung.picks_up()
    assert rung.picks_up() == first
    action = rung.action
    second = rung.press("5")
    assert rung.post(action, Digits="1") == second and given(desk) == [5, None, None, None, None]
    rung.press(*"444")
    action = rung.action
    last = rung.press("4")
    assert rung.post(action, Digits="1") == last
    action = rung.action
    thanks = rung.say("讲得好")
    assert rung.post(action, SpeechResult="讲得好", Confidence="0.9") == thanks
    for _ in range(2):
        rung.hangs_up()
    rung.tells("ringing")
    assert given(desk) == [5, 4, 4, 4, 4] and reviews(desk)[0].words == "讲得好"
    assert desk.orders()[0].outcome == "reviewed" and len(desk.rows(Contact)) == 1


def test_no_more_such_calls(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.press("5")
    assert "不再回访" in rung.press("8")
    rung.hangs_up()
    assert desk.rows(Customer)[0].opted_out_at is not None and given(desk)[0] == 5
    teaches(desk.house, ("吴敏", WU), title="进阶")
    desk.passes(48)
    assert len(desk.provider.calls) == 1
    (row,) = desk.rows(Promise, Promise.kind == "training_review", Promise.status == "cancelled")
    assert row.reason == "the customer opted out"


def test_a_person_is_one_key_away(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.press("5")
    rung.press("0")
    assert rung.verb("Dial") is not None or rung.verb("Enqueue") is not None or "人工" in rung.heard
    assert desk.rows(Ticket)[0].wants == "person" and given(desk)[0] == 5


def test_who_answered_another_way_before_picking_up_is_thanked(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    with desk.house.database.session() as session:
        review = session.scalars(select(TrainingReview)).one()
        for name in ("arrangement", "process", "trainer", "explanation", "effect"):
            setattr(review, name, 4)
        review.answered_at = desk.house.clock.now()
        session.commit()
    assert "已经收到" in rung.picks_up() and rung.verb("Hangup") is not None

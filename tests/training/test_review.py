"""People answer a questionnaire in their own ways: all at once, half, twice, with remarks, days later (G4)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.dialogue.score import scores_of
from core.training.model import SCORES, TrainingReview
from tests.training.conftest import School
from tests.training.test_after import ZHOU, held


def review_of(school: School, by: str = "trainee") -> TrainingReview:
    with school.house.database.reading() as session:
        return session.scalars(select(TrainingReview).where(TrainingReview.by == by)).one()


def given(review: TrainingReview) -> list[int | None]:
    return [getattr(review, name) for name in SCORES]


@pytest.mark.parametrize(
    ("text", "wanted", "scores"),
    [
        ("54545", 5, [5, 4, 5, 4, 5]),
        ("5 4 5 4 5", 5, [5, 4, 5, 4, 5]),
        ("5、4、3、4、5", 5, [5, 4, 3, 4, 5]),
        ("组织5 过程4 老师5 讲解4 效果5", 5, [5, 4, 5, 4, 5]),
        ("都是五分", 5, [5] * 5),
        ("全部5分", 3, [5] * 3),
        ("都很满意", 2, [5, 5]),
        ("剩下的都给4分", 4, [4] * 4),
        ("all 5", 5, [5] * 5),
        ("54545", 3, []),
        ("5 4 5", 5, []),
        ("6 4 5 4 5", 5, []),
        ("4.5", 1, []),
        ("13800138000", 5, []),
        ("都来了吗", 5, []),
        ("5", 5, []),
    ],
)
def test_several_scores_in_one_message(text: str, wanted: int, scores: list[int]) -> None:
    assert scores_of(text, wanted) == scores


def test_all_five_at_once(school: School) -> None:
    held(school)
    assert "还有什么" in school.says("5 4 5 4 5", who="wu")
    assert "已经记下" in school.says("没有", who="wu")
    assert given(review_of(school)) == [5, 4, 5, 4, 5]


def test_one_and_then_the_same_for_all_that_are_left(school: School) -> None:
    held(school)
    school.says("3", who="wu")
    assert "还有什么" in school.says("后面都是5分", who="wu")
    assert given(review_of(school)) == [3, 5, 5, 5, 5]


@pytest.mark.parametrize("odd", ["9", "4.5", "0.5", "嗯", "100"])
def test_what_is_no_score_is_asked_for_again_with_the_question(school: School, odd: str) -> None:
    held(school)
    school.says("5", who="wu")
    again = school.says(odd, who="wu")
    assert "1 到 5 分" in again and "第 2 项" in again
    assert given(review_of(school)) == [5, None, None, None, None]


@pytest.mark.parametrize(
    ("words", "score"), [("讲得真好", 5), ("还行吧", 3), ("不太清楚", 2), ("挺有用的", 4)]
)
def test_their_own_words_are_a_score(school: School, words: str, score: int) -> None:
    held(school)
    assert "第 2 项" in school.says(words, who="wu")
    assert given(review_of(school))[0] == score


def test_a_remark_is_kept_as_it_was_written(school: School) -> None:
    held(school)
    school.says("5 4 5 4 5", who="wu")
    school.says("讲得很清楚，希望多些实操（分组的那种）！", who="wu")
    assert review_of(school).words == "讲得很清楚，希望多些实操（分组的那种）！"


def test_a_remark_is_kept_and_no_question_for_the_trainer(school: School) -> None:
    held(school)
    remarked = school.says("老师讲得太快了", who="wu")
    assert "意见已经记下" in remarked and "第 1 项" in remarked
    assert not [push for push in school.pushes() if "老师讲得太快了" in push]
    school.says("55555", who="wu")
    school.says("下次多安排实操", who="wu")
    assert review_of(school).words == "老师讲得太快了；下次多安排实操"


def test_words_are_kept_as_they_were_typed(school: School) -> None:
    held(school)
    school.says("讲得太快了，５０页的课件（ＰＰＴ）没讲完！", who="wu")
    school.says("55555", who="wu")
    school.says("下次：先发课件，再上课；谢谢！\u200b", who="wu")
    kept = "讲得太快了，５０页的课件（ＰＰＴ）没讲完！；下次：先发课件，再上课；谢谢！"
    assert review_of(school).words == kept


def test_the_last_score_pressed_twice_is_no_free_words(school: School) -> None:
    held(school)
    school.says("都5分", who="wu")
    assert "还有什么" in school.says("5", who="wu")
    school.says("没有", who="wu")
    assert review_of(school).words is None


def test_who_was_interrupted_goes_on_where_they_were(school: School) -> None:
    held(school)
    school.says("4", who="wu")
    school.says("转人工", who="wu")
    school.passes("2d")
    school.says("退出", who="wu")
    assert "第 2 项" in school.says("评价培训", who="wu")
    assert "还有什么" in school.says("都3分", who="wu")
    assert given(review_of(school)) == [4, 3, 3, 3, 3]
    school.says("没有", who="wu")
    assert "已经收到" in school.says("评价", who="wu")


def test_after_the_days_in_which_it_can_be_answered_nothing_goes_on(school: School) -> None:
    held(school)
    school.passes("15d")
    assert "第 1 项" not in school.says("评价培训", who="wu")


def by_telephone(school: School, *scores: int) -> None:
    """What a call has brought meanwhile."""
    with school.house.database.session() as session:
        review = session.scalars(select(TrainingReview)).one()
        for name, score in zip(SCORES, scores, strict=False):
            setattr(review, name, score)
        review.answered_at = school.house.clock.now() if len(scores) == len(SCORES) else None
        session.commit()


def test_an_answer_in_the_chat_after_all_was_told_on_the_telephone(school: School) -> None:
    held(school)
    by_telephone(school, 5, 5, 5, 5, 5)
    assert "评价已经收到" in school.says("1", who="wu")
    assert given(review_of(school)) == [5] * 5


def test_an_answer_in_the_chat_after_half_was_told_on_the_telephone(school: School) -> None:
    held(school)
    by_telephone(school, 5, 4)
    assert "第 3 项" in school.says("1", who="wu")
    assert given(review_of(school)) == [5, 4, None, None, None]
    assert "还有什么" in school.says("都3分", who="wu")
    assert given(review_of(school)) == [5, 4, 3, 3, 3]


def test_who_does_not_want_to_is_left_alone(school: School) -> None:
    held(school)
    assert "不打扰" in school.says("不想评了", who="wu")
    school.passes("1d")
    assert school.all_heard("wu").count("第 1 项") == 1


def test_a_question_in_between_is_answered_and_the_same_score_asked_for(school: School) -> None:
    held(school)
    school.says("5", who="wu")
    assert "第 2 项" in school.says("空调保修几年？", who="wu")


def test_a_lead_who_was_there_too_is_asked_once_as_the_lead(school: School) -> None:
    training = school.plans(days=1, hour=15, **ZHOU)
    school.registers(training, "zhou", "周校长", ZHOU["lead_phone"].removeprefix("+86"))
    ahead = training.starts_at - school.house.clock.now()
    school.passes(f"{ahead // timedelta(minutes=1) + 1}m")
    school.scans(training.attendance_token, "zhou", "webchat")
    school.passes("170m")
    heard = school.all_heard("zhou")
    assert heard.count("第 1 项") == 1
    assert "周校长您好，贵单位的培训" in heard and "感谢参加" not in heard
    school.says("45454", who="zhou")
    assert given(review_of(school, by="lead")) == [4, 5, 4, 5, 4]

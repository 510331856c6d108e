"""Whoever stops half way has still said something: each score counts in its own mean, and the total waits for all five."""

from core.training.model import SCORES, TrainingSession
from core.training.scores import Average, average_of, trends_by_trainer
from tests.training.conftest import School
from tests.training.test_after import attended, scores


def average(school: School, training: TrainingSession) -> Average:
    with school.house.database.reading() as session:
        return average_of(session, session.get_one(TrainingSession, training.id))


def both_asked(school: School) -> TrainingSession:
    training = attended(school)
    school.scans(training.attendance_token, "he", "webchat")
    school.passes("30m")
    return training


def test_a_score_that_was_given_counts_in_its_own_mean(school: School) -> None:
    training = both_asked(school)
    school.says("1", who="he")
    found = average(school, training)
    assert (found.answers, found.complete, found.scores) == (1, 0, {"arrangement": 1.0})
    assert found.overall is None, "of one of the five there is no total"
    scores(school, "55555")
    found = average(school, training)
    assert (found.answers, found.complete) == (2, 1)
    assert found.scores == {"arrangement": 3.0} | dict.fromkeys(SCORES[1:], 5.0)
    assert found.given == {"arrangement": 2} | dict.fromkeys(SCORES[1:], 1)
    assert found.overall == 4.6, "the mean of the five means that are shown"
    with school.house.database.reading() as session:
        (trainer,) = trends_by_trainer(session, sessions=12)
    assert (trainer.whole.overall, trainer.whole.answers) == (4.6, 2)


def low(school: School) -> list[str]:
    return [push for push in school.pushes() if "培训评价偏低" in push]


def test_between_two_scores_nobody_is_pushed_and_who_wants_no_more_is_counted(school: School) -> None:
    both_asked(school)
    scores(school, "43434")
    school.says("1", who="he")
    school.work()
    assert not low(school), "they may go on"
    assert "不打扰" in school.says("不想评了", who="he")
    school.work()
    assert len(low(school)) == 1 and "2 份问卷平均 3.3 分" in low(school)[0]


def test_who_just_stopped_is_counted_with_the_report(school: School) -> None:
    both_asked(school)
    scores(school, "43434")
    school.says("1", who="he")
    school.passes("50m")
    assert len(low(school)) == 1
    (report,) = [push for push in school.pushes() if "培训日报" in push]
    assert "问卷 2 份，平均 3.3 分（组织安排 2.5（2 人）、培训过程 3.0（1 人）" in report


def test_a_report_without_a_total_says_so(school: School) -> None:
    both_asked(school)
    school.says("2", who="he")
    school.passes("50m")
    (report,) = [push for push in school.pushes() if "培训日报" in push]
    assert "问卷 1 份，平均 — 分（组织安排 2.0（1 人））" in report and not low(school)

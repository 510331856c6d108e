"""Follow-up and rating: once, never at night, never after 退订, changed within a day (E1, E3, E4)."""

from datetime import timedelta

import pytest

from scheduler.clock import sweep_due
from tests.play import REPORT, Story


def done(story: Story, later: str | None = None) -> str:
    story.play(REPORT)
    number = story.tickets()[0]["number"]
    if later:
        story.passes(later)
    story.staff("done", number)
    return number


def asked(story: Story) -> int:
    return sum("打分" in m.text for m in story.recorders["webchat"].sent)


@pytest.mark.parametrize(
    ("said", "score"),
    [("5", 5), ("五分", 5), ("４", 4), ("挺满意的", 4), ("非常满意，师傅手艺好", 5), ("一般般吧", 3)],
)
def test_a_rating_in_the_customers_way(story: Story, said: str, score: int) -> None:
    done(story)
    story.passes("25h")
    story.play(f"客：{said}\n答：谢谢您的 {score} 分")
    assert (story.tickets()[0]["rating"], story.tickets()[0]["state"]) == (score, "closed")


def test_not_fixed_in_words(story: Story) -> None:
    done(story)
    story.passes("25h")
    story.play("客：根本没修好\n答：重新打开\n推：赵经理 … 不满意")
    assert story.tickets()[0]["state"] == "filed"


def test_signed_or_opened_again_when_asked_after_the_visit(story: Story) -> None:
    number = done(story)
    story.play("客：已修好\n答：已签收")
    assert any(entry["verb"] == "sign" for entry in story.tickets()[0]["timeline"])
    story.play("客：不对，又坏了，没修好\n答：重新打开")
    assert story.tickets()[0]["number"] == number and story.tickets()[0]["state"] == "filed"


def test_fixed_is_understood_long_after_the_question(story: Story) -> None:
    done(story)
    story.play("客：空调保修几年\n答：保修\n客：已修好\n答：已签收")


def test_nought_and_td_opt_out_for_good(story: Story) -> None:
    number = done(story)
    story.passes("25h")
    story.play("客：0\n答：不再给您发回访")
    story.staff("reopen", number)
    story.staff("done", number)
    before = asked(story)
    story.passes("96h")
    assert asked(story) == before


def test_six_is_no_score(story: Story) -> None:
    done(story)
    story.passes("25h")
    story.play("客：6\n答：1 到 5 分\n客：4\n答：谢谢您的 4 分")


def test_a_rating_is_changed_within_a_day_and_not_later(story: Story) -> None:
    done(story)
    story.passes("25h")
    story.play("客：4\n答：谢谢您的 4 分\n客：师傅很专业\n答：已记在工单上\n客：改成5分\n答：评分已改为 5 分")
    story.passes("25h")
    story.play("客：改成1分\n答：已经过了可以修改的时间")
    assert story.tickets()[0]["rating"] == 5


def test_asked_once_however_long_one_waits(story: Story) -> None:
    done(story)
    story.passes("25h")
    story.passes("2d")
    story.passes("5d")
    assert asked(story) == 1
    assert any("请打电话" in push for push in story.pushes())


@pytest.mark.parametrize("later", ["1h", "5h", "9h", "11h", "14h", "20h", "23h"])
def test_within_a_day_and_never_at_night(story: Story, later: str) -> None:
    done(story, later)
    finished = story.house.clock.now()
    story.passes("24h")
    asked_at = [
        entry["at"]
        for entry in story.tickets()[0]["timeline"]
        if entry["verb"] in ("follow_up_sent", "survey_sent")
    ]
    assert asked_at, f"nobody asked within a day of {finished}"
    assert all("09" <= at[11:13] < "21" for at in asked_at), asked_at


def test_a_reminder_that_is_late_waits_for_the_morning(story: Story) -> None:
    """The clock was down in the evening; nobody is woken for it."""
    story.play(REPORT)
    number = story.tickets()[0]["number"]
    visit = story.house.clock.now() + timedelta(
        days=2
    )  # 10:00 in two days, so the reminder falls due at 10:00
    story.staff("dispatch", number)
    story.staff("appoint", number, when=visit)
    story.house.clock.move_to(visit - timedelta(hours=12))  # 22:00: the clock comes back at night
    sweep_due(story.house)
    story.work()
    assert "提醒您" not in story.heard()
    story.passes("11h")
    assert "提醒您" in story.heard()

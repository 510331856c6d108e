"""Whom no machine reaches: a person calls, presses what came of it, and the figures know (E1, E3, E4)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.care.figures import follow_up_rate, satisfied_share
from core.care.model import CallTask, Contact, FollowUp
from core.care.outcome import BadOutcome, Result, settle
from core.customer.model import Identity
from tests.play import REPORT, Story


def unreachable_customer(story: Story) -> str:
    """王女士 reported in a chat that is gone since; nobody calls out here."""
    story.play(REPORT)
    number = story.tickets()[0]["number"]
    story.staff("done", number)
    with story.house.database.session() as session:
        for identity in session.scalars(select(Identity)):
            identity.dead_at = story.house.clock.now()
        session.commit()
    story.passes("25h")
    return number


def task(story: Story) -> CallTask:
    with story.house.database.reading() as session:
        found = session.scalars(select(CallTask)).one()
        session.expunge(found)
        return found


def press(story: Story, outcome: str, **said: object) -> CallTask | None:
    with story.house.database.session() as session:
        came = Result(outcome, by="周客服", at=story.house.clock.now(), **said)  # type: ignore[arg-type]
        done = settle(session, story.house, task(story).id, came)
        session.commit()
    story.work()
    return done


def case(story: Story) -> FollowUp:
    with story.house.database.reading() as session:
        found = session.scalars(select(FollowUp).order_by(FollowUp.id)).first()
        assert found is not None
        session.expunge(found)
        return found


def test_unreachable_customers_are_on_the_list_once_with_the_words_to_say(story: Story) -> None:
    number = unreachable_customer(story)
    waiting = task(story)
    assert (waiting.purpose, waiting.state, waiting.phone) == ("survey", "open", "+8613800138000")
    assert number in waiting.text and "1 到 5 分" in waiting.text and "no chat is known" in waiting.why
    story.passes("5d")
    assert task(story).id == waiting.id
    assert sum("请打电话" in push for push in story.pushes()) == 1


def test_a_good_score_closes_the_ticket_and_the_second_press_is_told_so(story: Story) -> None:
    number = unreachable_customer(story)
    press(story, "fixed", score=5, comment="师傅很好")
    assert press(story, "fixed", score=1) is None
    ticket, answer = story.tickets()[0], case(story)
    assert (ticket["number"], ticket["state"], ticket["rating"]) == (number, "closed", 5)
    assert (answer.outcome, answer.score, answer.comment, answer.asked_via) == (
        "fixed",
        5,
        "师傅很好",
        "staff",
    )
    story.conserved()


@pytest.mark.parametrize("said", [{"score": 2}, {"comment": "还是不制冷"}, {}])
def test_not_fixed_opens_it_again_one_severity_higher_and_tells_the_head(story: Story, said: dict) -> None:
    unreachable_customer(story)
    before = story.tickets()[0]["severity"]
    press(story, "not_fixed", **said)
    ticket = story.tickets()[0]
    assert ticket["state"] == "filed" and (before, ticket["severity"]) == ("normal", "serious")
    assert any("不满意" in push for push in story.pushes())
    assert case(story).outcome == "not_fixed"


def test_nobody_answers_three_times(story: Story) -> None:
    unreachable_customer(story)
    for tries in (1, 2):
        at = story.house.clock.now()
        press(story, "unreachable")
        waiting = task(story)
        assert (waiting.state, waiting.tries) == ("open", tries) and waiting.due_at >= at + timedelta(hours=4)
        assert 9 <= story.house.local(waiting.due_at).hour < 21
        story.passes("26h")
    press(story, "unreachable")
    assert (task(story).state, task(story).outcome) == ("done", "unreachable")
    assert (case(story).outcome, case(story).tries, story.tickets()[0]["state"]) == (
        "unreachable",
        3,
        "closed",
    )


def test_refused_is_an_outcome_and_a_word_from_another_list_is_none(story: Story) -> None:
    unreachable_customer(story)
    with pytest.raises(BadOutcome):
        press(story, "told")
    with pytest.raises(BadOutcome):
        press(story, "fixed", score=6)
    press(story, "refused")
    assert (case(story).outcome, case(story).score, story.tickets()[0]["state"]) == (
        "refused",
        None,
        "closed",
    )


def test_who_answers_in_the_chat_is_not_called(story: Story) -> None:
    story.play(REPORT)
    story.staff("done", story.tickets()[0]["number"])
    story.passes("25h")
    story.passes("4d")
    assert task(story).state == "open"
    story.play("客：五分\n答：谢谢您的 5 分")
    assert (task(story).state, task(story).outcome) == ("called_off", "answered")


def test_a_bad_rating_is_changed_within_a_day_and_the_ticket_stays_in_work(story: Story) -> None:
    story.play(REPORT)
    story.staff("done", story.tickets()[0]["number"])
    story.passes("25h")
    story.play("客：1\n答：重新打开")
    story.play("客：改成4分\n答：评分已改为 4 分")
    assert (story.tickets()[0]["state"], case(story).score) == ("filed", 4)
    story.passes("25h")
    story.play("客：改成2分\n答：已经过了可以修改的时间")


def test_the_figures_come_from_the_same_rows(story: Story) -> None:
    story.play(REPORT)
    story.staff("done", story.tickets()[0]["number"])
    story.passes("25h")
    story.play("客：5\n答：谢谢您的 5 分")
    now = story.house.clock.now()
    span = {"since": now - timedelta(days=7), "until": now}
    with story.house.database.reading() as session:
        assert session.scalars(select(Contact.channel)).all() == ["webchat"]
        assert follow_up_rate(session, **span, now=now).share == 1.0
        assert satisfied_share(session, **span).share == 1.0
        assert satisfied_share(session, since=now, until=now).share is None


def test_over_the_cap_is_put_off_and_said_on_the_timeline(story: Story) -> None:
    story.play(REPORT)
    story.staff("done", story.tickets()[0]["number"])
    with story.house.database.session() as session:
        customer = session.scalars(select(Identity.customer_id)).first()
        for hours in (1, 2, 3):
            at = story.house.clock.now() - timedelta(hours=hours)
            session.add(Contact(customer_id=customer, at=at, channel="voice", key=f"k{hours}"))
        session.commit()
    story.passes("30h")
    assert "打分" not in story.heard()
    told = [e["note"] for e in story.tickets()[0]["timeline"] if e["verb"] == "not_sent"]
    assert told and all("contacted 3 times within a week" in note for note in told)
    story.passes("7d")
    assert "打分" in story.heard()

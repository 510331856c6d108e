"""Whether and when 吴敏 is called about her training: tries, chats, nights, holidays, and who asks the lead at last."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.model import CallTask, Contact
from core.care.optout import opt_out
from core.customer.model import Conversation, Customer, Identity
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from core.training.attendance import attends, not_here
from core.training.model import Enrolment, TrainingSession
from tests.conftest import MONDAY_MORNING
from tests.edited import edit_policy
from tests.ivr.outgoing.conftest import Desk, Rung
from tests.ivr.outgoing.school import (
    HE,
    LEAD,
    WU,
    ZHOU,
    given,
    low,
    over_and_ringing,
    reviews,
    seats,
    teaches,
    ways,
)


@pytest.fixture
def rings(desk: Desk) -> tuple[Desk, Rung]:
    return over_and_ringing(desk)


def test_nobody_answers_three_times_and_a_trainee_is_left_alone(rings: tuple[Desk, Rung]) -> None:
    desk, _ = rings
    for tries, (status, by) in enumerate(
        (("no-answer", None), ("completed", "machine_start"), ("busy", None)), 1
    ):
        desk.until(placed=tries)
        rung = Rung(desk)
        if by:
            rung.picks_up(by)
        rung.tells(status)
        assert ways(desk) == ["calling" if tries < 3 else "unreached"]
    desk.passes(100)
    assert len(desk.provider.calls) == 3 and desk.rows(CallTask) == [] and len(desk.rows(Contact)) == 1


def test_of_two_tries_the_second_is_answered(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.tells("no-answer")
    desk.until(placed=2)
    rung = Rung(desk)
    assert "吴敏您好" in rung.picks_up()
    rung.press(*"33333")
    rung.press("2")
    rung.hangs_up()
    assert given(desk) == [3] * 5 and [o.outcome for o in desk.orders()] == ["no_answer", "reviewed"]
    desk.sends()
    assert len(low(desk)) == 1 and "平均 3.0 分" in low(desk)[0]


def test_who_opts_out_between_two_tries_is_not_called_again(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.tells("no-answer")
    with desk.house.database.session() as session:
        opt_out(session, session.scalars(select(Customer)).one(), at=desk.house.clock.now())
        session.commit()
    desk.passes(48)
    assert len(desk.provider.calls) == 1 and ways(desk) == ["unreached"]


def chats(desk: Desk) -> None:
    """She has written to us in the web chat meanwhile, and her number is known there."""
    at = desk.house.clock.now()
    with desk.house.database.session() as session:
        wu = session.scalars(select(Customer).where(Customer.phone == WU)).one()
        identity = Identity(channel="webchat", account="", external_id="wu", created_at=at, customer=wu)
        session.add(Conversation(lane="webchat::wu", identity=identity, created_at=at, state={}))
        session.commit()


def written(desk: Desk) -> list[str]:
    return [row.text for row in desk.rows(OutboxMessage, OutboxMessage.channel == "webchat")]


def test_who_has_a_chat_by_the_next_try_is_asked_there(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.tells("no-answer")
    chats(desk)
    desk.passes(30)
    assert len(desk.provider.calls) == 1 and ways(desk) == ["webchat"]
    assert [text for text in written(desk) if "第 1 项" in text and "教学屏使用" in text]


def test_who_has_a_chat_is_not_called(desk: Desk) -> None:
    teaches(desk.house, ("吴敏", WU))
    desk.passes(3)
    chats(desk)
    desk.passes(30)
    assert desk.provider.calls == [] and ways(desk) == ["webchat"]


def test_who_was_called_and_scored_half_is_not_asked_again_in_a_chat(rings: tuple[Desk, Rung]) -> None:
    desk, rung = rings
    rung.picks_up()
    rung.press(*"54")
    rung.hangs_up()
    chats(desk)
    with desk.house.database.session() as session:
        training = session.scalars(select(TrainingSession)).one()
        row = session.scalars(select(Enrolment)).one()
        row.customer_id = other = _somebody(session, desk)
        not_here(training, row, at=desk.house.clock.now())
        attends(session, desk.house, training, row, by="trainer", at=desk.house.clock.now())
        session.commit()
    desk.passes(30)
    asked = desk.rows(Promise, Promise.key == f"training_review:1:{other}")
    assert [row.reason for row in asked] == ["they were asked already"], "the number was rung about it"
    assert not [text for text in written(desk) if "项" in text] and len(reviews(desk)) == 1


def _somebody(session: Session, desk: Desk) -> int:
    """The account that claims her name on the list, of another file."""
    customer = Customer(created_at=desk.house.clock.now())
    session.add(customer)
    session.flush()
    return customer.id


def test_at_night_nobody_is_called(desk: Desk) -> None:
    desk.house.clock.move_to(MONDAY_MORNING + timedelta(hours=9))  # the lesson is over at ten in the evening
    teaches(desk.house, ("吴敏", WU))
    desk.until(placed=1)
    rung_at = desk.house.local(desk.orders()[0].started_at)
    assert (rung_at.day, rung_at.hour) == (24, 9)


def test_on_a_legal_holiday_neither(desk: Desk) -> None:
    decreed = desk.house.book.policy("office_hours")["decreed"]
    edit_policy(desk.house, "office_hours", decreed={**decreed, "holidays": ["2026-11-23", "2026-11-24"]})
    teaches(desk.house, ("吴敏", WU))
    desk.until(placed=1)
    assert desk.house.local(desk.orders()[0].started_at).day == 25


def test_calls_that_may_not_be_made_are_not_made(desk: Desk) -> None:
    desk.policy(unreachable={"twilio": ["+86138"]})
    teaches(desk.house, ("吴敏", WU))
    desk.passes(30)
    (row,) = desk.rows(Promise, Promise.kind == "training_review")
    assert (row.status, desk.provider.calls, reviews(desk)) == ("cancelled", [], [])
    assert "does not call there" in row.reason


def test_a_sign_in_that_was_a_mistake_asks_nobody(desk: Desk) -> None:
    teaches(desk.house, ("吴敏", WU), ("何军", HE))
    desk.passes(3)
    with desk.house.database.session() as session:
        training = session.scalars(select(TrainingSession)).one()
        wrong = session.scalars(select(Enrolment).where(Enrolment.phone == HE)).one()
        not_here(training, wrong, at=desk.house.clock.now())
        session.commit()
    desk.passes(30)
    assert [call["to"] for call in desk.provider.calls] == [WU]
    assert [row.state for row in seats(desk)] == ["attended", "absent"]


def test_the_lead_is_called_first_and_a_person_after_three_tries(desk: Desk) -> None:
    teaches(desk.house, **LEAD)
    for tries in (1, 2, 3):
        desk.until(placed=tries)
        assert desk.provider.calls[-1]["to"] == ZHOU
        assert desk.rows(CallTask) == []
        Rung(desk).tells("no-answer")
    (task,) = desk.rows(CallTask)
    assert (task.purpose, task.phone, task.why) == ("training", ZHOU, "no_answer")
    assert ways(desk) == ["staff"] and "各打几分" in task.text


def test_the_lead_answers_the_call_as_the_lead(desk: Desk) -> None:
    teaches(desk.house, ("周校长", ZHOU), **LEAD)
    desk.until(placed=1)
    rung = Rung(desk)
    assert "周校长您好" in rung.picks_up() and "作为负责人" in rung.heard
    rung.press(*"54545")
    rung.hangs_up()
    assert [(review.by, review.asked_via) for review in reviews(desk)] == [("lead", "voice")]
    desk.passes(100)
    assert len(desk.provider.calls) == 1, "who leads and was there is asked once"

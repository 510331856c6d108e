"""Calls that we place: asked once, answered by key or word, tried again, and at last a person's (E1, E4, C3)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.call.model import Call
from core.care.model import CallTask, FollowUp
from core.care.tasks import open_task
from core.customer.model import Customer
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from core.staff.push import push
from core.ticket.consequences import CARE_KINDS
from core.ticket.model import Ticket
from tests.ivr.outgoing.conftest import WANG, Desk, Rung
from tests.ivr.outgoing.provider import refused

DONE = ("accept", "dispatch", "done")


@pytest.fixture
def asked(desk: Desk) -> tuple[Desk, str]:
    """The work is done, and within the day her telephone rings."""
    number = desk.ticket(*DONE)
    desk.until(placed=1)
    assert [call["to"] for call in desk.provider.calls] == [WANG]
    return desk, number


def rating(desk: Desk) -> int | None:
    return desk.rows(Ticket)[0].rating


def test_a_survey_is_answered_by_key(asked: tuple[Desk, str]) -> None:
    desk, number = asked
    rung = Rung(desk)
    assert "请按1到5" in rung.picks_up() and "空调" in rung.heard
    assert "谢谢您的评价" in rung.press("5")
    rung.hangs_up()
    assert rating(desk) == 5 and desk.rows(Ticket)[0].state == "closed"
    assert [order.outcome for order in desk.orders()] == ["rated"]
    desk.passes(100)
    assert len(desk.provider.calls) == 1 and desk.tasks() == []
    assert ("call_ended", "survey: rated") in desk.timeline(number)


def test_and_in_words_and_a_bad_one_opens_the_ticket_again(asked: tuple[Desk, str]) -> None:
    desk, number = asked
    rung = Rung(desk)
    rung.picks_up("unknown")  # nobody knows, so it is a human
    assert "工单已重新打开" in rung.say("两分吧，师傅迟到了")
    assert rating(desk) == 2 and desk.rows(Ticket)[0].state == "filed"
    assert ("comment", "两分吧，师傅迟到了") in desk.timeline(number)
    assert [(case.score, case.comment) for case in desk.rows(FollowUp)] == [(2, "两分吧，师傅迟到了")]


def test_the_same_step_again_has_no_second_effect(asked: tuple[Desk, str]) -> None:
    desk, number = asked
    rung = Rung(desk)
    first = rung.picks_up()
    assert rung.picks_up() == first
    action = rung.action
    said = rung.press("4")
    assert rung.post(action, Digits="1") == said and rating(desk) == 4
    rung.hangs_up()
    rung.hangs_up()
    rung.tells("ringing")
    assert [verb for verb, _ in desk.timeline(number)].count("call_ended") == 1


def test_no_more_such_calls_neither_by_us_nor_by_a_person(asked: tuple[Desk, str]) -> None:
    desk, number = asked
    with desk.house.database.session() as session:
        ticket, at = session.scalars(select(Ticket)).one(), desk.house.clock.now()
        for purpose in ("survey", "appointment"):
            open_task(session, desk.house, ticket, key=purpose, purpose=purpose, why="no answer", at=at)
        session.commit()
    rung = Rung(desk)
    rung.picks_up()
    assert "不再回访" in rung.press("8")
    rung.hangs_up()
    assert desk.rows(Customer)[0].opted_out_at is not None and desk.orders()[0].outcome == "opted_out"
    tasks = {task.purpose: (task.state, task.outcome) for task in desk.rows(CallTask)}
    assert tasks == {"survey": ("called_off", "opted out"), "appointment": ("open", None)}
    asking = desk.rows(Promise, Promise.kind.in_(CARE_KINDS), Promise.status == "pending")
    assert asking == [] and "opt_out" in [verb for verb, _ in desk.timeline(number)]
    desk.passes(200)
    assert len(desk.provider.calls) == 1


def test_a_person_is_one_key_away(asked: tuple[Desk, str]) -> None:
    desk, _ = asked
    rung = Rung(desk)
    rung.picks_up()
    rung.press("0")
    assert rung.verb("Dial") is not None or rung.verb("Enqueue") is not None or "人工" in rung.heard


def test_three_silences_end_a_call_of_ours(asked: tuple[Desk, str]) -> None:
    desk, _ = asked
    rung = Rung(desk)
    rung.picks_up()
    for _ in range(3):
        rung.silence()
    assert rung.verb("Hangup") is not None
    rung.hangs_up()
    assert desk.orders()[0].outcome == "hung_up"


@pytest.mark.parametrize(
    ("status", "by", "outcome"),
    [
        ("busy", None, "busy"),
        ("no-answer", None, "no_answer"),
        ("completed", "machine_start", "machine"),
        ("completed", "fax", "machine"),
        ("completed", "human", "hung_up"),
    ],
)
def test_nobody_there_is_tried_again_and_then_a_person_calls(
    asked: tuple[Desk, str], status: str, by: str | None, outcome: str
) -> None:
    desk, _ = asked
    for tries in (1, 2, 3):
        desk.until(placed=tries)
        rung = Rung(desk)
        if by:
            rung.picks_up(by)
            assert by == "human" or rung.verb("Hangup") is not None
        rung.tells(status, **({"AnsweredBy": by} if by else {}))
    desk.passes(48)
    assert [order.outcome for order in desk.orders()] == [outcome] * 3
    assert len(desk.tasks()) == 1 and len(desk.provider.calls) == 3


def test_a_failed_number_is_a_persons_at_once(asked: tuple[Desk, str]) -> None:
    desk, _ = asked
    Rung(desk).tells("failed")
    assert desk.orders()[0].outcome == "failed" and len(desk.tasks()) == 1


def test_a_call_nobody_tells_the_end_of_is_unknown(asked: tuple[Desk, str]) -> None:
    desk, _ = asked
    desk.passes(1)
    assert desk.orders()[0].outcome == "unknown" and len(desk.tasks()) == 1
    Rung(desk).tells("completed")  # too late to change what a person does already
    assert desk.orders()[0].outcome == "unknown"


def test_completed_may_come_before_answered(asked: tuple[Desk, str]) -> None:
    desk, _ = asked
    rung = Rung(desk)
    rung.picks_up()
    rung.press("5")
    for status in ("completed", "ringing", "in-progress", "initiated", "completed"):
        rung.tells(status)
    order = desk.orders()[0]
    assert (order.status, order.outcome, order.sid) == ("completed", "rated", rung.sid)


def test_a_provider_that_was_away_must_not_make_us_ring_at_night(desk: Desk) -> None:
    desk.ticket(*DONE)
    desk.provider.fails = [refused(20500, 500)]
    desk.until(placed=1)
    [row] = desk.rows(OutboxMessage, OutboxMessage.channel == "voice")
    until = datetime.fromisoformat(row.extra["call"]["until"])
    assert until - datetime.now(UTC) < timedelta(minutes=16)
    with desk.house.database.session() as session:
        late = session.get_one(OutboxMessage, row.id)
        late.extra = {"call": {**row.extra["call"], "until": datetime.now(UTC).isoformat()}}
        session.commit()
    desk.due_now()
    desk.sends()
    assert desk.provider.calls == [] and desk.orders()[0].outcome == "failed" and len(desk.tasks()) == 1


def test_a_second_call_for_one_order_is_hung_up(asked: tuple[Desk, str]) -> None:
    desk, _ = asked
    first = Rung(desk)
    first.picks_up()
    second = Rung(desk)
    second.sid = "CA" + "9" * 32
    second.picks_up()
    assert second.verb("Hangup") is not None and second.heard == ""
    assert "谢谢" in first.press("5")


def test_a_refused_number_is_a_persons(desk: Desk) -> None:
    desk.ticket(*DONE)
    desk.provider.fails = [refused(21211, 400)]
    desk.passes(24)
    assert desk.provider.calls == [] and desk.orders()[0].outcome == "failed" and len(desk.tasks()) == 1


def test_where_the_provider_does_not_call_it_is_a_persons(desk: Desk) -> None:
    desk.policy(unreachable={"twilio": ["+86"]})
    number = desk.ticket(*DONE)
    desk.passes(24)
    assert desk.orders() == [] and desk.provider.calls == []
    assert any("回访" in task for task in desk.tasks()) and any(
        verb == "push" for verb, _ in desk.timeline(number)
    )


def test_the_switch_stops_all_calls(desk: Desk) -> None:
    desk.policy(enabled=False)
    desk.ticket(*DONE)
    desk.passes(24)
    assert desk.orders() == [] and len(desk.tasks()) >= 1


def test_nobody_is_called_at_night(asked: tuple[Desk, str]) -> None:
    desk, _ = asked
    for tries in (1, 2, 3):
        desk.until(placed=tries)
        Rung(desk).tells("no-answer")
    for order in desk.orders():
        assert 9 <= desk.house.local(order.started_at).hour < 21


def test_a_visit_is_confirmed_or_moved_the_day_before(desk: Desk) -> None:
    number = desk.ticket("accept", "dispatch")
    at = desk.house.local(desk.house.clock.now()).replace(hour=15, minute=0)
    desk.staff("appoint", number, when=at + timedelta(days=2))
    desk.until(placed=1)
    rung = Rung(desk)
    assert "上门" in rung.picks_up() and "15:00" in rung.heard
    assert "到时见" in rung.press("1")
    rung.hangs_up()
    assert "visit_confirmed" in [verb for verb, _ in desk.timeline(number)]
    assert desk.orders()[0].outcome == "confirmed"


def alerted(desk: Desk) -> str:
    """An urgent ticket, and a duty agent whom no chat reaches."""
    number = desk.ticket()
    with desk.house.database.session() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        push(session, desk.house, key=f"emergency:{number}", audience="on_duty", wording="push.emergency",
             at=desk.house.clock.now(), ticket=ticket)  # fmt: skip
        session.commit()
    desk.sends()
    return number


def test_a_staff_alert_is_taken_by_key_and_names_no_customer(desk: Desk) -> None:
    number = alerted(desk)
    rung = Rung(desk)
    assert rung.number == "+8613911112222"
    heard = rung.picks_up()
    assert "接单请按1" in heard and "王女士" not in heard and "1380" not in heard.replace(" ", "")
    assert "已接单" in rung.press("1")
    rung.hangs_up()
    ticket = desk.rows(Ticket, Ticket.number == number)[0]
    assert (ticket.assignee, ticket.state) == ("周客服", "accepted")
    assert desk.orders()[0].outcome == "accepted" and len(desk.provider.calls) == 1


def test_a_staff_alert_is_handed_up(desk: Desk) -> None:
    alerted(desk)
    rung = Rung(desk)
    rung.picks_up()
    assert "赵经理" in rung.press("2")
    desk.sends()
    assert [order.to_number for order in desk.orders()] == ["+8613911112222", "+8613933334444"]


def test_a_staff_alert_comes_again_after_half_an_hour(desk: Desk) -> None:
    alerted(desk)
    rung = Rung(desk)
    rung.picks_up()
    assert "再提醒您" in rung.press("3")
    rung.hangs_up()
    desk.passes(0.75)
    assert [order.to_number for order in desk.orders()].count("+8613911112222") == 2


@pytest.mark.parametrize(
    ("status", "by"), [("no-answer", None), ("completed", "machine_end_beep"), ("completed", "human")]
)
def test_an_alert_nobody_takes_goes_to_the_next_person(desk: Desk, status: str, by: str | None) -> None:
    alerted(desk)
    rung = Rung(desk)
    if by:
        rung.picks_up(by)
    rung.tells(status, **({"AnsweredBy": by} if by else {}))
    desk.sends()
    assert [order.to_number for order in desk.orders()] == ["+8613911112222", "+8613933334444"]


def test_forged_words_on_a_call_are_refused(asked: tuple[Desk, str]) -> None:
    desk, _ = asked
    order = desk.orders()[0].id
    for path in (f"/webhooks/voice/outbound/{order}", f"/webhooks/voice/outbound/{order}/status"):
        assert desk.client.post(path, data={"CallSid": "CA1", "CallStatus": "completed"}).status_code == 403
    assert desk.rows(Call, Call.id == order)[0].ended_at is None

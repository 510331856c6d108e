"""Keeping the programme: what falls together, what speaks against it, and what comes of an answer (E2–E4)."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from core.care.figures import follow_up_rate
from core.care.outcome import Result, settle
from core.customer.model import Customer, Device, Identity
from core.knowledge.reference import touch
from core.programme.foresee import training_held
from core.programme.listing import follow_ups_of
from core.programme.model import FollowUpPlan, ProductLaunch
from core.programme.round import again_for
from core.ticket.model import Ticket
from tests.edited import edit_policy, known_at_once
from tests.play import REPORT
from tests.programme.conftest import Programme, ago


def edits(story: Programme, name: str, **values: Any) -> None:
    """A plan as somebody saved it in the console."""
    with story.house.database.session() as session:
        row = session.get_one(FollowUpPlan, name)
        for field, value in values.items():
            setattr(row, field, value)
        touch(session)
        again_for(session, story.house, name, at=story.house.clock.now())
        session.commit()
    known_at_once(story.house)
    story.passes("1m")


def test_two_devices_and_two_plans_are_one_contact_and_each_case_says_so(programme: Programme) -> None:
    programme.sells("refrigerator", brand="容声", sold_on=ago(programme, 23))
    programme.sells("printer", brand="惠普", sold_on=ago(programme, 24))
    (one,) = programme.lives(3)
    assert "容声冰箱" in one[1] and "惠普打印机" in one[1]
    leader, along = sorted(
        programme.cases("sale"),
        key=lambda case: case.asked_with is not None,
    )
    assert along.asked_with == leader.key and along.asked_at == leader.asked_at
    assert [what for _, what in leader.history] == [f"asked by webchat, with it {along.key}"]
    assert [what for _, what in along.history] == [f"asked by webchat, together with {leader.key}"]
    programme.play("客：都正常\n答：打个分\n客：5\n答：意见或建议\n客：没有\n答：谢谢您的反馈")
    assert [case.outcome for case in programme.cases("sale")] == ["fixed", "fixed"]
    assert len(programme.contacts()) == 1


def test_a_finished_repair_takes_the_quarterly_question_along(programme: Programme) -> None:
    programme.play(REPORT)
    number = programme.tickets()[0]["number"]
    programme.sells("tv", brand="海信", sold_on=ago(programme, 91))
    programme.staff("done", number)
    programme.passes("60h")
    told = [m.text for m in programme.recorders["webchat"].sent if "打分" in m.text]
    assert len(told) == 1 and "另外，一并回访" in told[0] and "海信电视" in told[0]
    (quarter,) = [case for case in programme.cases("quarterly") if case.asked_at]
    assert quarter.asked_with == f"follow_up:{number}:1"
    verbs = [entry["verb"] for entry in programme.tickets()[0]["timeline"]]
    assert "asked_along" in verbs and len(programme.contacts()) == 1
    programme.conserved()


@pytest.mark.parametrize(
    ("said", "reason"),
    [("4", "the customer asked for no more of these"), ("3", "the device is not used any more")],
)
def test_no_more_and_not_used_stop_the_next_quarter(programme: Programme, said: str, reason: str) -> None:
    programme.sells(sold_on=ago(programme, 90))
    programme.lives(4)
    programme.says(said)
    assert programme.lives(100) == []
    stopped = [
        case for case in programme.cases("quarterly") if case.outcome == "stopped" and not case.asked_at
    ]
    # A retired device is not looked at any more; who wants no more has the reason in the next case.
    assert all(case.history[-1][1] == reason for case in stopped)
    assert (said == "4") == bool(stopped)
    assert (programme.device().retired_at is not None) == (said == "3")


def test_opting_out_stops_every_plan(programme: Programme) -> None:
    programme.sells(sold_on=ago(programme, 80))
    programme.says("退订")
    assert programme.lives(30) == []
    (case,) = programme.cases("quarterly")
    assert case.outcome == "stopped" and case.history[-1][1] == "the customer opted out"


def test_trouble_is_a_complaint_and_an_open_complaint_stops_the_next_question(programme: Programme) -> None:
    programme.sells("water_heater", brand="万和", sold_on=ago(programme, 23))
    programme.lives(3)
    programme.play("客：2\n答：非常抱歉 … 主管 … 哪里不好\n推：赵经理 … 回访中反映")
    programme.play("客：客服老是不接\n答：已记在工单")
    ticket = programme.tickets()[0]
    assert (ticket["kind"], ticket["state"]) == ("complaint", "filed") and "万和" in ticket["description"]
    (case,) = [case for case in programme.cases("sale") if case.asked_at]
    assert (case.outcome, case.comment) == ("not_fixed", "客服老是不接")
    programme.lives(80)
    (quarter,) = programme.cases("quarterly")
    assert quarter.outcome == "stopped" and quarter.history[-1][1] == f"complaint {ticket['number']} is open"


def test_a_fault_told_in_answer_becomes_a_repair(programme: Programme) -> None:
    programme.sells("air_conditioner", brand="美的", sold_on=ago(programme, 23))
    programme.lives(3)
    assert "第 1 步" in programme.says("空调不制冷了")
    (case,) = [case for case in programme.cases("sale") if case.asked_at]
    assert (case.outcome, case.comment) == ("not_fixed", "空调不制冷了")


def test_who_does_not_answer_or_cannot_be_written_to_is_called_by_a_person(programme: Programme) -> None:
    programme.sells("tv", brand="海信", sold_on=ago(programme, 23))
    programme.lives(3)
    programme.lives(4)
    (task,) = programme.tasks()
    assert (task.purpose, task.why) == ("sale", "no answer in the chat") and "海信电视" in task.text
    with programme.house.database.session() as session:
        settle(
            session, programme.house, task.id, Result("fixed", "周客服", programme.house.clock.now(), score=4)
        )
        session.commit()
    (case,) = [case for case in programme.cases("sale") if case.asked_at]
    assert (case.outcome, case.score) == ("fixed", 4)
    programme.change(Identity, 1, dead_at=programme.house.clock.now())
    programme.lives(70)
    assert [task.purpose for task in programme.tasks()] == ["sale", "quarterly"]
    assert "no chat is known" in programme.tasks()[1].why
    assert sum("请电话回访" in push for push in programme.pushes()) == 2


def test_holidays_are_spared(programme: Programme) -> None:
    """25 days after 2026-12-07 is New Year's Day, decreed to last until the 3rd; the morning after it is soon enough."""
    decreed = {"holidays": ["2027-01-01", "2027-01-02", "2027-01-03"], "workdays": [], "years": [2027]}
    edit_policy(programme.house, "office_hours", decreed=decreed)
    programme.lives(14)
    programme.sells("tv", brand="海信")
    programme.lives(35)
    (contact,) = programme.contacts()
    assert f"{programme.house.local(contact.at):%Y-%m-%d %H:%M}" == "2027-01-04 09:00"
    (case,) = [case for case in programme.cases("sale") if case.asked_at]
    assert case.history[0][1] == "a legal holiday → 01-04 09:00"


def test_a_plan_switched_off_asks_nobody_and_on_again_does(programme: Programme) -> None:
    programme.sells(sold_on=ago(programme, 80))
    edits(programme, "quarterly", active=False)
    assert programme.lives(20) == []
    (case,) = programme.cases("quarterly")
    assert case.history[-1][1] == "the plan is switched off"
    edits(programme, "quarterly", active=True, rhythm={"every": [{"each": "1 month"}]})
    assert programme.lives(31)


def test_an_edited_rhythm_leaves_the_old_dates_out(programme: Programme) -> None:
    programme.sells(sold_on=ago(programme, 80))
    edits(programme, "quarterly", rhythm={"at": ["95 days"]})
    ((day, _),) = programme.lives(40)
    assert day == programme.device().sold_on + timedelta(days=95)
    reasons = {row.reason for row in programme.promises() if row.status == "cancelled"}
    assert reasons == {"the plan or its date was changed"}


def test_project_customers_are_asked_every_two_weeks_and_others_are_not(programme: Programme) -> None:
    assert programme.lives(30) == []
    programme.change(Customer, programme.customer(), contract="engineering")
    heard = [day for day, text in programme.lives(45) if "两周一次" in text]
    assert len(heard) == 3 and all(b - a >= timedelta(days=10) for a, b in pairwise(heard))


def test_inspections_are_filed_monthly_unless_one_is_open(programme: Programme) -> None:
    programme.change(Customer, programme.customer(), contract="medical")
    programme.sells("therapy_device", delivered_on=programme.today, sold_on=None)
    programme.lives(65)
    tickets = [ticket for ticket in programme.tickets() if ticket["kind"] == "inspection"]
    assert len(tickets) == 1 and tickets[0]["category"] == "therapy_device"
    assert any("巡检" in push for push in programme.pushes())
    programme.staff("done", tickets[0]["number"])
    programme.staff("close", tickets[0]["number"])
    programme.lives(31)
    assert sum(ticket["kind"] == "inspection" for ticket in programme.tickets()) == 2


def test_a_new_product_is_reported_daily_and_its_owners_are_asked(programme: Programme) -> None:
    today = programme.today
    with programme.house.database.session() as session:
        launch = ProductLaunch(category="tv", brand="海信", model=None, launched_on=today,
                               watched_until=today + timedelta(days=10), created_by="赵经理",
                               created_at=programme.house.clock.now())  # fmt: skip
        session.add(launch)
        session.commit()
    programme.sells("tv", brand="海信", model="E8")
    heard = programme.lives(14)
    reports = [push for push in programme.pushes() if "新品上市每日报告" in push]
    assert len(reports) == 10 and "海信 电视" in reports[0] and "已登记销售 1 台" in reports[0]
    assert [("新上市" in text) for _, text in heard] == [True]


def test_a_plan_of_the_house_after_a_repair_is_called_off_with_the_ticket(programme: Programme) -> None:
    with programme.house.database.session() as session:
        session.add(FollowUpPlan(name="later", title="一个月后回访", trigger="ticket_done", rhythm={"at": ["1 month"]},
                                 within="3 days", questions=["usage"], channels=["chat"]))  # fmt: skip
        session.commit()
    edits(programme, "later")
    programme.play(REPORT)
    number = programme.tickets()[0]["number"]
    programme.staff("done", number)
    programme.passes("25h")
    programme.says("5")
    assert [row.status for row in programme.promises()] == ["pending"]
    programme.staff("reopen", number)
    (row,) = programme.promises()
    assert (row.status, row.reason) == ("cancelled", "reopened")
    now = programme.house.clock.now()
    with programme.house.database.reading() as session:
        (listed,) = [
            one
            for one in follow_ups_of(session, programme.house, [programme.customer()])
            if not one["ticket"]
        ]
        assert (listed["state"], listed["why"]) == ("stopped", "reopened")
        later = now + timedelta(days=60)
        rate = follow_up_rate(session, since=now - timedelta(days=9), until=later, now=later)
    assert (rate.good, rate.whole) == (1, 1)  # what was called off was not forgotten
    assert programme.rows(Ticket)[0].round == 2


def test_who_attended_a_session_is_asked_a_month_later(programme: Programme) -> None:
    with programme.house.database.session() as session:
        customer = session.get_one(Customer, programme.customer())
        training_held(session, programme.house, 7, "display", [customer], at=programme.house.clock.now())
        session.commit()
    ((day, text),) = programme.lives(40)
    assert day == date(2026, 12, 23) and "参加培训一个月" in text


def test_a_device_sold_twice_over_or_told_again_is_asked_about_once(programme: Programme) -> None:
    first = programme.sells("tv", brand="海信", sold_on=ago(programme, 20))
    assert programme.sells("tv", brand="海信", sold_on=ago(programme, 20)) == first
    assert len(programme.lives(10)) == 1
    assert len(programme.rows(Device)) == 1

"""The figures of follow-up: counted from the cases, by week, person and product, beside the goals."""

from datetime import timedelta

from core.care.model import FollowUp
from core.customer.model import Customer
from tests.console.conftest import Desk


def cases(desk: Desk, *scores: int | None, late: int = 0, assignee: str = "李工") -> None:
    """One case each, begun two days ago; the first ``late`` of them were never asked."""
    began = desk.house.clock.now() - timedelta(days=2)
    with desk.house.database.session() as session:
        who = Customer(created_at=began, language="zh")
        session.add(who)
        session.flush()
        for place, score in enumerate(scores):
            row = FollowUp(key=f"{assignee}:{place}", plan="repair", customer_id=who.id, assignee=assignee)
            row.category, row.started_at, row.due_at = "tv", began, began + timedelta(hours=24)
            row.asked_at = None if place < late else began + timedelta(hours=20)
            row.score, row.outcome = score, "fixed" if score else None
            session.add(row)
        session.commit()


def test_without_cases_it_says_what_will_be_there(desk: Desk) -> None:
    desk.enter("manager")
    assert "还没有回访记录" in desk.get("/satisfaction").text


def test_shares_are_counted_from_the_cases(desk: Desk) -> None:
    cases(desk, 5, 5, 4, 2, None, late=1)
    cases(desk, 1, assignee="张工")
    desk.enter("manager")
    page = " ".join(desk.get("/satisfaction").text.split())
    assert "83%" in page and "5 / 6" in page  # five of six were asked in time
    assert "60%" in page and "3 / 5" in page  # three of five ratings are good
    assert "目标 100%" in page and "目标 90%" in page
    assert page.index("李工") < page.index("张工") and "75%" in page and "电视" in page
    assert "没有答复" in page and "已修好" in page


def test_what_a_stop_condition_left_out_is_told_and_is_no_omission(desk: Desk) -> None:
    cases(desk, 5, None, late=0)
    with desk.house.database.session() as session:
        stopped = session.query(FollowUp).filter(FollowUp.outcome.is_(None)).one()
        stopped.plan, stopped.outcome, stopped.asked_at, stopped.assignee = "quarterly", "stopped", None, None
        session.commit()
    desk.enter("manager")
    page = " ".join(desk.get("/satisfaction").text.split())
    assert "按规则没有问" in page and "1 / 1" in page and "0 / 1" not in page and "1 / 2" not in page


def test_the_period_is_chosen_and_nonsense_is_twelve_weeks(desk: Desk) -> None:
    cases(desk, 5)
    desk.enter("agent")
    assert desk.get("/satisfaction?weeks=4").text.count("<li ") < desk.get("/satisfaction").text.count("<li ")
    assert desk.get("/satisfaction?weeks=x'").status_code == 200


def test_a_technician_has_no_such_page(desk: Desk) -> None:
    desk.enter("technician")
    assert desk.get("/satisfaction").status_code in (302, 403)

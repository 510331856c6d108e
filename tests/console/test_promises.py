"""The calendar and the list of promises: counts a day, a day's list, filters, and words for every kind."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from console.pages.promises import known_kinds, month_of, week_of
from core.promise.agenda import per_day
from core.promise.model import Promise, promise
from core.ticket.model import Ticket
from scheduler.handlers import HANDLERS
from tests.console.conftest import Desk


def test_every_kind_that_the_clock_keeps_has_words() -> None:
    assert set(HANDLERS) <= set(known_kinds())


@pytest.mark.parametrize(
    ("day", "first", "days"),
    [
        (date(2026, 11, 26), date(2026, 10, 26), 42),
        (date(2027, 2, 14), date(2027, 2, 1), 28),  # four whole weeks, from Monday on
        (date(2026, 12, 31), date(2026, 11, 30), 35),
        (date(2028, 2, 29), date(2028, 1, 31), 35),
    ],
)
def test_a_month_is_shown_in_whole_weeks(day: date, first: date, days: int) -> None:
    assert month_of(day) == (first, days)
    assert first.weekday() == 0 and first <= week_of(day)[0] < first + timedelta(days=days)


def test_a_day_begins_at_our_midnight(desk: Desk, file: Callable[..., Ticket]) -> None:
    ticket, today = file(), desk.house.local(desk.house.clock.now()).date()
    dues = [
        f"{today}T00:00:00+08:00",
        f"{today}T23:59:59+08:00",
        f"{today + timedelta(days=1)}T00:00:00+08:00",
    ]
    with desk.house.database.session() as session:
        session.query(Promise).delete()
        for n, due in enumerate(dues):
            at = desk.house.clock.now().fromisoformat(due)
            promise(session, {"key": f"p{n}", "kind": "survey", "due_at": at, "ticket_id": ticket.id})
        session.commit()
        counts = per_day(session, desk.house, today, 2)
    assert {day: dict(kinds) for day, kinds in counts.items()} == {
        today: {"survey": 2},
        today + timedelta(days=1): {"survey": 1},
    }


def test_from_the_calendar_to_the_list_of_a_day(desk: Desk, file: Callable[..., Ticket]) -> None:
    ticket, now = file(), desk.house.clock.now()
    day = desk.house.local(now + timedelta(days=3)).date()
    with desk.house.database.session() as session:
        row = {"kind": "survey", "due_at": now + timedelta(days=3), "ticket_id": ticket.id}
        promise(session, {**row, "key": "s"}, {**row, "key": "f", "kind": "follow_up"})
        session.query(Promise).filter(Promise.key == "s").update({"reason": "客户在忙，改约"})
        session.commit()
    desk.enter("agent")
    assert (
        f'href="?day={day}"' in desk.get("/promises").text
        and f"{day}，2 件到期" in desk.get("/promises").text
    )
    listed = desk.get(f"/promises?day={day}").text
    assert 'aria-current="date"' in listed and "客户在忙，改约" in listed and ticket.number in listed
    only = desk.get(f"/promises?day={day}&kind=follow_up").text
    assert f"{day}，1 件到期" in only and "客户在忙" not in only
    assert "客户在忙" in desk.get(f"/promises?number={ticket.number}").text
    assert "可以换一天" in desk.get("/promises?number=0000000000").text
    assert "fd-cal-week" in desk.get(f"/promises?view=week&from={day}").text


@pytest.mark.parametrize(
    "wrong", ["day=tomorrow", "day=0001-01-01", "from=9999-12-31", "kind=x'--", "view=year"]
)
def test_an_address_that_means_nothing_shows_today(desk: Desk, wrong: str) -> None:
    desk.enter("agent")
    assert desk.get(f"/promises?{wrong}").status_code == 200


def test_what_ended_is_told_with_its_reason(desk: Desk, file: Callable[..., Ticket]) -> None:
    ticket, now = file(), desk.house.clock.now()
    with desk.house.database.session() as session:
        promise(session, {"key": "x", "kind": "survey", "due_at": now, "ticket_id": ticket.id})
        ended = {"status": "done", "late": True, "ended_at": now, "reason": "合并在回访里"}
        session.query(Promise).filter(Promise.key == "x").update(ended)
        session.commit()
    desk.enter("agent")
    page = desk.get(f"/promises?show=ended&number={ticket.number}&kind=survey").text
    assert "合并在回访里" in page and "迟了" in page and "fd-cal-nav" not in page

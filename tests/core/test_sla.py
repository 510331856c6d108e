"""Service levels (C1): every line of the table, pauses, other terms, and each warning once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.house import House
from core.knowledge.book import _completed, shipped_policies
from core.promise.clock import read
from core.promise.keep import keep_clock
from core.promise.model import Promise
from core.promise.plan import own_time
from core.promise.sla import check, contracts, level_for
from core.promise.sweep import sweep
from core.ticket.actions import BadRequest
from core.ticket.lifecycle import IllegalMove
from scheduler.handlers import HANDLERS
from tests.core.clockwork import Clockwork

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)  # 10:00 in Shanghai, office hours
POLICY = shipped_policies()["sla"]
HOUR, DAY = 60, 24 * 60

# contract, kind, severity: minutes of reply, on site, solved; from when solved counts; what ends "on site"
C1 = [
    ("standard", "repair", "normal", 2 * HOUR, None, 8 * HOUR, "file", None),
    ("standard", "repair", "serious", 5, HOUR, 4 * HOUR, "file", "dispatch"),
    ("standard", "repair", "urgent", 10, 5, 2 * HOUR, "arrive", "dispatch"),
    ("engineering", "installation", "normal", DAY, 3 * DAY, None, None, "arrive"),
    ("engineering", "repair", "serious", DAY, 3 * DAY, None, None, "arrive"),
    ("medical", "repair", "normal", 2 * HOUR, DAY, DAY, "arrive", "arrive"),
    ("medical", "repair", "urgent", 10, 5, 2 * HOUR, "arrive", "dispatch"),  # danger is urgent for everybody
    ("standard", "complaint", "normal", 3 * 8 * HOUR, None, 3 * 8 * HOUR, "file", None),
    ("medical", "complaint", "normal", 3 * 8 * HOUR, None, 3 * 8 * HOUR, "file", None),
    ("standard", "consultation", "serious", 5, None, 4 * HOUR, "file", None),  # nobody goes there
]


@pytest.mark.parametrize(("contract", "kind", "severity", "reply", "on_site", "solved", "since", "sent"), C1)
def test_every_line_of_c1(contract, kind, severity, reply, on_site, solved, since, sent) -> None:  # type: ignore[no-untyped-def]
    given = level_for(POLICY, contract=contract, kind=kind, severity=severity, at_once=5)
    terms = {t.clock: t for t in given.terms}
    minutes = {name: t.minutes for name, t in terms.items()}
    expected = {"reply": reply, "on_site": on_site, "solved": solved, "verify": 7 * DAY}
    assert minutes == {name: value for name, value in expected.items() if value is not None}
    assert {t.mode for t in given.terms} == {"working" if kind == "complaint" else "calendar"}
    assert solved is None or terms["solved"].starts == since
    assert on_site is None or terms["on_site"].met_by == sent
    assert terms["verify"].starts == "done"


def test_contracts_are_the_lines_that_are_no_severity() -> None:
    assert contracts(POLICY) == ["standard", "engineering", "medical"]
    vip = {**POLICY, "vip": POLICY["serious"], "vip_urgent": {**POLICY["urgent"], "reply": 1}}
    assert contracts(vip) == ["standard", "engineering", "medical", "vip"]
    given = level_for(vip, contract="vip", kind="repair", severity="urgent", at_once=5)
    assert (given.line, given.terms[0].minutes) == ("vip_urgent", 1)


def test_a_policy_of_an_earlier_version_is_understood() -> None:
    stored = {name: {"reply": 30, "solved": 90, "clock": "calendar"} for name in ("normal", "serious", "urgent", "complaint")}  # fmt: skip
    policy = _completed(stored, POLICY)
    check(policy)
    given = level_for(policy, contract=None, kind="repair", severity="normal", at_once=5)
    assert [(t.clock, t.minutes) for t in given.terms][:2] == [("reply", 30), ("solved", 90)]


def test_who_empties_a_list_of_names_means_it() -> None:
    shipped = {"enabled": True, "unreachable": {"twilio": ["+86"]}}
    assert _completed({"unreachable": {}}, shipped) == {"enabled": True, "unreachable": {}}


@pytest.mark.parametrize(
    "broken", [{"clock": "lunar"}, {"reply": -1}, {"reply": "soon"}, {"solved_from": "accept"}]
)
def test_a_policy_that_no_clock_understands_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        check({**POLICY, "normal": {**POLICY["normal"], **broken}})


def test_after_arrival_begins_with_the_verb_arrive(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file(severity="urgent")
    assert work.clocks()["solved"].started_at is None and work.due()["solved"] is None
    assert work.look(lambda _, t: t.due_at) == MONDAY + timedelta(minutes=125)  # sent in 5, solved 120 later
    work.later(minutes=3)
    work.does("dispatch")
    assert {n: c.outcome for n, c in work.clocks().items() if c.stopped_at} == {
        "reply": "met",
        "on_site": "met",
    }
    work.later(minutes=40)
    work.does("arrive")
    assert work.due()["solved"] == work.look(lambda _, t: t.due_at) == MONDAY + timedelta(minutes=43 + 120)
    work.later(minutes=30)
    work.does("done")
    assert work.clocks()["solved"].outcome == "met"
    assert work.due()["verify"] == work.at + timedelta(days=7)
    work.does("sign")
    assert work.clocks()["verify"].outcome == "met"


def test_waiting_for_parts_pauses_until_its_cap(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.does("dispatch")
    work.later(hours=1)
    work.does("wait_parts")
    assert work.clocks()["solved"].pause_reason == "parts" and ("sla_paused", "parts") in work.told(
        "sla_paused"
    )
    work.later(days=5)  # the cap is 3 days: the clock ran on, and 7 hours later it was due
    clock = work.clocks()["solved"]
    assert clock.due_at == MONDAY + timedelta(days=3, hours=8) and clock.breached_at is not None
    assert (clock.paused_seconds, clock.parts_seconds) == (3 * 86400, 3 * 86400)
    assert work.told("sla_pause_over", "sla_breach") == [
        ("sla_pause_over", "parts"),
        ("sla_breach", "sla_solved"),
    ]


def test_the_cap_of_parts_is_one_for_all_waiting(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.does("dispatch")
    for _ in range(3):
        work.later(minutes=1)
        work.does("wait_parts")
        work.later(days=2)
        work.does("to_centre")
    clock = work.clocks()["solved"]
    assert clock.parts_seconds == 3 * 86400 and clock.due_at == MONDAY + timedelta(days=3, hours=8)


def test_a_working_clock_pauses_in_working_time(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file(kind="complaint")  # 1440 working minutes from Monday 10:00: Thursday 10:00
    assert work.due()["solved"] == MONDAY + timedelta(days=3)
    work.later(days=1)
    work.does("wait_customer", note="等客户提供发票")
    work.later(days=1)  # one working day of 8 h
    work.does("go_on")
    clock = work.clocks()["solved"]
    assert clock.paused_seconds == 8 * 3600
    assert clock.due_at == MONDAY + timedelta(days=4)
    assert [verb for verb, _ in work.told("sla_paused", "sla_resumed", "sla_recomputed")] == [
        "sla_paused",
        "sla_resumed",
        "sla_recomputed",
    ]


def test_the_customers_consent_is_waited_for(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.does("accept")
    work.later(hours=1)
    work.does("quote", fee=200.0)
    assert work.clocks()["solved"].pause_reason == "customer"
    work.later(days=30)
    assert work.told("sla_warning", "sla_breach") == []
    work.does("quote", fee=150.0)  # still theirs to answer
    assert work.clocks()["solved"].paused_at == MONDAY + timedelta(hours=1)


def test_nobody_waits_for_what_is_over(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.does("accept")
    work.later(hours=9)
    work.does("wait_customer")
    clock = work.clocks()["solved"]
    assert clock.breached_at is not None and clock.paused_at is None
    work.does("done")
    with pytest.raises(IllegalMove):
        work.does("wait_customer")


@pytest.mark.parametrize(
    ("hours", "severity", "due"),
    [
        (1, "serious", 4),  # what was used counts: 3 h are left
        (5, "serious", 8),  # used up already: it begins now, and is never due later than it was
    ],
)
def test_another_severity_counts_what_was_used(house: House, hours: int, severity: str, due: int) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.does("accept")
    work.later(hours=hours)
    work.does("severity", value=severity)
    assert work.due()["solved"] == MONDAY + timedelta(hours=due)
    moved = [] if due == 8 else [("sla_recomputed", f"2026-11-23 18:00 → 2026-11-23 {10 + due}:00")]
    assert work.told("sla_recomputed") == moved
    work.does("severity", value="normal")
    assert work.due()["solved"] == MONDAY + timedelta(hours=8)
    with pytest.raises(BadRequest):
        work.does("severity", value="dreadful")


def test_a_contract_reaches_every_open_ticket_of_the_customer(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.does("contract", value="medical")
    assert work.look(lambda _, t: (t.contract, t.customer.contract)) == ("medical", "medical")
    assert work.due() == {
        "reply": MONDAY + timedelta(hours=2),
        "on_site": MONDAY + timedelta(hours=24),
        "solved": None,
        "verify": None,
    }
    assert ("contract", "standard → medical") in work.told("contract")
    with pytest.raises(BadRequest, match="engineering"):
        work.does("contract", value="gold")
    work.does("contract", value="standard")
    assert work.due()["solved"] == MONDAY + timedelta(hours=8) and "on_site" not in work.due()


def test_a_reopened_ticket_has_a_round_of_its_own(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.later(hours=1)
    work.does("done")
    work.later(hours=1)
    work.does("reopen")
    assert work.due()["solved"] == work.at + timedelta(hours=8) and work.clocks()["solved"].round == 2
    assert ("sla_recomputed", "2026-11-23 18:00 → 2026-11-23 20:00") in work.told("sla_recomputed")


def test_what_is_merged_in_brings_its_waiting_and_its_severity(house: House) -> None:
    old, new = Clockwork(house, MONDAY), Clockwork(house, MONDAY + timedelta(hours=2))
    old.file(severity="serious")
    new.file()
    assert new.due()["solved"] == MONDAY + timedelta(hours=10)
    old.at = new.at
    old.does("merge", into=new.number)
    assert new.look(lambda _, t: t.severity) == "serious"
    assert new.due()["solved"] == MONDAY + timedelta(hours=4)
    assert {c.outcome for c in old.clocks().values()} == {"called_off"}


def test_each_part_of_the_time_is_said_once_and_kept_on_the_row(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    for _ in range(20):
        work.later(minutes=30)
    said = work.told("sla_warning", "sla_breach")
    assert said == [
        ("sla_warning", "sla_reply"),
        ("sla_warning", "sla_reply"),
        ("sla_breach", "sla_reply"),
        ("sla_warning", "sla_solved"),
        ("sla_warning", "sla_solved"),
        ("sla_breach", "sla_solved"),
    ]
    clock = work.clocks()["solved"]
    assert set(clock.warned) == {"50", "80"} and clock.breached_at == MONDAY + timedelta(hours=8)


def test_a_clock_set_back_says_nothing_twice(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.does("accept")
    work.later(hours=5)
    work.later(hours=-4)
    work.does("severity", value="serious")
    work.does("severity", value="normal")
    work.later(hours=4)
    assert work.told("sla_warning") == [("sla_warning", "sla_solved")]


def test_a_handler_that_is_repeated_says_nothing(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.later(minutes=61)
    with house.database.session() as session:
        row = session.scalars(select(Promise).where(Promise.status == "done")).first()
        assert row is not None
        keep_clock(session, house, row, work.at)
        assert row.reason == "said before"
        session.rollback()


def test_two_workers_at_once_say_it_once(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    now = MONDAY + timedelta(hours=9)
    workers = [threading.Thread(target=sweep, args=(house, HANDLERS), kwargs={"now": now}) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while sweep(house, HANDLERS, now=now + timedelta(minutes=1)):
        pass
    assert len(work.told("sla_warning", "sla_breach")) == 6


def test_a_pause_that_comes_first_silences_the_warning_that_is_on_its_way(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.does("accept")
    work.at += timedelta(hours=3, minutes=59)
    work.does("wait_customer")
    with house.database.session() as session:  # a worker had claimed it before it was called off
        late = session.scalars(
            select(Promise).where(Promise.kind == "sla_solved", Promise.key.endswith(":50"))
        )
        row = late.one()
        row.status = "pending"
        keep_clock(session, house, row, MONDAY + timedelta(hours=4))
        assert (row.status, row.reason) == ("cancelled", "paused")
        session.rollback()
    assert work.told("sla_warning") == []


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        (datetime(2025, 12, 30, 2, tzinfo=UTC), datetime(2026, 1, 5, 2, tzinfo=UTC)),  # New Year, 4 Jan is worked
        (datetime(2024, 2, 28, 2, tzinfo=UTC), datetime(2024, 3, 4, 2, tzinfo=UTC)),  # over 29 February
    ],
)  # fmt: skip
def test_working_days_over_the_year_and_the_leap_day(house: House, filed: datetime, due: datetime) -> None:
    work = Clockwork(house, filed)
    work.file(kind="complaint")
    assert work.due()["solved"] == due


def test_a_year_without_holidays_is_counted_and_told_once(house: House) -> None:
    at = datetime(2099, 1, 1, 1, tzinfo=UTC)
    work = Clockwork(house, at)
    work.file(kind="complaint")
    assert work.told("sla_no_holidays") == [("sla_no_holidays", "2099")]
    assert work.due()["solved"] == at + timedelta(minutes=1440)
    work.later(hours=6)
    work.does("wait_customer")
    work.later(hours=6)
    work.does("go_on")
    assert work.due()["solved"] == at + timedelta(hours=30)


def test_a_reading_tells_the_share_and_stands_still_in_a_pause(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file()
    work.does("accept")
    work.later(hours=2)
    work.does("wait_customer")
    clock = work.clocks()["solved"]
    for hours in (2, 3, 50):
        found = read(clock, MONDAY + timedelta(hours=hours), own_time(house, clock))
        assert (found.share, found.left, found.breached, found.paused) == (0.25, 6 * 3600, False, "customer")


def test_a_clock_that_was_called_off_begins_anew(house: House) -> None:
    work = Clockwork(house, MONDAY)
    work.file(severity="serious")
    work.does("severity", value="normal")
    assert "on_site" not in work.due()
    work.later(hours=5)
    work.does("severity", value="serious")
    assert work.due()["on_site"] == work.at + timedelta(hours=1)

"""Many tickets of one cause: one incident, one alert, one message to each customer, and nothing lost on the way."""

import threading
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from core.messaging.audit import audit
from core.promise.model import Promise
from core.promise.sweep import sweep
from core.quality.incident import IncidentClosed, find_incident, open_by_hand, take_out
from core.quality.model import IncidentTicket
from core.quality.telling import close_incident, tell_customers
from core.quality.watch import look
from core.ticket.actions import Order, act
from core.ticket.model import Ticket
from scheduler.handlers import HANDLERS
from tests.core.world import PowerCut
from tests.quality.conftest import Town


def tell(town: Town, telling: str = "") -> int:
    with town.house.database.session() as session:
        incident = find_incident(session, town.incidents()[-1].id)
        count = tell_customers(
            session, town.house, incident, by="赵经理", at=town.house.clock.now(), telling=telling
        )
        session.commit()
    return count


def close(town: Town, cause: str = "片区停电") -> None:
    with town.house.database.session() as session:
        incident = find_incident(session, town.incidents()[-1].id)
        close_incident(session, town.house, incident, by="赵经理", at=town.house.clock.now(), cause=cause)
        session.commit()


def keep(town: Town) -> None:
    while sweep(town.house, HANDLERS, now=town.house.clock.now()):
        pass


def outcomes(town: Town) -> list[str | None]:
    with town.house.database.reading() as session:
        return [row.outcome for row in session.query(IncidentTicket).order_by(IncidentTicket.ticket_id)]


def sound(town: Town) -> None:
    with town.house.database.reading() as session:
        report = audit(session, now=town.house.clock.now())
    assert [v for v in report["violations"] if "incident" in v["rule"]] == []


def test_two_hundred_tickets_are_one_alert_and_one_message_to_each(town: Town) -> None:
    numbers = [town.reports() for _ in range(200)]
    assert look(town.house) == 1 and look(town.house) == 0
    [incident] = town.incidents()
    assert (incident.kind, incident.observed, len(outcomes(town))) == ("model", 200, 200)
    [alert] = town.alerts()
    assert "200 位客户" in alert and numbers[0] in alert and "KFR35GW" in alert
    assert tell(town) == 200
    keep(town)
    tell(town)
    keep(town)
    assert len(town.told()) == len(set(town.told())) == 200 and outcomes(town) == ["told"] * 200
    assert {"incident_joined", "incident_told"} <= {entry.verb for entry in town.ticket(numbers[7]).timeline}
    sound(town)


def test_a_usual_day_opens_nothing(town: Town) -> None:
    town.reports()
    town.reports(model="XQG100", category="washing_machine", symptom="noise")
    customer = town.customer()
    for _ in range(5):  # one customer who reports five times is one customer
        town.reports(customer)
    assert look(town.house) == 0


def test_a_power_cut_with_several_faults_is_one_incident(town: Town) -> None:
    for n in range(5):
        town.reports(model=f"A{n}", symptom="no_power")
        town.reports(model=f"B{n}", category="network", symptom="no_signal_or_network")
    assert look(town.house) == 1
    [incident] = town.incidents()
    assert incident.kind == "area" and len(incident.keys) == 2 and len(outcomes(town)) == 10
    assert len(town.alerts()) == 1


def test_a_model_that_fails_in_several_areas_is_one_incident(town: Town) -> None:
    for street in ("成都市武侯区一环路1号", "绵阳市涪城区临园路1号", "北京市海淀区中关村大街1号"):
        for _ in range(4):
            town.reports(address=street)
    assert look(town.house) == 1 and town.incidents()[0].key == "model:KFR35GW:no_cooling"


def test_growth_joins_and_alerts_again_only_when_doubled_and_not_at_once(town: Town) -> None:
    for _ in range(4):
        town.reports()
    look(town.house)
    for _ in range(5):
        town.reports()
    look(town.house)
    assert len(outcomes(town)) == 9 and len(town.alerts()) == 1  # doubled, but only just alerted
    town.house.clock.move_to(town.house.clock.now() + timedelta(minutes=61))  # type: ignore[attr-defined]
    look(town.house)
    look(town.house)
    assert len(town.alerts()) == 2 and "扩大" in town.alerts()[1]


def test_who_reports_while_customers_are_told_is_told_too(town: Town) -> None:
    for _ in range(3):
        town.reports()
    look(town.house)
    tell(town, telling="请先断开电源。")
    late = town.reports()
    keep(town)
    look(town.house)
    keep(town)
    assert len(town.told()) == 4 == len(set(town.told())) and len(town.told("请先断开电源")) == 4
    assert "incident_told" in {entry.verb for entry in town.ticket(late).timeline}


def test_who_is_not_told_and_why(town: Town) -> None:
    twice = town.customer()
    for who in (twice, twice, town.customer(chat=False), town.customer(opted_out=True)):
        town.reports(who)
    ended = town.reports()
    look(town.house)
    with town.house.database.session() as session:
        act(session, town.house, Order(ended, "cancel", by="李工", at=town.house.clock.now()))
        session.commit()
    tell(town)
    keep(town)
    assert len(town.told()) == 1
    assert outcomes(town) == ["told", "same_customer", "no_chat", "opted_out", "ended"]
    assert sum("请打电话" in text for text in town.alerts()) == 1
    sound(town)


def test_quiet_hours_hold(town: Town) -> None:
    for _ in range(3):
        town.reports()
    look(town.house)
    town.house.clock.move_to(datetime(2026, 11, 23, 14, 0, tzinfo=UTC))  # type: ignore[attr-defined]  # 22:00
    tell(town)
    keep(town)
    assert town.told() == []
    sound(town)
    town.house.clock.move_to(datetime(2026, 11, 24, 1, 1, tzinfo=UTC))  # type: ignore[attr-defined]  # 09:01
    keep(town)
    assert len(town.told()) == 3


def test_the_power_fails_between(town: Town) -> None:
    for _ in range(3):
        town.reports()

    def dark(point: str) -> None:
        raise PowerCut

    with patch("core.quality.watch.reach", dark), pytest.raises(PowerCut):
        look(town.house)
    assert town.incidents() == [] and town.alerts() == []
    assert look(town.house) == 1
    tell(town)

    def dark_at_the_end(point: str) -> None:
        if point == "sweep.keeping":
            raise PowerCut

    with patch("core.promise.sweep.reach", dark_at_the_end), pytest.raises(PowerCut):
        sweep(town.house, HANDLERS, now=town.house.clock.now())
    assert town.told() == []
    keep(town)
    assert len(town.told()) == 3 == len(set(town.told()))
    sound(town)


def test_two_clocks_at_once_open_one(town: Town) -> None:
    for _ in range(4):
        town.reports()
    gate, opened = threading.Barrier(2), []

    def clock() -> None:
        gate.wait()
        opened.append(look(town.house))

    threads = [threading.Thread(target=clock) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == [0, 1] and len(town.incidents()) == 1 and len(town.alerts()) == 1


def test_closing_tells_those_still_waiting_and_the_key_rests(town: Town) -> None:
    numbers = [town.reports() for _ in range(3)]
    look(town.house)
    tell(town)
    keep(town)
    with town.house.database.session() as session:
        act(session, town.house, Order(numbers[0], "cancel", by="李工", at=town.house.clock.now()))
        session.commit()
    close(town)
    keep(town)
    assert len(town.told("片区停电")) == 2
    for _ in range(4):
        town.reports()
    assert look(town.house) == 0, "it has just been closed"
    with pytest.raises(IncidentClosed):
        close(town)
    town.house.clock.move_to(town.house.clock.now() + timedelta(hours=13))  # type: ignore[attr-defined]
    assert look(town.house) == 1, "it came back"
    sound(town)


def test_closed_before_everybody_was_told(town: Town) -> None:
    for _ in range(3):
        town.reports()
    look(town.house)
    tell(town)
    close(town)
    keep(town)
    assert town.told() == [] and outcomes(town) == ["closed"] * 3
    sound(town)


def test_a_ticket_that_was_taken_out_stays_out(town: Town) -> None:
    numbers = [town.reports() for _ in range(4)]
    look(town.house)
    with town.house.database.session() as session:
        ticket = session.query(Ticket).filter(Ticket.number == numbers[0]).one()
        incident = find_incident(session, 1)
        assert take_out(session, incident, ticket, by="赵经理", at=town.house.clock.now())
        assert not take_out(session, incident, ticket, by="赵经理", at=town.house.clock.now())
        session.commit()
    look(town.house)
    tell(town)
    keep(town)
    assert len(town.told()) == 3 and outcomes(town)[0] == "removed"


def test_staff_open_one_by_hand(town: Town) -> None:
    numbers = [town.reports(symptom="noise"), town.reports(model="X9", symptom="other")]
    with town.house.database.session() as session:
        tickets = session.query(Ticket).filter(Ticket.number.in_(numbers)).all()
        open_by_hand(session, town.house, tickets, by="赵经理", at=town.house.clock.now())
        session.commit()
    tell(town)
    keep(town)
    assert len(town.told()) == 2


def test_the_audit_finds_who_was_forgotten(town: Town) -> None:
    for _ in range(3):
        town.reports()
    look(town.house)
    tell(town)
    with town.house.database.session() as session:
        session.query(Promise).filter(Promise.kind == "incident_tell").delete()
        session.commit()
        report = audit(session, now=town.house.clock.now())
    assert sum("incident" in v["rule"] for v in report["violations"]) == 3

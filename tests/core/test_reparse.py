"""What was filed on keywords alone is understood again, once, and overrules nobody."""

from datetime import timedelta

import pytest

from core.customer.model import Customer
from core.dialogue.meaning import Meaning
from core.house import House
from core.ticket.filing import Filing, file_ticket
from core.ticket.lifecycle import move
from core.ticket.model import Ticket
from core.ticket.reparse import reparse_pending
from tests.conftest import MONDAY_MORNING


def filed(house: House, **facts: object) -> int:
    with house.database.session() as session:
        customer = Customer(created_at=MONDAY_MORNING)
        session.add(customer)
        session.flush()
        filing = Filing(customer, "repair", "normal", "webchat", "customer", MONDAY_MORNING)
        told = {"category": "air_conditioner", "description": "吹出来跟外头一样热", "nlu": "pending"} | facts
        ticket = file_ticket(session, house, filing, told)
        session.commit()
        return ticket.id


def seen(house: House, row: int) -> tuple[str | None, str | None, bool | None, list[str]]:
    with house.database.reading() as session:
        ticket = session.get_one(Ticket, row)
        verbs = [entry.verb for entry in ticket.timeline if entry.audience == "staff"]
        return ticket.nlu, ticket.symptom, ticket.non_quality, verbs


def understood(text: str) -> Meaning:
    return Meaning(text, "report_fault", 0.9, (), "no_cooling", False)


def away(text: str) -> Meaning:
    return Meaning(text, "report_fault", 0.5, (), "no_power", False, "keywords")


def test_a_vague_symptom_is_filled_and_staff_are_told(house: House) -> None:
    row = filed(house, symptom="other")
    assert reparse_pending(house, understood) == 1
    assert seen(house, row) == (None, "no_cooling", False, ["reparsed"])
    assert reparse_pending(house, understood) == 0


def test_what_is_known_is_not_overruled(house: House) -> None:
    row = filed(house, symptom="noise", non_quality=True)
    assert reparse_pending(house, understood) == 1
    assert seen(house, row) == (None, "noise", True, [])


def test_while_the_model_is_away_everything_stays_pending(house: House) -> None:
    row = filed(house, symptom="other")
    assert reparse_pending(house, away) == 0
    assert seen(house, row) == ("pending", "other", None, [])


def test_a_ticket_that_has_ended_is_only_settled(house: House) -> None:
    row = filed(house, symptom="other")
    with house.database.session() as session:
        at = MONDAY_MORNING + timedelta(minutes=5)
        move(session, session.get_one(Ticket, row), "cancel", at=at, actor="赵经理", channel="staff")
        session.commit()
    assert reparse_pending(house, understood) == 1
    assert seen(house, row)[:2] == (None, "other")


def test_a_description_told_anew_meanwhile_waits_for_the_next_round(house: House) -> None:
    row = filed(house, symptom="other")

    def slow(text: str) -> Meaning:
        with house.database.session() as session:
            session.get_one(Ticket, row).description = "其实是漏水"
            session.commit()
        return understood(text)

    assert reparse_pending(house, slow) == 0
    assert seen(house, row)[:2] == ("pending", "other")


@pytest.mark.parametrize("limit", [1, 2])
def test_no_more_than_the_limit_a_round(house: House, limit: int) -> None:
    for _ in range(3):
        filed(house, symptom="other")
    assert reparse_pending(house, understood, limit=limit) == limit

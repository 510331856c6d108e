"""The ticket: every verb in every state, its number, its owner, and what merging and reopening bring about."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from core.care.rating import rate
from core.customer.model import Customer
from core.house import House
from core.promise.model import Promise
from core.promise.watch import watch_deadlines
from core.ticket.actions import BadRequest, ConsentNeeded, Order, UnknownTicket, act, find
from core.ticket.filing import Filing, add_facts, file_ticket
from core.ticket.lifecycle import ENDED, OPEN, STATES, VERBS, IllegalMove, allowed_verbs, move
from core.ticket.model import Ticket, TicketCounter, TimelineEntry
from core.ticket.number import next_number
from core.ticket.theirs import same_fault, tickets_of

FAULT = {"category": "tv", "brand": "TCL", "description": "没有声音", "phone": "+8613800138000"}


def customer(session, house: House, **facts) -> Customer:  # type: ignore[no-untyped-def]
    person = Customer(created_at=house.clock.now(), **facts)
    session.add(person)
    session.flush()
    return person


def filed(session, house: House, person: Customer | None = None, **facts) -> Ticket:  # type: ignore[no-untyped-def]
    person = person or customer(session, house)
    filing = Filing(person, "repair", "normal", "webchat", "王芳", house.clock.now())
    return file_ticket(session, house, filing, {**FAULT, **facts})


def does(session, house: House, ticket: Ticket, verb: str, **order) -> Ticket:  # type: ignore[no-untyped-def]
    return act(session, house, Order(ticket.number, verb, by="李工", at=house.clock.now(), **order))


@pytest.mark.parametrize(("verb", "state"), list(product(VERBS, STATES)))
def test_every_verb_in_every_state(verb: str, state: str) -> None:
    class Sink:
        def add(self, entry: object) -> None:
            self.entry = entry

    ticket, sink = Ticket(id=1, number="1", state=state), Sink()
    step = {"at": datetime(2026, 11, 23, tzinfo=UTC), "actor": "李工", "channel": "staff"}
    if state in VERBS[verb].sources:
        assert verb in allowed_verbs(state)
        move(sink, ticket, verb, **step)  # type: ignore[arg-type]
        assert ticket.state == VERBS[verb].target
        assert (sink.entry.from_state, sink.entry.to_state) == (state, ticket.state)  # type: ignore[attr-defined]
        assert (ticket.closed_at is not None) == (ticket.state in ENDED)
    else:
        with pytest.raises(IllegalMove) as refused:
            move(sink, ticket, verb, **step)  # type: ignore[arg-type]
        assert ticket.state == state and not hasattr(sink, "entry")
        assert refused.value.allowed == allowed_verbs(state) and verb not in refused.value.allowed


def test_the_table_is_whole() -> None:
    assert {verb.target for verb in VERBS.values()} <= set(STATES) and set(OPEN) | set(ENDED) == set(STATES)
    assert all(set(verb.sources) <= set(STATES) for verb in VERBS.values())
    reached, news = {"filed"}, {"filed"}
    while news:
        news = {VERBS[verb].target for state in news for verb in allowed_verbs(state)} - reached
        reached |= news
    assert reached == set(STATES)


def test_numbers_turn_over_at_midnight_in_shanghai(house: House) -> None:
    before = datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)
    with house.database.session() as session:
        drawn = [
            next_number(session, at=before + timedelta(seconds=s), zone=house.zone) for s in (0, 0, 1, 2)
        ]
    assert drawn == ["2611230001", "2611230002", "2611240001", "2611240002"]


def test_the_ten_thousandth_number_of_a_day_is_longer(house: House) -> None:
    with house.database.session() as session:
        session.add(TicketCounter(day="261123", last=9_998))
        session.flush()
        drawn = [next_number(session, at=house.clock.now(), zone=house.zone) for _ in range(3)]
    assert drawn == ["2611239999", "26112310000", "26112310001"]


def test_only_a_verified_phone_brings_tickets_of_others(house: House) -> None:
    with house.database.session() as session:
        mine = filed(session, house)
        person = customer(session, house, phone=FAULT["phone"])
        assert tickets_of(session, person) == []
        person.phone_verified_at = house.clock.now()
        assert tickets_of(session, person) == [mine]
        move(session, mine, "cancel", at=house.clock.now(), actor="x", channel="staff")
        session.flush()
        assert tickets_of(session, person) == [] and tickets_of(session, person, only_open=False) == [mine]


def test_the_same_device_joins_and_another_does_not(house: House) -> None:
    with house.database.session() as session:
        person = customer(session, house)
        first = filed(session, house, person, model="L55")
        assert same_fault(session, person, {"category": "tv"}) is first
        assert same_fault(session, person, {"category": "tv", "brand": "TCL", "model": "L55"}) is first
        assert same_fault(session, person, {"category": "tv", "brand": "海信"}) is None
        assert same_fault(session, person, {"category": "printer"}) is None


def test_merging_closes_one_and_tells_the_other(house: House) -> None:
    with house.database.session() as session:
        one, two = filed(session, house), filed(session, house)
        does(session, house, one, "merge", into=two.number)
        assert (one.state, one.parent_id, two.state) == ("merged", two.id, "filed")
        session.flush()
        assert [e.verb for e in two.timeline][-1] == "merged_in"
        pending = select(Promise).where(Promise.ticket_id == one.id, Promise.status == "pending")
        assert session.scalars(pending).all() == []


def test_nothing_is_merged_into_itself_into_nothing_or_into_what_has_ended(house: House) -> None:
    with house.database.session() as session:
        one, two = filed(session, house), filed(session, house)
        for into in (None, one.number):
            with pytest.raises(BadRequest):
                does(session, house, one, "merge", into=into)
        with pytest.raises(UnknownTicket):
            does(session, house, one, "merge", into="9999999999")
        does(session, house, two, "merge", into=one.number)
        with pytest.raises(BadRequest, match="ended"):
            does(session, house, one, "merge", into=two.number)
        assert one.state == "filed"


def keys(session, ticket: Ticket, kind: str, status: str = "pending") -> list[str]:  # type: ignore[no-untyped-def]
    mine = select(Promise.key).where(
        Promise.ticket_id == ticket.id, Promise.kind == kind, Promise.status == status
    )
    return sorted(session.scalars(mine))


@pytest.mark.parametrize("back", ["reopen", "revisit"])
def test_each_completion_is_called_back(house: House, back: str) -> None:
    with house.database.session() as session:
        ticket = filed(session, house)
        does(session, house, ticket, "done")
        does(session, house, ticket, "sign")
        assert keys(session, ticket, "follow_up") == [f"follow_up:{ticket.number}:1"]
        does(session, house, ticket, back)
        assert (ticket.round, ticket.signed_at, ticket.done_at) == (2, None, None)
        assert keys(session, ticket, "follow_up") == keys(session, ticket, "survey") == []
        assert len(keys(session, ticket, "sla_solved")) == 3
        does(session, house, ticket, "done")
        assert keys(session, ticket, "follow_up") == [f"follow_up:{ticket.number}:2"]


def test_a_repair_done_again_after_a_bad_rating_may_be_rated_again(house: House) -> None:
    with house.database.session() as session:
        ticket = filed(session, house)
        step = {"at": house.clock.now(), "actor": "王芳", "channel": "webchat"}
        does(session, house, ticket, "done")
        assert rate(session, house, ticket, 1, **step) == "reopened" and ticket.rating == 1
        does(session, house, ticket, "done")
        assert rate(session, house, ticket, 5, **step) == "thanked"
        assert (ticket.rating, ticket.state) == (5, "closed")


def test_another_severity_calls_off_the_former_clocks(house: House) -> None:
    with house.database.session() as session:
        ticket = filed(session, house)
        assert len(keys(session, ticket, "sla_reply")) == 3
        ticket.severity = "urgent"
        watch_deadlines(session, house, ticket, at=house.clock.now())
        assert all(
            ":urgent:" in key
            for key in keys(session, ticket, "sla_reply") + keys(session, ticket, "sla_solved")
        )
        assert len(keys(session, ticket, "sla_reply")) == 3


def test_deadlines_counted_again_are_promised_again_and_told_to_staff(house: House) -> None:
    """There and back: the clocks of a severity that was left before were once called off for good."""
    with house.database.session() as session:
        ticket = filed(session, house)
        first = ticket.severity
        for minutes, severity in enumerate(("serious", first), 1):
            ticket.severity, before = severity, ticket.due_at
            watch_deadlines(session, house, ticket, at=house.clock.now() + timedelta(minutes=minutes))
            assert len(keys(session, ticket, "sla_solved")) == 3
            session.flush()
            told = session.scalars(
                select(TimelineEntry.note)
                .where(TimelineEntry.ticket_id == ticket.id, TimelineEntry.verb == "sla_recomputed")
                .order_by(TimelineEntry.id)
            ).all()
            moved = (f"{house.local(moment):%Y-%m-%d %H:%M}" for moment in (before, ticket.due_at))
            assert len(told) == minutes and told[-1] == " → ".join(moved)


def test_a_year_without_holidays_is_told_to_staff_and_counted_in_calendar_time(house: House) -> None:
    with house.database.session() as session:
        at = datetime(2099, 1, 1, 1, tzinfo=UTC)
        filing = Filing(customer(session, house), "complaint", "normal", "webchat", "王芳", at)
        ticket = file_ticket(session, house, filing, FAULT)
        session.flush()
        entry = session.scalars(
            select(TimelineEntry).where(
                TimelineEntry.ticket_id == ticket.id, TimelineEntry.verb == "sla_no_holidays"
            )
        ).one()
        assert (entry.note, entry.audience) == ("2099", "staff")
        assert ticket.due_at == at + timedelta(minutes=house.book.policy("sla")["complaint"]["solved"])


def test_out_of_warranty_is_not_dispatched_without_consent(house: House) -> None:
    with house.database.session() as session:
        ticket = filed(session, house, purchase_date="2010-01-01", purchase_precision="year")
        assert ticket.warranty == "out"
        with pytest.raises(ConsentNeeded):
            does(session, house, ticket, "dispatch")
        ticket.fee_consent = "given"
        assert does(session, house, ticket, "dispatch").state == "dispatched"


@pytest.mark.parametrize(
    ("verb", "order"),
    [
        ("appoint", {}),
        ("dispatch", {"outlet": 123456}),
        ("quote", {}),
        ("quote", {"fee": -1.0}),
        ("quote", {"fee": float("nan")}),
        ("fly", {}),
    ],
)
def test_an_order_that_makes_no_sense_changes_nothing(house: House, verb: str, order: dict) -> None:
    with house.database.session() as session:
        ticket = filed(session, house)
        if verb == "appoint":
            does(session, house, ticket, "dispatch")
        state, entries = ticket.state, len(find(session, ticket.number).timeline)
        with pytest.raises(BadRequest):
            does(session, house, ticket, verb, **order)
        session.flush()
        assert (ticket.state, len(find(session, ticket.number).timeline)) == (state, entries)


def test_a_later_answer_is_decided_again_and_written_down(house: House) -> None:
    with house.database.session() as session:
        ticket = filed(session, house)
        step = {"at": house.clock.now(), "actor": "王芳", "channel": "webchat"}
        add_facts(
            session,
            house,
            ticket,
            {"address": "成都市武侯区天府大道1号", "purchase_date": "2026-01-01"},
            **step,
        )
        assert ticket.region == "510107" and ticket.outlet_id and ticket.warranty == "in"
        session.flush()
        session.refresh(ticket)
        assert ticket.timeline[-1].verb == "update"
        add_facts(session, house, ticket, {"brand": "TCL"}, **step)
        session.flush()
        session.refresh(ticket)
        assert [e.verb for e in ticket.timeline].count("update") == 1

"""Asking a customer what a plan wants to know: the outreach planner decides, one contact carries what falls together."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.call.limits import NoCall
from core.care.case import asked
from core.care.facts import facts_of
from core.care.model import FollowUp
from core.care.outreach import Decision, Drop, Person, Rules, SendBy, Wait, decide
from core.care.tasks import put_on_list
from core.customer.model import Conversation, Customer
from core.dialogue.state import Question, State
from core.house import House
from core.messaging.outbox import say
from core.programme.plan import Plan
from core.programme.standing import Due
from core.programme.together import (
    falls_together,
    last_contact,
    service_soon,
    taken_along,
    window,
    written,
)
from core.programme.words import Told, choices_of, opening, questions_of
from core.promise.model import promise
from core.staff.push import push

QUESTION = "plan"
UNANSWERED = "plan_unanswered"
# Our machine's calls ask about a finished service only.
_BY_A_PERSON = NoCall("this is asked by a person on the phone")


def ask_customer(due: Due, plan: Plan, customer: Customer, case: FollowUp, now: datetime) -> datetime | None:
    """Asked, put off until the returned moment, or dropped; every case keeps what happened in its history."""
    session, house = due.session, due.house
    waits = _with_the_others(session, house, customer, now)
    if waits is None:
        decision = _decided(session, house, customer, plan, now)
        if not isinstance(decision, Wait):
            _carry_out(due, plan, customer, case, decision, now)
            return None
        waits = decision
    due.row.reason = waits.why
    written(house, case, now, f"{waits.why} → {house.local(waits.until):%m-%d %H:%M}")
    return waits.until


def _with_the_others(session: Session, house: House, customer: Customer, now: datetime) -> Wait | None:
    """A service that is asked about soon takes this along; right after a contact one waits for the next window."""
    soon = service_soon(session, house, customer.id, at=now)
    if soon is not None:
        until = max(soon.due_at, now) + timedelta(minutes=1)
        return Wait(until, f"falls together with {soon.key}")
    last = last_contact(session, customer.id, at=now)
    if last is not None and last + window(house) > now:
        return Wait(last + window(house), "the customer was asked something just now")
    return None


def _decided(
    session: Session,
    house: House,
    customer: Customer,
    plan: Plan,
    now: datetime,
    channels: tuple[str, ...] | None = None,
) -> Decision:
    rules = Rules.of(
        house.book.policy,
        house.zone,
        channels=channels or plan.channels,
        spare_holidays=plan.spare_holidays,
    )
    facts = facts_of(session, house, customer, phone=None, rules=rules, at=now)
    return decide(replace(facts, call=_BY_A_PERSON), rules, at=now)


def _carry_out(
    due: Due, plan: Plan, customer: Customer, case: FollowUp, decision: Decision, now: datetime
) -> None:
    session, house, key = due.session, due.house, due.row.key
    if isinstance(decision, Drop):
        call_off(due, now, decision.why)
        return
    others = falls_together(session, house, customer.id, at=now, but=key)
    told: list[Told] = [(plan, case, due.device)]
    told += [(one.plan, one.case, one.device) for one in others if one.plan and one.case]
    if isinstance(decision, SendBy) and decision.conversation is not None:
        _send(due, customer, told, session.get_one(Conversation, decision.conversation), now)
        channel = decision.channel
        asked(session, key, customer_id=customer.id, channel=channel, at=now, key=key)
        _look_again(house, due, plan, now)
    else:
        why = decision.why if isinstance(decision, Person) else ""
        put_on_call_list(session, house, customer, told, why=why, at=now)
        channel = "person"
    due.row.reason = f"asked by {channel}"
    written(house, case, now, _said(channel, others))
    for one in others:
        taken_along(house, one, channel=channel, key=key, at=now)


def _said(channel: str, others: list[Due]) -> str:
    along = ", ".join(one.row.key for one in others)
    return f"asked by {channel}" + (f", with it {along}" if along else "")


def _send(due: Due, customer: Customer, told: list[Told], chat: Conversation, now: datetime) -> None:
    house, language = due.house, customer.language
    first = questions_of(plan for plan, _, _ in told)[0]
    choices = choices_of(first, device=any(device for _, _, device in told))
    question = Question(
        QUESTION, f"{first}:{due.row.key}", [list(pair) for pair in choices], None, now.isoformat()
    )
    said = say(
        due.session,
        at=now,
        channel=chat.identity.channel,
        account=chat.identity.account,
        recipient=chat.identity.external_id,
        text=f"{opening(house, customer, told)}\n{house.book.text(f'plan.ask_{first}', language)}",
        choices=[{"key": key, "label": house.book.label("choice", one, language)} for key, one in choices],
        conversation_id=chat.id,
        key=due.row.key,
        weight="result",
        question=question.dump(),
    )
    if said is not None:
        state = State.load(chat.state)
        state.question = question
        chat.state = state.dump()


def put_on_call_list(
    session: Session, house: House, customer: Customer, told: list[Told], *, why: str, at: datetime
) -> None:
    """The last hop: a person calls and says the same words; the desk hears of it once."""
    plan, case, _ = told[0]
    language = customer.language
    wanted = questions_of(one for one, _, _ in told)
    spoken = [house.book.text(f"plan.say_{question}", language) for question in wanted]
    added = put_on_list(
        session,
        key=f"call:{case.key}",
        customer_id=customer.id,
        phone=customer.phone,
        purpose=plan.name,
        text="\n".join([opening(house, customer, told), *spoken]),
        why=why,
        at=at,
        follow_up=case.key,
    )
    if added:
        name, phone = customer.name or "—", customer.phone or "—"
        push(session, house, key=f"call:{case.key}", audience="desk", wording="push.plan_call", at=at,
             plan=plan.title, name=name, phone=phone)  # fmt: skip


def _look_again(house: House, due: Due, plan: Plan, now: datetime) -> None:
    if "person" in plan.channels:
        at = now + timedelta(days=house.book.policy("survey_answer_days"))
        row = {"key": f"{UNANSWERED}:{due.row.key}", "kind": UNANSWERED, "due_at": at}
        promise(due.session, row | {"payload": {**due.row.payload, "case": due.row.key}})


def ask_by_person(due: Due, plan: Plan, customer: Customer, case: FollowUp, now: datetime) -> datetime | None:
    """Nobody answered in the chat: a person calls, unless the planner says not now or not at all."""
    decision = _decided(due.session, due.house, customer, plan, now, channels=("person",))
    if isinstance(decision, Wait):
        due.row.reason = decision.why
        return decision.until
    if isinstance(decision, Drop):
        call_off(due, now, decision.why)
        return None
    put_on_call_list(
        due.session, due.house, customer, [(plan, case, due.device)], why="no answer in the chat", at=now
    )
    written(due.house, case, now, "no answer in the chat: a person calls")
    return None


def call_off(due: Due, now: datetime, why: str) -> None:
    """Not kept, with the reason on the promise and on the case."""
    due.row.status, due.row.ended_at, due.row.reason = "cancelled", now, why
    if due.case is not None and due.case.outcome is None and due.case.asked_at is None:
        due.case.outcome = "stopped"
        written(due.house, due.case, now, why)

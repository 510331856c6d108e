"""What came of a person's call, as pressed on the call list: one of a few words, and what follows from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.case import answered, asked, remark
from core.care.model import CallTask
from core.care.notice import reachable
from core.care.rating import BAD, close, fixed, not_fixed, rate
from core.customer.model import Customer
from core.house import House
from core.promise.calendar import QuietHours
from core.staff.push import push
from core.ticket.filing import Filing, file_ticket
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

ASKED = ("fixed", "not_fixed", "unreachable", "refused")
TOLD = ("told", "unreachable", "refused")


class BadOutcome(Exception):
    """这个结果不能登记。"""


@dataclass(frozen=True)
class Result:
    """``score`` 1–5 and ``comment`` are the customer's, where they gave any."""

    outcome: str
    by: str
    at: datetime
    score: int | None = None
    comment: str | None = None


def outcomes(task: CallTask) -> tuple[str, ...]:
    """What may be pressed: whether it works, or that a notice was passed on. Scores of a training go to its page."""
    return TOLD if task.purpose in ("appointment", "message", "training", "training_news") else ASKED


def settle(session: Session, house: House, task_id: int, result: Result) -> CallTask | None:
    """Write the result down and do what follows; None when the task is not open any more. BadOutcome for other words."""
    task = _locked(session, task_id)
    if task is None:
        return None
    wrong = result.outcome not in outcomes(task) or result.score not in (None, 1, 2, 3, 4, 5)
    if wrong:
        raise BadOutcome
    task.tries, task.taken_by = task.tries + 1, result.by
    case = task.follow_up or ""
    asked(session, case, customer_id=task.customer_id, channel="staff", at=result.at, key=task.key)
    if task.ticket is not None:
        note(session, task.ticket, verb="call_result", at=result.at, actor=result.by, channel="staff",
             text=result.outcome, audience="staff")  # fmt: skip
    if result.outcome == "unreachable" and task.tries < house.book.policy("outreach")["call_list"]["tries"]:
        _again(house, task, result.at)
        return task
    task.state, task.outcome, task.ended_at = "done", result.outcome, result.at
    if result.outcome in ("unreachable", "refused"):
        _unanswered(session, task, result)
    elif result.outcome != "told":
        _verdict(session, house, task, result)
    return task


def _locked(session: Session, task_id: int) -> CallTask | None:
    # Conversation, ticket, task: in the order of a turn of the same customer.
    found = session.execute(
        select(CallTask.customer_id, CallTask.ticket_id).where(CallTask.id == task_id)
    ).first()
    if found is None:
        return None
    reachable(session, found.customer_id)
    if found.ticket_id is not None:
        session.get_one(Ticket, found.ticket_id, with_for_update=True)
    open_one = select(CallTask).where(CallTask.id == task_id, CallTask.state == "open")
    return session.scalars(open_one.with_for_update(of=CallTask)).first()


def _again(house: House, task: CallTask, at: datetime) -> None:
    hours = house.book.policy("outreach")["call_list"]["again_hours"]
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    task.due_at = quiet.after(at + timedelta(hours=hours))


def _unanswered(session: Session, task: CallTask, result: Result) -> None:
    """The case is closed with its reason, and so is the ticket: asking for ever would be no better."""
    if task.follow_up is None:
        return
    answered(session, task.follow_up, at=result.at, outcome=result.outcome, comment=result.comment,
             tries=task.tries)  # fmt: skip
    ticket = task.ticket
    if ticket is not None and ticket.state in ("done", "followed_up"):
        close(session, ticket, at=result.at, actor=result.by, channel="staff")


def _verdict(session: Session, house: House, task: CallTask, result: Result) -> None:
    ticket = task.ticket
    if ticket is None or ticket.state not in ("done", "followed_up", "closed"):
        _verdict_on_device(session, house, task, result)
        return
    at, actor = result.at, result.by
    bad = result.outcome == "not_fixed"
    score = min(result.score, BAD) if bad and result.score else result.score
    if score is not None:
        rate(session, house, ticket, score, at=at, actor=actor, channel="staff")
    elif bad:
        why = result.comment or "not fixed"
        not_fixed(session, house, ticket, at=at, actor=actor, channel="staff", why=why)
    else:
        fixed(session, ticket, at=at, actor=actor, channel="staff")
        close(session, ticket, at=at, actor=actor, channel="staff")
    if result.comment:
        remark(session, ticket, result.comment)
        note(session, ticket, verb="comment", at=at, actor=actor, channel="staff", text=result.comment)


def _verdict_on_device(session: Session, house: House, task: CallTask, result: Result) -> None:
    """No finished ticket to open again: what does not work becomes a complaint, answered for by its department (E3)."""
    answered(session, task.follow_up or "", at=result.at, outcome=result.outcome, score=result.score,
             comment=result.comment)  # fmt: skip
    if result.outcome == "not_fixed" or (result.score or 5) <= BAD:
        complain(session, house, task.customer, result.comment or "", at=result.at, actor=result.by)


def complain(
    session: Session, house: House, customer: Customer, text: str, *, at: datetime, actor: str
) -> Ticket:
    """A complaint from a follow-up that no ticket belongs to; the head is pushed."""
    filing = Filing(customer, "complaint", "serious", "staff", actor, at)
    words = text or house.book.text("care.complaint")
    facts = {"name": customer.name, "phone": customer.phone, "description": words}
    ticket = file_ticket(session, house, filing, facts)
    push(session, house, key=f"unhappy:{ticket.number}", audience="head", wording="push.unhappy_plan", at=at,
         ticket=ticket, why=words[:200])  # fmt: skip
    return ticket

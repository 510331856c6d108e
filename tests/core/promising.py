"""A house full of promises: customers of every reach, staff with chats, and a clock that may go wrong."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.model import CallTask
from core.care.outcome import Result, outcomes, settle
from core.customer.model import Conversation, Customer, Identity
from core.house import House
from core.promise.sweep import next_due, sweep
from core.service.model import Policy
from core.staff.answers import Doing, hand_up, later, take
from core.staff.model import Staff
from core.staff.people import named
from core.staff.push import push
from core.staff.refusal import Refused
from core.ticket.actions import BadRequest, ConsentNeeded, Order, act, allowed, find
from core.ticket.filing import Filing, file_ticket
from core.ticket.lifecycle import IllegalMove
from core.ticket.model import SEVERITIES, Ticket
from scheduler.handlers import HANDLERS
from tests.core.world import Moody, PowerCut, World

CUSTOMERS = {"王女士": "webchat", "张先生": "wechat", "孙阿姨": None}  # she has a telephone only
CHATS = {"李工": ("wecom", "LiGong"), "赵经理": ("telegram", "7001"), "周客服": ("wecom", "ZhouKeFu")}
KINDS = ("repair", "installation", "complaint")
BUTTONS = {"take": take, "hand up": hand_up, "later": lambda doing: later(doing, "请处理")}
# Where a process of ours may die, and what it was doing.
SWEEPING = ("sweep.claimed", "sweep.keeping", "sweep.kept")
SENDING = ("send.before", "send.after", "outbox.finishing")
_MODULES = ("core.promise.sweep", "core.messaging.delivery", "core.messaging.lease")


class Promising(World):
    """Turned by hand, as every story: clock, senders and dialogue work when a test says so."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.recorders["wecom"] = Moody("wecom")
        with house.database.session() as session:
            weekly = session.get_one(Policy, "outreach")
            weekly.value = {**weekly.value, "per_week": 1}  # so that the cap is felt by three customers
            session.add(Staff(name="总经理", role="admin", created_at=house.clock.now()))
            session.flush()
            for person in session.scalars(select(Staff)):
                channel, account = CHATS.get(person.name, ("", ""))
                person.wecom_id = account if channel == "wecom" else None
                person.telegram_id = account if channel == "telegram" else None
            for number, (name, channel) in enumerate(CUSTOMERS.items()):
                self._settle_in(session, name, channel, f"+861380013800{number}")
            session.commit()

    def _settle_in(self, session: Session, name: str, channel: str | None, phone: str) -> None:
        at = self.house.clock.now()
        person = Customer(name=name, phone=phone, language="zh", created_at=at)
        session.add(person)
        session.flush()
        if channel is not None:
            identity = Identity(customer_id=person.id, channel=channel, external_id=name, created_at=at)
            session.add(identity)
            session.flush()
            lane = f"{channel}::{name}"
            session.add(
                Conversation(lane=lane, identity_id=identity.id, state={}, created_at=at, last_heard_at=at)
            )

    def files(self, who: str, kind: str, severity: str) -> None:
        with self.house.database.session() as session:
            person = session.scalars(select(Customer).where(Customer.name == who)).one()
            filing = Filing(person, kind, severity, "staff", "周客服", self.house.clock.now())
            file_ticket(session, self.house, filing, {"category": "tv", "description": "没有图像"})
            session.commit()

    def numbers(self) -> list[str]:
        with self.house.database.reading() as session:
            return list(session.scalars(select(Ticket.number).order_by(Ticket.id)))

    def staff_do(self, number: str, step: int) -> None:
        """One of the things that make sense now."""
        with self.house.database.session() as session, suppress(IllegalMove, ConsentNeeded, BadRequest):
            now, ticket = self.house.clock.now(), find(session, number)
            verbs = [verb for verb in allowed(ticket) if verb not in ("quote", "sign", "merge")]
            verb = verbs[step % len(verbs)]
            value = SEVERITIES[step % 3] if verb == "severity" else "standard"
            visit = now + timedelta(hours=step)
            act(session, self.house, Order(number, verb, by="李工", at=now, when=visit, value=value))
            session.commit()

    def does(self, number: str, verb: str) -> None:
        with suppress(IllegalMove, ConsentNeeded):
            self.order(verb, number)

    def alarm(self, number: str, key: str) -> None:
        """Somebody must come: a chain goes up the ladder."""
        with self.house.database.session() as session:
            ticket = find(session, number)
            push(session, self.house, key=key, audience="on_duty", wording="push.emergency",
                 at=self.house.clock.now(), ticket=ticket)  # fmt: skip
            session.commit()

    def answer(self, number: str, name: str, what: str) -> None:
        """A member of staff presses a button under an alert."""
        with self.house.database.session() as session, suppress(Refused):
            person = named(session, name)
            assert person is not None
            ticket, now = find(session, number), self.house.clock.now()
            doing = Doing(session, self.house, person, ticket, now, "wecom", now.isoformat())
            BUTTONS[what](doing)
            session.commit()

    def calls(self, which: int, score: int) -> None:
        """A person works off a line of the call list."""
        with self.house.database.session() as session:
            tasks = session.scalars(select(CallTask).where(CallTask.state == "open")).all()
            if tasks:
                task = tasks[which % len(tasks)]
                may = outcomes(task)
                outcome = may[which % len(may)]
                rated = score if outcome in ("fixed", "not_fixed") else None
                settle(session, self.house, task.id, Result(outcome, "周客服", self.house.clock.now(), rated))
                session.commit()

    def sweeps(self) -> None:
        while sweep(self.house, HANDLERS, now=self.house.clock.now()):
            pass

    def lives(self, hours: float) -> None:
        """Time passes; what falls due is kept at its time, and what it says is sent before the next."""
        until = self.house.clock.now() + timedelta(hours=hours)
        while (due := self._next()) is not None and due <= until:
            self.house.clock.move_to(due)
            self.sweeps()
            self.dies(self.sends)
        self.house.clock.move_to(until)

    def _next(self) -> Any:
        with self.house.database.reading() as session:
            return next_due(session)

    def dies_at(self, point: str, times: int) -> None:
        """The clock and the sender work, and the power fails when ``point`` is reached so often."""
        with dark_at(point, times):
            self.dies(lambda: (self.sweeps(), self.sends()))

    def comes_to_rest(self) -> None:
        """Everything works again, and so much time passes that nothing may be left open."""
        self.heals()
        for _ in range(6):
            self.lives(24 * 5)
            self.heals()


@contextmanager
def dark_at(point: str, times: int) -> Iterator[None]:
    left = [times]

    def reach(here: str) -> None:
        left[0] -= here == point
        if left[0] == 0:
            left[0] = -1
            raise PowerCut

    with ExitStack() as patched:
        for module in _MODULES:
            patched.enter_context(patch(f"{module}.reach", reach))
        yield

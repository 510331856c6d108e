"""What an occurrence is about, loaded from its promise, and how things stand with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.model import FollowUp
from core.customer.model import Customer, Device
from core.house import House
from core.programme.event import event_of
from core.programme.foresee import launches_of
from core.programme.model import ProductLaunch
from core.programme.occurrence import Event
from core.programme.plan import Plan
from core.programme.stops import Standing, stopped
from core.promise.model import Promise
from core.ticket.lifecycle import ENDED
from core.ticket.model import Ticket

_NEAR = timedelta(days=2)


@dataclass
class Due:
    """An occurrence that has fallen due."""

    session: Session
    house: House
    row: Promise

    @cached_property
    def plan(self) -> Plan | None:
        """None where there is none of that name any more."""
        return self.house.book.plan(self.row.payload["plan"])

    @cached_property
    def case(self) -> FollowUp | None:
        return self.session.scalars(select(FollowUp).where(FollowUp.key == self.row.key)).first()

    @cached_property
    def device(self) -> Device | None:
        number = self.row.payload.get("device")
        return self.session.get(Device, number) if number else None

    @cached_property
    def launch(self) -> ProductLaunch | None:
        number = self.row.payload.get("launch")
        return self.session.get(ProductLaunch, number) if number else None

    @cached_property
    def customer(self) -> Customer | None:
        """Whose it is now: devices change hands, and two files become one."""
        number = self.device.customer_id if self.device else self.row.payload.get("customer")
        found = self.session.get(Customer, number) if number else None
        while found is not None and found.merged_into is not None:
            found = self.session.get(Customer, found.merged_into)
        return found

    def stopped(self) -> str | None:
        """Why it is left out, None when it is to be kept."""
        if self.plan is None or not self.plan.active:
            return stopped(self.plan, Standing())
        return stopped(self.plan, self._standing(self.plan))

    def _standing(self, plan: Plan) -> Standing:
        about = self.launch if plan.action == "report" else self.customer
        if about is None or ("device" in self.row.payload and self.device is None):
            return Standing(known=False)
        ticket = self.session.get(Ticket, self.row.ticket_id) if self.row.ticket_id else None
        return Standing(
            planned=self._planned(plan),
            retired=self.device is not None and self.device.retired_at is not None,
            no_more=self._no_more(plan),
            complaint=self._open("complaint"),
            visit=self._open("inspection") if plan.action == "visit" else None,
            ticket_open=ticket.number if ticket is not None and ticket.done_at is None else None,
        )

    def _planned(self, plan: Plan) -> bool:
        """The plan's dates about this moment, from the event as it is known today."""
        event, told = self._event(plan), datetime.fromisoformat(self.row.payload["moment"])
        if event is None:
            return False
        near = plan.dates(event, since=told - _NEAR, until=told + _NEAR, zone=self.house.zone)
        return any(one.date() == told.astimezone(self.house.zone).date() for one in near)

    def _event(self, plan: Plan) -> Event | None:
        if plan.trigger in ("ticket_done", "training_held"):
            return datetime.fromisoformat(self.row.payload["event"])
        if plan.trigger == "calendar":
            return plan.starts_on
        if self.launch is not None:
            return self.launch.launched_on
        if self.device is None or self.customer is None:
            return None
        policy = self.house.book.policy
        if not plan.who.takes(
            contract=self.customer.contract, category=self.device.category, model=self.device.model
        ):
            return None
        return event_of(
            plan,
            self.device,
            warranty_months=policy("warranty_months"),
            launches=launches_of(self.session),
        )

    def _no_more(self, plan: Plan) -> bool:
        if self.customer is None:
            return False
        device = self.row.payload.get("device")
        refused = select(FollowUp.id).where(
            FollowUp.customer_id == self.customer.id,
            FollowUp.plan == plan.name,
            FollowUp.outcome == "refused",
            FollowUp.device_id == device if device else FollowUp.device_id.is_(None),
        )
        return self.session.scalar(refused.limit(1)) is not None

    def _open(self, kind: str) -> str | None:
        """The number of an open ticket of this kind: about the customer, or for an inspection about the device."""
        if self.customer is None:
            return None
        mine = select(Ticket.number).where(
            Ticket.customer_id == self.customer.id, Ticket.kind == kind, Ticket.state.not_in(ENDED)
        )
        if kind == "inspection" and self.device is not None:
            mine = mine.where(Ticket.device_id == self.device.id)
        return self.session.scalar(mine.order_by(Ticket.id).limit(1))

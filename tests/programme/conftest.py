"""王女士 with a chat, a washing machine sold to her, and a programme that is looked through each day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.care.model import CallTask, Contact, FollowUp
from core.customer.model import Customer, Device
from core.messaging.channel import Outgoing
from core.programme.round import begin
from core.programme.sale import Sale, register_sale
from core.promise.model import Promise
from tests.play import Story

PHONE = "+8613800138000"


class Programme(Story):
    """A story in which devices are sold."""

    def __init__(self, house: Any) -> None:
        super().__init__(house)
        self.said_at: dict[int, datetime] = {}
        self.says("你好")
        with house.database.session() as session:
            customer = session.scalars(select(Customer)).one()
            customer.name, customer.phone, customer.phone_verified_at = "王女士", PHONE, house.clock.now()
            session.commit()
        begin(house)

    @property
    def today(self) -> date:
        return self.house.local(self.house.clock.now()).date()

    def sells(self, category: str = "washing_machine", **facts: Any) -> int:
        facts.setdefault("sold_on", self.today)
        with self.house.database.session() as session:
            sale = Sale(phone=facts.pop("phone", PHONE), category=category, **facts)
            number = register_sale(session, self.house, sale, at=self.house.clock.now()).id
            session.commit()
        return number

    def lives(self, days: int) -> list[tuple[date, str]]:
        """Day by day; what was said unasked, with its day."""
        heard = []
        for _ in range(days):
            before = len(self.asked())
            self.passes("1d")
            heard += [(self.today, m.text) for m in self.asked()[before:]]
        return heard

    def asked(self) -> list[Outgoing]:
        return [m for m in self.recorders["webchat"].sent if "占用您一分钟" in m.text]

    def rows(self, model: Any, *which: Any) -> list[Any]:
        with self.house.database.reading() as session:
            found = list(session.scalars(select(model).where(*which).order_by(model.id)))
            session.expunge_all()
        return found

    def cases(self, plan: str | None = None) -> list[FollowUp]:
        return self.rows(FollowUp, *([FollowUp.plan == plan] if plan else []))

    def contacts(self) -> list[Contact]:
        return self.rows(Contact)

    def tasks(self) -> list[CallTask]:
        return self.rows(CallTask)

    def promises(self, *which: Any) -> list[Promise]:
        return self.rows(Promise, Promise.kind == "plan", *which)

    def change(self, model: Any, number: int, **values: Any) -> None:
        with self.house.database.session() as session:
            row = session.get_one(model, number)
            for name, value in values.items():
                setattr(row, name, value)
            session.commit()

    def customer(self) -> int:
        return self.rows(Customer)[0].id

    def device(self) -> Device:
        return self.rows(Device)[-1]


@pytest.fixture
def programme(house: Any) -> Programme:
    return Programme(house)


def ago(story: Programme, days: int) -> date:
    return story.today - timedelta(days=days)

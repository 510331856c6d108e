"""Registering what was sold and delivered: from then on the plans of sales, deliveries and warranties know the device."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.categories import CATEGORIES
from core.customer.devices import remember_scanned
from core.customer.model import Customer, Device
from core.dialogue.facts import phone_number
from core.house import House
from core.knowledge.book import LANGUAGES
from core.programme.foresee import device_known
from core.staff.refusal import Refused

_FIRST = date(1990, 1, 1)
# 2026-11-05, 2026/11/5, 2026年11月5日, and the midnight that Excel puts behind a date.
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?$")


@dataclass(frozen=True)
class Sale:
    """One device of one customer. ``phone`` is E.164, ``category`` an id; at least one of the days is known."""

    phone: str
    category: str
    sold_on: date | None = None
    delivered_on: date | None = None
    name: str | None = None
    brand: str | None = None
    model: str | None = None
    serial: str | None = None
    invoice_no: str | None = None

    @classmethod
    def of(cls, house: House, told: dict[str, str]) -> "Sale":
        """From what was typed; Refused says what is wrong."""
        phone = phone_number(told.get("phone", ""))
        if phone is None:
            raise Refused("sale.bad.phone", phone=told.get("phone") or "—")
        names = ("name", "brand", "model", "serial", "invoice_no")
        given = {name: told[name].strip()[:60] for name in names if told.get(name, "").strip()}
        sold, delivered = _day(told.get("sold_on", "")), _day(told.get("delivered_on", ""))
        category = _category(house, told.get("category", ""))
        return cls(phone, category, sold, delivered, **given)


def _category(house: House, told: str) -> str:
    """The id, or the word that the house uses for it."""
    wanted = told.strip().lower()
    for category in CATEGORIES:
        words = (house.book.label("category", category, language).lower() for language in LANGUAGES)
        if wanted == category or wanted in words:
            return category
    raise Refused("sale.bad.category", category=told or "—")


def _day(told: str) -> date | None:
    if not told.strip():
        return None
    parts = _DATE.match(told.strip())
    try:
        return date(*map(int, parts.groups())) if parts else date.fromisoformat(told)
    except ValueError as error:
        raise Refused("sale.bad.day", day=told) from error


def register_sale(session: Session, house: House, sale: Sale, *, at: datetime) -> Device:
    """Put the device on the customer's file, who may be new, and promise what follows soon. Refused."""
    _check(house, sale, at)
    customer = _customer(session, sale, at)
    facts = {name: getattr(sale, name) for name in ("category", "brand", "model", "serial", "invoice_no")}
    device = remember_scanned(session, customer, facts, at=at)
    device.sold_on = sale.sold_on or device.sold_on
    device.delivered_on = sale.delivered_on or device.delivered_on
    device.retired_at = None
    if sale.sold_on is not None and device.purchase_date is None:
        device.purchase_date, device.purchase_precision = sale.sold_on, "day"
    session.flush()
    device_known(session, house, device, at=at)
    return device


def _check(house: House, sale: Sale, at: datetime) -> None:
    days = [day for day in (sale.sold_on, sale.delivered_on) if day is not None]
    if not days:
        raise Refused("sale.bad.no_day")
    if any(not _FIRST <= day <= house.local(at).date() for day in days):
        raise Refused("sale.bad.when")
    if len(days) == 2 and days[1] < days[0]:
        raise Refused("sale.bad.order")


def _customer(session: Session, sale: Sale, at: datetime) -> Customer:
    """The owner of the number: who proved it first, else who told it first."""
    known = select(Customer).where(Customer.phone == sale.phone, Customer.merged_into.is_(None))
    found = session.scalars(known.order_by(Customer.phone_verified_at.is_(None), Customer.id)).first()
    if found is None:
        found = Customer(phone=sale.phone, created_at=at)
        session.add(found)
        session.flush()
    found.name = found.name or sale.name
    return found

"""Making the codes that people scan: one for each kind of appliance, one for each customer who is to be linked."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.categories import CATEGORIES
from core.customer.model import Customer
from core.customer.scene import Scene, issue
from core.dialogue.choices import plain

BIND_HOURS = 24
LONGEST = 60
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


class BadCode(Exception):
    """二维码没有生成：{why}。"""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Product:
    """What a product code tells; only the category must be known."""

    category: str
    brand: str = ""
    model: str = ""
    serial: str = ""
    purchase_date: str = ""  # 2025-05-01, 2025-05 or 2025

    def payload(self, today: date) -> dict[str, str]:
        """The facts that were given. BadCode."""
        if self.category not in CATEGORIES:
            raise BadCode(f"category: {' '.join(CATEGORIES)}")
        facts = {name: plain(str(value)) for name, value in vars(self).items()}
        long = [name for name, value in facts.items() if len(value) > LONGEST]
        if long:
            raise BadCode(f"{', '.join(long)}: > {LONGEST}")
        if facts["purchase_date"] and not _is_day(facts["purchase_date"], today):
            raise BadCode("purchase_date: 2025-05-01 | 2025-05 | 2025")
        for name in ("model", "serial"):
            facts[name] = facts[name].upper()
        return {name: value for name, value in facts.items() if value}


def _is_day(written: str, today: date) -> bool:
    if not _DATE.fullmatch(written):
        return False
    try:
        day = date.fromisoformat((written + "-01-01")[:10])
    except ValueError:
        return False
    return date(1980, 1, 1) <= day <= today


def make_product_code(session: Session, product: Product, *, at: datetime, today: date, by: str) -> str:
    """A code that may be scanned for ever, by anybody who stands before the appliance. BadCode."""
    return issue(session, "product", {**product.payload(today), "by": by}, at=at, once=False)


def make_linking_code(session: Session, customer: Customer, *, at: datetime, by: str) -> str:
    """A code for one customer, good once and for a day."""
    payload = {"customer": customer.id, "by": by}
    return issue(session, "bind", payload, at=at, expires_at=at + timedelta(hours=BIND_HOURS))


def product_codes(session: Session, *, limit: int) -> list[Scene]:
    """Newest first."""
    query = select(Scene).where(Scene.purpose == "product").order_by(Scene.created_at.desc(), Scene.token)
    return list(session.scalars(query.limit(limit)))


def facts_of(scene: Scene) -> dict[str, Any]:
    """What a product code says of the appliance; None for what it does not say."""
    return {
        name: scene.payload.get(name) for name in ("category", "brand", "model", "serial", "purchase_date")
    }

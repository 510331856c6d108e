"""Which places a round visits: all that fit, some of them by lot, or a list that somebody typed."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer, Device
from core.dialogue.facts import phone_number

MOST_PLACES = 2000
_NUMBER = re.compile(r"[+\d\s()（）-]+")  # a telephone number stands alone; digits in an address do not


class BadRound(Exception):
    """巡检没有保存：{why}。"""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Place:
    """Where somebody goes, and to which device if it is about one."""

    name: str
    phone: str | None = None
    address: str | None = None
    customer_id: int | None = None
    device_id: int | None = None


def sample(places: Sequence[Place], size: int, *, seed: int) -> list[Place]:
    """``size`` of them by lot, in their order; the same seed draws the same, so that a sample can be checked."""
    if not 1 <= size <= len(places):
        raise BadRound("size")
    drawn = sorted(random.Random(seed).sample(range(len(places)), size))
    return [places[n] for n in drawn]


def devices_of(session: Session, *, category: str, area: str) -> list[Place]:
    """Every device of a category in use with a customer whose address names ``area`` (all where it is empty)."""
    query = (
        select(Device, Customer)
        .join(Customer, Device.customer_id == Customer.id)
        .where(Device.category == category, Device.retired_at.is_(None), Customer.merged_into.is_(None))
    )
    if area:
        query = query.where(Customer.address.contains(area, autoescape=True))
    rows = session.execute(query.order_by(Device.id).limit(MOST_PLACES + 1))
    return [
        Place(who.name or who.phone or f"#{who.id}", who.phone, who.address, who.id, device.id)
        for device, who in rows
    ]


def typed(text: str) -> list[Place]:
    """A line a place: its name first, then phone and address in either order or neither, with commas or tabs between. BadRound."""
    places = []
    for line in filter(None, (raw.strip() for raw in text.splitlines())):
        name, *rest = [part.strip() for part in line.replace("，", ",").replace("\t", ",").split(",")]
        number = next((part for part in rest if _NUMBER.fullmatch(part) and phone_number(part)), None)
        phone = phone_number(number) if number else None
        address = ",".join(part for part in rest if part != number).strip(",") or None
        if not name:
            raise BadRound("name")
        places.append(Place(name[:80], phone, address))
    return list(dict.fromkeys(places))

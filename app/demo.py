"""Demonstration staff, customers and tickets: what `make run` shows a newcomer."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.house import House
from core.promise.model import Promise
from core.staff.accounts import add_staff
from core.staff.model import Staff
from core.ticket.actions import Order, act
from core.ticket.filing import Filing, file_ticket

# name, role, on duty, telephone: rung by the phone in /try and by `frontdoor call`, never by a provider
STAFF = (
    ("admin", "admin", False, None),
    ("赵经理", "manager", False, "+8613980020001"),
    ("周客服", "agent", True, "+8613980020002"),
    ("陈调度", "dispatcher", True, "+8613980020003"),
    ("李工", "technician", False, "+8613980020004"),
    ("孙老师", "trainer", False, None),
)


@dataclass(frozen=True)
class Case:
    """One demonstration ticket: what was told, and the verbs that staff have already done."""

    name: str
    phone: str
    address: str
    facts: dict[str, str]
    hours_ago: float
    verbs: tuple[str, ...] = ()
    kind: str = "repair"
    severity: str = "normal"


def _fault(
    category: str, brand: str, symptom: str, description: str, bought: str | None = None, **more: str
) -> dict[str, str]:
    facts = {"category": category, "brand": brand, "symptom": symptom, "description": description, **more}
    return facts | ({"purchase_date": bought, "purchase_precision": "month"} if bought else {})


CASES = (
    Case("刘阿姨", "+8613980010001", "成都市锦江区书院街12号", _fault("refrigerator", "海尔", "no_cooling", "冰箱冷藏室不冷了，菜都坏了", "2026-03-01"), 30, ("accept", "dispatch", "done")),
    Case("陈明", "+8613980010002", "绵阳市江油市太平镇涪江路8号", _fault("tv", "创维", "no_display", "电视有声音没有图像", "2026-08-01", model="55A5D"), 20, ("accept", "dispatch")),
    Case("何丽", "+8613980010003", "成都市武侯区二环路南四段20号", _fault("washing_machine", "小天鹅", "noise", "脱水的时候整个阳台都在震"), 5, ("accept",)),
    Case("李校长", "+8613980010004", "南充市蓬安县周口镇建设路1号", _fault("display", "海信", "no_signal_or_network", "三年级教室的教学一体机没有信号，明天要上公开课", "2025-09-01"), 3, (), "repair", "serious"),
    Case("周先生", "+8613980010005", "成都市龙泉驿区同安镇阳光大道66号", _fault("water_heater", "美的", "electric_shock", "洗澡的时候感觉水龙头麻手"), 0.1, (), "repair", "urgent"),
    Case("吴小姐", "+8613980010006", "成都市成华区建设路9号", {"description": "师傅约了两次都没来，态度也不好"}, 26, (), "complaint"),
)  # fmt: skip


def seed(house: House) -> bool:
    """Add the cast and their tickets once; False when there is staff already."""
    with house.database.session() as session:
        if session.scalar(select(Staff.id).limit(1)) is not None:
            return False
        now = house.clock.now()
        for case in sorted(CASES, key=lambda c: -c.hours_ago):
            _file(session, house, case, now)
        _let_bygones_be(session, now)
        session.commit()
    return True


def _file(session: Session, house: House, case: Case, now: datetime) -> None:
    at = now - timedelta(hours=case.hours_ago)
    customer = Customer(
        name=case.name, phone=case.phone, phone_verified_at=at, address=case.address, created_at=at
    )
    session.add(customer)
    session.flush()
    filing = Filing(customer, case.kind, case.severity, "staff", case.name, at)
    facts = {**case.facts, "name": case.name, "phone": case.phone, "address": case.address}
    ticket = file_ticket(session, house, filing, facts)
    for step, verb in enumerate(case.verbs, start=1):
        when = at + timedelta(minutes=20 * step)
        act(session, house, Order(ticket.number, verb, by="周客服" if verb == "accept" else "李工", at=when))


def _let_bygones_be(session: Session, now: datetime) -> None:
    """Warnings of the days before the demonstration began would only bury its own."""
    past = update(Promise).where(Promise.status == "pending", Promise.due_at <= now)
    session.flush()
    session.execute(past.values(status="cancelled", ended_at=now, reason="before the demonstration"))


def log_in(house: House, keep: Path) -> str:
    """The administrator's password: made once, kept in a file only its owner can read."""
    with house.database.session() as session:
        known = session.scalar(select(Staff.id).where(Staff.name == "admin"))
        if known is not None and keep.exists():
            return keep.read_text("utf-8").strip()
        password = ""
        for name, role, on_duty, phone in STAFF:
            made = add_staff(
                session, name=name, role=role, on_duty=on_duty, phone=phone, at=datetime.now(UTC)
            )
            password = made if name == "admin" else password
        session.commit()
    keep.touch(mode=0o600)
    keep.write_text(password, "utf-8")
    return password

"""Playing stories: transcripts in which 客 speaks and 答 must hold, with a standing cast.

王女士 is the customer, 李工 the technician, 赵经理 the department head.
"""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.export import ticket_record
from core.dialogue.turn import take_turn
from core.house import House
from core.messaging.audit import audit
from core.messaging.channel import Outgoing
from core.messaging.delivery import send_one
from core.messaging.inbox import Inbound, InboxMessage, receive
from core.messaging.lease import claim
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.ticket.actions import Order, act
from core.ticket.model import Ticket
from nlu.client import NluClient
from scheduler.demo import advance

_numbers = itertools.count(1)


class FrozenClock:
    """Business time that stands still until a story moves it."""

    demo, reads = True, False

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        self._at += timedelta(milliseconds=1)  # no two things happen at once
        return self._at

    def move_to(self, moment: datetime) -> None:
        self._at = max(self._at, moment.astimezone(UTC))

    def jump(self, span: timedelta) -> None:
        """Forward or back, as when somebody puts a server's clock right; nothing is kept on the way."""
        self._at += span


class Recorder:
    """A channel's harmless twin: keeps what it was given."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent: list[Outgoing] = []

    def send(self, message: Outgoing) -> str:
        self.sent.append(message)
        return message.key


class Story:
    """A house with its workers turned by hand, so that a test decides the order of things."""

    def __init__(self, house: House, understand: Any = None) -> None:
        self.house = house
        self.understand = understand or NluClient(None).parse
        self.recorders = {name: Recorder(name) for name in ("webchat", "console", "wechat", "telegram")}
        with house.database.session() as session:
            for name, role, on_duty in (
                ("李工", "technician", False),
                ("赵经理", "manager", False),
                ("周客服", "agent", True),
            ):
                session.add(Staff(name=name, role=role, on_duty=on_duty, created_at=house.clock.now()))
            session.commit()

    def arrive(self, who: str, text: str, *, key: str | None = None, channel: str = "webchat") -> int:
        """One webhook: stored and acknowledged, not yet answered."""
        inbound = Inbound(channel, "", key or f"m{next(_numbers)}", who, text=text)
        with self.house.database.session() as session:
            row, _ = receive(session, inbound, at=self.house.clock.now())
            session.commit()
        return row

    def work(self) -> None:
        """Turn every worker until nothing is left to do."""
        while self._inbox() or self._outbox():
            pass

    def _inbox(self) -> int:
        with self.house.database.session() as session:
            rows = claim(session, InboxMessage, owner="test", limit=10, seconds=30)
            session.commit()
        for row in rows:
            take_turn(self.house, row, self.understand)
        return len(rows)

    def _outbox(self) -> int:
        with self.house.database.session() as session:
            rows = claim(session, OutboxMessage, owner="test", limit=10, seconds=30)
            session.commit()
        for row in rows:
            send_one(self.house, self.recorders, row)
        return len(rows)

    def says(self, text: str, *, who: str = "王女士", channel: str = "webchat") -> str:
        """客 says something; returns what 答 answers, choices included."""
        before = len(self.recorders[channel].sent)
        self.arrive(who, text, channel=channel)
        self.work()
        answers = [m for m in self.recorders[channel].sent[before:] if m.recipient == who]
        assert answers, f"no answer to {text!r}"
        return "\n".join(shown(m) for m in answers)

    def heard(self, who: str = "王女士", channel: str = "webchat") -> str:
        """The newest thing said to somebody."""
        mine = [m for m in self.recorders[channel].sent if m.recipient == who]
        return shown(mine[-1]) if mine else ""

    def pushes(self) -> list[str]:
        return [f"{m.recipient} {m.text}" for m in self.recorders["console"].sent]

    def staff(self, verb: str, number: str, **order: Any) -> None:
        with self.house.database.session() as session:
            order.setdefault("by", "李工")
            act(session, self.house, Order(number, verb, at=self.house.clock.now(), **order))
            session.commit()
        self.work()

    def passes(self, span: str) -> None:
        """Business time goes on; promises are kept on the way."""
        advance(self.house, span)
        self.work()

    def tickets(self) -> list[dict[str, Any]]:
        """Newest first, in the shape that leaves the house."""
        with self.house.database.reading() as session:
            rows = session.scalars(select(Ticket).order_by(Ticket.id.desc()))
            return [ticket_record(session, self.house, ticket) for ticket in rows]

    def conserved(self) -> None:
        """The conservation check, as every story ends."""
        with self.house.database.reading() as session:
            report = audit(session, now=self.house.clock.now())
        assert report["ok"], report["violations"]

    def play(self, transcript: str, who: str = "王女士") -> None:
        """Play a transcript. 答 lines must be found, piece by piece between the …, in the answer before them."""
        answer = ""
        for line in filter(None, (raw.strip() for raw in transcript.splitlines())):
            speaker, _, words = line.partition("：")
            if speaker == "客":
                answer = self.says(words, who=who)
            elif speaker == "答":
                for piece in filter(None, (p.strip() for p in words.split("…"))):
                    assert piece in answer, f"expected {piece!r} in\n{answer}"
            elif speaker == "推":
                told = "\n".join(self.pushes())
                for piece in filter(None, (p.strip() for p in words.split("…"))):
                    assert piece in told, f"expected push {piece!r} in\n{told}"
            else:
                raise AssertionError(f"who speaks? {line}")
        self.conserved()


def shown(message: Outgoing) -> str:
    choices = "  ".join(f"{key} {label}" for key, label in message.choices)
    return f"{message.text}\n{choices}" if choices else message.text


# A full report in one go, for stories that begin after it.
REPORT = """
客：我家美的空调不制冷了
答：第 1 步 … 1 解决了 … 2 还是不行 … 0 转人工
客：直接报修
客：我叫王芳，电话13800138000，住成都市武侯区天府大道1号3栋201，去年5月买的，型号KFR-35GW
答：请您核对 … 13800138000
客：1
答：工单号 … 保修期内
"""

"""People of the house with their chats, and presses on the buttons they were sent."""

from typing import Any

from sqlalchemy import select

from core.messaging.channel import Never, Outgoing
from core.messaging.inbox import Inbound, receive
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from tests.play import Recorder, Story, _numbers

LI, ZHAO, ZHOU, ADMIN = "LiGong", "ZhaoJingLi", "ZhouKeFu", "Admin"
ACCOUNTS = {"李工": LI, "赵经理": ZHAO, "周客服": ZHOU, "总经理": ADMIN}


class Refusing(Recorder):
    """A channel on which some people cannot be reached."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.gone: dict[str, Never] = {}

    def send(self, message: Outgoing) -> str:
        if message.recipient in self.gone and not message.extra.get("edit"):
            raise self.gone[message.recipient]
        super().send(message)
        return f"receipt-{message.id}"


class Chatting(Story):
    """A story whose staff have WeCom, and Telegram where a test says so."""

    def __init__(self, house: Any) -> None:
        super().__init__(house)
        self.recorders |= {name: Refusing(name) for name in ("wecom", "telegram", "wecom_robot")}
        with house.database.session() as session:
            session.add(Staff(name="总经理", role="admin", created_at=house.clock.now()))
            session.flush()
            for person in session.scalars(select(Staff)):
                person.wecom_id = ACCOUNTS[person.name]
            session.commit()

    def set(self, name: str, **values: Any) -> None:
        """Change a person's account."""
        with self.house.database.session() as session:
            person = session.scalars(select(Staff).where(Staff.name == name)).one()
            for field, value in values.items():
                setattr(person, field, value)
            session.commit()

    def hire(self, name: str, role: str, **values: Any) -> None:
        with self.house.database.session() as session:
            session.add(Staff(name=name, role=role, created_at=self.house.clock.now(), **values))
            session.commit()

    def types(self, who: str, text: str, *, channel: str = "wecom") -> str:
        """A person of the house writes; returns the answer."""
        return self.sends(Inbound(channel, "", f"s{next(_numbers)}", who, text=text))

    def sends(self, *arrivals: Inbound) -> str:
        """Arrivals of any kind, stored before anybody works; returns the last answer."""
        before = len(self.recorders[arrivals[-1].channel].sent)
        with self.house.database.session() as session:
            for inbound in arrivals:
                receive(session, inbound, at=self.house.clock.now())
            session.commit()
        self.work()
        said = self.recorders[arrivals[-1].channel].sent[before:]
        me = arrivals[-1].sender
        mine = [m for m in said if m.recipient == me and not {"edit", "push"} & m.extra.keys()]
        return mine[-1].text if mine else ""

    def card(self, who: str, channel: str = "wecom") -> Outgoing:
        """The newest card with buttons that a person was sent."""
        return [m for m in self.recorders[channel].sent if m.recipient == who and m.choices][-1]

    def press(self, who: str, label: str, *, card: Outgoing | None = None, channel: str = "wecom") -> Inbound:
        """A press, not delivered yet, on their newest card or the one given."""
        card = card or self.card(who, channel)
        key = next(key for key, words in card.choices if words == label)
        payload = {"outbox": card.id, "key": key, "receipt": f"click-{next(_numbers)}"}
        return Inbound(channel, "", f"p{next(_numbers)}", who, kind="press", payload=payload)

    def presses(self, who: str, label: str, **more: Any) -> str:
        return self.sends(self.press(who, label, **more))

    def changed(self, who: str, channel: str = "wecom") -> list[str]:
        """What a person's cards say by now, in the order of the changes."""
        sent = self.recorders[channel].sent
        return [m.extra["label"] for m in sent if m.recipient == who and "edit" in m.extra]

    def written(self, number: str, *verbs: str) -> list[str]:
        """Timeline entries of some verbs, as "verb actor note"."""
        ticket = next(ticket for ticket in self.tickets() if ticket["number"] == number)
        return [
            f"{e['verb']} {e['actor']} {e['note']}"
            for e in ticket["timeline"]
            if not verbs or e["verb"] in verbs
        ]

    def rows(self, *conditions: Any) -> list[OutboxMessage]:
        with self.house.database.reading() as session:
            return list(session.scalars(select(OutboxMessage).where(*conditions).order_by(OutboxMessage.id)))

    def emergency(self) -> str:
        """王女士 smells burning; the number of her ticket."""
        self.play("客：洗衣机冒烟了\n客：13800138000\n客：成都市武侯区天府大道1号")
        return str(self.tickets()[0]["number"])

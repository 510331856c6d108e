"""A user of the account: what they send, and what their phone shows."""

from typing import Any

from core.messaging.audit import audit
from core.ticket.actions import Order, act
from core.ticket.model import TimelineEntry
from tests.channels.desk import Desk
from tests.providers.envelope import Fields
from tests.providers.wechat import payloads
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wechat.server import WeChatServer

WANG = payloads.WANG


class Talk:
    """One user of the account: what they send, and what their phone shows."""

    def __init__(self, desk: Desk, sender: WeChatSender, server: WeChatServer, openid: str = WANG) -> None:
        self.desk, self.sender, self.server, self.openid = desk, sender, server, openid

    def does(self, message: Fields) -> str:
        """Returns everything that is shown afterwards."""
        before = len(self.server.texts(self.openid))
        assert self.sender.send(message).ok
        self.desk.quiet()
        return "\n".join(self.server.texts(self.openid)[before:])

    def says(self, words: str) -> str:
        return self.does(payloads.text(words, openid=self.openid))

    def play(self, transcript: str) -> None:
        answer = ""
        for line in filter(None, (raw.strip() for raw in transcript.splitlines())):
            speaker, _, words = line.partition("：")
            if speaker == "客":
                answer = self.says(words)
            for piece in filter(None, (p.strip() for p in words.split("…") if speaker == "答")):
                assert piece in answer, f"expected {piece!r} in\n{answer}"

    def passes(self, span: str) -> None:
        assert self.desk.client.post("/try/clock", json={"advance": span}).status_code == 200
        self.desk.quiet()

    def staff(self, verb: str, number: str, **order: Any) -> None:
        house = self.desk.front.house
        with house.database.session() as session:
            act(session, house, Order(number, verb, by="李工", at=house.clock.now(), **order))
            session.commit()
        self.desk.quiet()

    def conserved(self) -> None:
        with self.desk.front.house.database.reading() as session:
            report = audit(session, now=self.desk.front.house.clock.now())
        assert report["ok"], report["violations"]


def hops(desk: Desk) -> list[str]:
    return [str(entry.note) for entry in desk.rows(TimelineEntry, TimelineEntry.verb == "hop")]

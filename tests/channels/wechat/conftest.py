"""The real app, the local WeChat, its server that calls us; and the channel alone, on a house turned by hand."""

import time
from collections.abc import Iterator

import pytest

from bot.wechat.channel import WeChatChannel
from bot.wechat.passive import PATIENCE
from core.house import House
from core.messaging.allowance import Whose, grant
from core.messaging.inbox import InboxMessage
from core.staff.model import Staff
from tests.channels.desk import Desk, running
from tests.channels.wechat.talk import Talk
from tests.providers.fixtures import wechat
from tests.providers.wechat.payloads import WANG
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wechat.server import WeChatServer

__all__ = ["wechat"]


PLENTY = 20.0  # seconds


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine an answer takes longer than a customer should wait; what is tested is the way it goes."""
    monkeypatch.setattr("bot.wechat.webhook.PATIENCE", PLENTY)


@pytest.fixture
def hurried(patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in life."""
    monkeypatch.setattr("bot.wechat.webhook.PATIENCE", PATIENCE)


@pytest.fixture
def desk(wechat: WeChatServer, database_url: str) -> Iterator[Desk]:
    with running(database_url, **wechat.settings) as opened:
        yield opened


@pytest.fixture
def sender(wechat: WeChatServer, desk: Desk) -> WeChatSender:
    return WeChatSender(wechat, f"{desk.address}/webhooks/wechat")


def channel_on(house: House, server: WeChatServer) -> WeChatChannel:
    return WeChatChannel(house, server.app_id, server.secret, server.url)


@pytest.fixture
def channel(house: House, wechat: WeChatServer) -> WeChatChannel:
    return channel_on(house, wechat)


def whose(server: WeChatServer, openid: str = WANG) -> Whose:
    return Whose("wechat", server.app_id, openid)


def allow(
    house: House, server: WeChatServer, *, kind: str = "message", openid: str = WANG, ago: float = 0
) -> None:
    """The user did something ``ago`` seconds ago: WeChat knows it, and so do we."""
    left, seconds = {"message": (5, 48 * 3600), "touch": (3, 60)}[kind]
    follower = server.follow(openid)
    follower.ledger.grant("message" if kind == "message" else "moment", server.now() - ago)
    given = {"kind": kind, "left": left, "seconds": seconds, "at": time.time() - ago}
    arrived = InboxMessage(channel="wechat", account=server.app_id, sender=openid, payload={"grants": given})
    with house.database.session() as session:
        grant(session, arrived)
        session.commit()


@pytest.fixture
def wang(desk: Desk, sender: WeChatSender, wechat: WeChatServer) -> Talk:
    house = desk.front.house
    with house.database.session() as session:
        for name, role in (("李工", "technician"), ("赵经理", "manager")):
            session.add(Staff(name=name, role=role, on_duty=False, created_at=house.clock.now()))
        session.add(Staff(name="周客服", role="agent", on_duty=True, created_at=house.clock.now()))
        session.commit()
    return Talk(desk, sender, wechat)

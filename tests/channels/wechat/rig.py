"""WeChat for the contract of every channel (tests/channels/test_contract.py)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.wechat.channel import WeChatChannel
from bot.wechat.text import MOST, size
from core.house import House
from core.messaging.allowance import grant
from core.messaging.inbox import InboxMessage
from tests.channels.rigs import Arrived, Rig
from tests.providers.wechat.payloads import WANG
from tests.providers.wechat.quota import Grant
from tests.providers.wechat.server import WeChatServer

PLENTY = 1000  # messages: the quota has tests of its own


@contextmanager
def wechat(house: House, folder: Path) -> Iterator[Rig]:
    with WeChatServer() as server:
        server.follow(WANG).ledger.grants["message"] = Grant(PLENTY, server.now() + 3600)
        given = {"kind": "message", "left": PLENTY, "seconds": 3600, "at": time.time()}
        arrived_once = InboxMessage(
            channel="wechat", account=server.app_id, sender=WANG, payload={"grants": given}
        )
        with house.database.session() as session:
            grant(session, arrived_once)
            session.commit()

        def arrived() -> list[Arrived]:
            return [Arrived(text) for text in server.texts(WANG)]

        fails = {
            "later": lambda: server.fail(-1, on="message/custom/send", times=1),
            "never": lambda: server.fail(48001, on="message/custom/send", times=1),
            "lost": lambda: server.fail(43004, on="message/custom/send", times=1),
        }
        channel = WeChatChannel(house, server.app_id, server.secret, server.url)
        yield Rig(channel, WANG, arrived, MOST, size, fails, choices_in_text=True)
        assert server.violations == []

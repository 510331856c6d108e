"""WeCom for the contract over all channels: ``RIGS["wecom"] = tests.channels.wecom.rig.wecom`` in tests/channels/rigs.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.wecom import channel as wecom_channel
from bot.wecom.api import WeComApi
from bot.wecom.channel import MOST_TEXT, WeComChannel
from core.house import House
from core.messaging.credential import Credentials
from core.messaging.pace import Pace
from core.messaging.split import utf8_bytes
from tests.channels.rigs import Arrived, Rig
from tests.providers.wecom.events import LI
from tests.providers.wecom.server import WeComServer


@contextmanager
def wecom(house: House, folder: Path) -> Iterator[Rig]:
    """Nobody is lost in WeCom: what refuses a member, an administrator can put right without them."""
    with WeComServer() as server:
        server.hire(LI)
        api = WeComApi(
            corp_id=server.corp_id,
            agent_id=str(server.agent_id),
            secret=server.secret,
            url=server.url,
            credentials=Credentials(house.database),
        )

        def arrived() -> list[Arrived]:
            return [
                Arrived(one.text, tuple(b["text"] for b in one.content.get("button_list", ())))
                for one in server.shown
            ]

        yield Rig(
            WeComChannel(api, Pace(house.database, **wecom_channel.PACE)),
            LI,
            arrived,
            limit=MOST_TEXT,
            count=utf8_bytes,
            fails={
                "later": lambda: server.fail(-1, on="message/send", times=1),
                "never": lambda: server.fail(81013, on="message/send", times=1),
            },
        )
        assert server.violations == []

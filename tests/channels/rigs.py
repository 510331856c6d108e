"""What the contract test needs of a channel: the real class, what arrived at its far end, and how to make it fail.

To add a channel: write a factory (a context manager that yields a Rig, with the real client against a local
provider server) and put it into RIGS under the channel's name. Nothing else changes.
"""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.console.channel import ConsoleChannel
from bot.webchat.channel import WebchatChannel
from bot.webchat.history import page
from bot.wecom.api import WeComApi
from bot.wecom.channel import MOST_TEXT, PACE, WeComChannel
from core.house import House
from core.messaging.channel import Channel
from core.messaging.credential import Credentials
from core.messaging.pace import Pace
from core.messaging.split import Count, utf8_bytes
from tests.providers.wecom.events import LI
from tests.providers.wecom.server import WeComServer


@dataclass(frozen=True)
class Arrived:
    """One message at the far end; ``choices`` are the labels a reader sees, however they are shown."""

    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rig:
    """``limit`` and ``count``: the longest message as the provider counts, None where there is no limit.

    ``fails``: what can go wrong (later, never, lost) → makes the provider answer so, once. A channel that has no
    provider has none. ``choices_in_text``: a provider without buttons gets them as numbered lines.
    """

    channel: Channel
    recipient: str
    arrived: Callable[[], list[Arrived]]
    limit: int | None = None
    count: Count = len
    fails: dict[str, Callable[[], None]] | None = None
    choices_in_text: bool = False
    shows_choices: bool = True
    loses: bool = True  # whether a refusal may mean that the person is lost until they write again


Factory = Callable[[House, Path], AbstractContextManager[Rig]]


@contextmanager
def webchat(house: House, folder: Path) -> Iterator[Rig]:
    visitor = "visitor-1234"

    def arrived() -> list[Arrived]:
        with house.database.reading() as session:
            messages = page(session, house, visitor=visitor, after=0)["messages"]
        return [
            Arrived(m["text"], tuple(c["label"] for c in m["choices"]))
            for m in messages
            if m["direction"] == "out"
        ]

    yield Rig(WebchatChannel(), visitor, arrived)


@contextmanager
def console(house: House, folder: Path) -> Iterator[Rig]:
    """Staff read lines; what may be chosen they do on the ticket's page."""
    stream = io.StringIO()

    def arrived() -> list[Arrived]:
        return [
            Arrived(text.removesuffix("\n"))
            for text in re.split(r"^→ 李工: ", stream.getvalue(), flags=re.M)[1:]
        ]

    yield Rig(ConsoleChannel(stream), "李工", arrived, shows_choices=False)


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

        fails = {
            "later": lambda: server.fail(-1, on="message/send", times=1),
            "never": lambda: server.fail(81013, on="message/send", times=1),
        }
        channel = WeComChannel(api, Pace(house.database, **PACE))
        yield Rig(channel, LI, arrived, MOST_TEXT, utf8_bytes, fails, loses=False)
        assert server.violations == []


RIGS: dict[str, Factory] = {
    "webchat": webchat,
    "console": console,
    "wecom": wecom,
}

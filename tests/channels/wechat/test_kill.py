"""kill -9 around a passive reply: the customer reads the answer, whatever step was the last."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage
from tests.channels.desk import until
from tests.power import Power
from tests.providers.callback import Delivered
from tests.providers.envelope import Fields
from tests.providers.wechat import payloads
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wechat.server import WeChatServer


class WeChatPower(Power):
    """A server with a WeChat account."""

    settings: dict[str, str]

    def _environment(self, **more: str) -> dict[str, str]:
        ours = {f"FRONTDOOR_{name.upper()}": value for name, value in self.settings.items()}
        return super()._environment(**ours, **more)

    def rows(self, model: type) -> list:
        with self.house.database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    def quiet(self) -> bool:
        queues = (InboxMessage, OutboxMessage)
        rows = [row for model in queues for row in self.rows(model)]
        return bool(rows) and not any(row.status in WAITING for row in rows)


@pytest.fixture
def power(tmp_path: Path, wechat: WeChatServer) -> Iterator[WeChatPower]:
    supply = WeChatPower(tmp_path / "home")
    supply.settings = wechat.settings
    yield supply
    supply.off()
    supply.house.database.close()


@pytest.mark.parametrize(
    ("point", "seen"),
    [
        ("inbox.committed", 1),  # stored, not answered: WeChat repeats, a pump answers
        ("passive.claimed", 1),  # in our hand, not written: the lease of the dead ends, a pump answers
        ("passive.answered", 2),  # written, not noted: rather twice than never
    ],
)
def test_killed_around_a_passive_reply(
    power: WeChatPower, wechat: WeChatServer, point: str, seen: int
) -> None:
    power.on(kill_at=point)
    message, first = _until_it_dies(power, wechat)
    assert (first.reply is not None) == (point == "passive.answered")
    power.on()
    assert _sender(power, wechat).send(message).ok  # WeChat comes again
    until(power.quiet)
    assert {row.status for row in (*power.rows(InboxMessage), *power.rows(OutboxMessage))} == {"done"}
    mine = [shown for shown in wechat.shown if shown.openid == message["FromUserName"]]
    mine = [shown for shown in mine if shown.how in ("passive", "service")]
    read = [shown.text for shown in mine if shown.kind == "text"]  # its picture follows by itself
    assert len(read) == seen and len(set(read)) == 1 and "第 1 步" in read[0]
    assert power.audit() == 0


def _until_it_dies(power: WeChatPower, wechat: WeChatServer) -> tuple[Fields, Delivered]:
    """On a busy machine an answer may be too late to be carried; then somebody else asks."""
    for n in range(40):
        message = payloads.text("我家美的空调不制冷了", openid=f"o{n}")
        delivered = _sender(power, wechat).send(message, tries=1)
        if delivered.reply is not None or not delivered.ok:
            until(power.died)
            return message, delivered
    raise AssertionError("no answer was ever in time")


def _sender(power: WeChatPower, wechat: WeChatServer) -> WeChatSender:
    return WeChatSender(wechat, f"{str(power.http.base_url).rstrip('/')}/webhooks/wechat")

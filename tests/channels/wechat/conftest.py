"""The real app, the local WeChat, and its server that calls us."""

from collections.abc import Iterator

import pytest

from tests.channels.desk import Desk, running
from tests.providers.fixtures import wechat
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wechat.server import WeChatServer

__all__ = ["wechat"]


@pytest.fixture
def desk(wechat: WeChatServer, database_url: str) -> Iterator[Desk]:
    with running(database_url, **wechat.settings) as opened:
        yield opened


@pytest.fixture
def sender(wechat: WeChatServer, desk: Desk) -> WeChatSender:
    return WeChatSender(wechat, f"{desk.address}/webhooks/wechat")

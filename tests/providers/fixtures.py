"""One of each provider for a test; afterwards no call may have been wrong. Import them in a conftest."""

from collections.abc import Iterator

import pytest

from tests.providers.telegram.server import TelegramServer
from tests.providers.wechat.server import WeChatServer
from tests.providers.wecom.server import WeComServer


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def wechat() -> Iterator[WeChatServer]:
    with WeChatServer() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def wecom() -> Iterator[WeComServer]:
    with WeComServer() as server:
        yield server
    assert server.violations == []

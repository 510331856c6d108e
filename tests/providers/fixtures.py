"""One of each provider for a test; afterwards no call may have been wrong. Import them in a conftest."""

from collections.abc import Iterator

import pytest

from tests.providers.telegram.server import TelegramServer
from tests.providers.wechat.server import WeChatServer
from tests.providers.wecom.server import WeComServer


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Iterator[TelegramServer]:
    # In life one message a second for each chat: what a test is not about, it need not wait for.
    monkeypatch.setattr("bot.telegram.limits.PER_CHAT", (1000, 1.0))
    with TelegramServer() as server:
        yield server
    assert not server.violations, server.violations


@pytest.fixture
def wechat() -> Iterator[WeChatServer]:
    with WeChatServer() as server:
        yield server
    assert not server.violations, server.violations


@pytest.fixture
def wecom() -> Iterator[WeComServer]:
    with WeComServer() as server:
        yield server
    assert not server.violations, server.violations

"""The real app with the Telegram channel on, and a local Bot API server that plays Telegram."""

from collections.abc import Iterator

import pytest

from tests.channels.desk import Desk, running, until
from tests.providers.fixtures import telegram  # noqa: F401 - a fixture
from tests.providers.telegram.server import TelegramServer

PUBLIC = "https://front.example"


@pytest.fixture
def desk(database_url: str, telegram: TelegramServer) -> Iterator[Desk]:  # noqa: F811
    """By webhook: Telegram was told the public address and reaches us on the local one."""
    with running(database_url, public_url=PUBLIC, **telegram.settings) as opened:
        until(lambda: telegram.called("setWebhook"))
        until(lambda: telegram.state.webhook["url"])
        telegram.state.webhook["url"] = f"{opened.address}/webhooks/telegram"
        yield opened


@pytest.fixture
def lone_desk(sqlite_url: str, telegram: TelegramServer) -> Iterator[Desk]:  # noqa: F811
    """As ``desk``, on SQLite only: for what does not depend on the engine."""
    with running(sqlite_url, public_url=PUBLIC, **telegram.settings) as opened:
        until(lambda: telegram.state.webhook["url"])
        telegram.state.webhook["url"] = f"{opened.address}/webhooks/telegram"
        yield opened

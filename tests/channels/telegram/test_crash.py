"""The process dies at the worst moment: Telegram brings the update again, and it has one effect."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.database import Database
from core.messaging.inbox import InboxMessage
from core.ticket.model import Ticket
from tests.channels.desk import until
from tests.providers.telegram import updates
from tests.providers.telegram.server import SECRET, TelegramServer
from tests.providers.telegram.updates import WANG
from tests.server import Server

WORST = ("inbox.committed", "inbox.finishing", "send.before")


def environment(telegram: TelegramServer, **more: str) -> dict[str, str]:
    settings = {"telegram_api_url": telegram.url, "telegram_token": telegram.token} | more
    return {f"FRONTDOOR_{name.upper()}": value for name, value in settings.items()}


def count(home: Path, model: type) -> int:
    database = Database(f"sqlite:///{home / 'frontdoor.db'}")
    with database.reading() as session:
        found = session.scalar(select(func.count()).select_from(model)) or 0
    database.close()
    return found


@pytest.mark.parametrize("moment", WORST)
def test_by_polling(tmp_path: Path, sqlite_url: str, telegram: TelegramServer, moment: str) -> None:
    dying = Server(tmp_path, **environment(telegram), FRONTDOOR_TEST_KILL_AT=moment)
    dying.start()
    telegram.queue(updates.text("洗衣机漏电了"))  # only now: it may die at the first thing it hears
    assert dying.process is not None
    until(lambda: dying.process is not None and dying.process.poll() is not None)
    survivor = Server(tmp_path, **environment(telegram)).start()
    try:
        until(lambda: telegram.texts(WANG))
        until(lambda: not telegram.state.pending)
        assert count(tmp_path, InboxMessage) == count(tmp_path, Ticket) == 1
    finally:
        survivor.stop()
    assert len(telegram.texts(WANG)) == 1


def test_by_webhook_before_the_answer(tmp_path: Path, sqlite_url: str, telegram: TelegramServer) -> None:
    public = environment(telegram, public_url="https://front.example", telegram_secret=SECRET)
    dying = Server(tmp_path, **public, FRONTDOOR_TEST_KILL_AT="inbox.committed").start()
    update = updates.text("洗衣机漏电了")
    assert telegram.deliver(update, to=f"{dying.url}/webhooks/telegram", secret=SECRET, tries=1) == [0]
    survivor = Server(tmp_path, **public).start()
    try:
        assert telegram.deliver(update, to=f"{survivor.url}/webhooks/telegram", secret=SECRET) == [200]
        until(lambda: telegram.texts(WANG))
        assert count(tmp_path, InboxMessage) == count(tmp_path, Ticket) == 1
    finally:
        survivor.stop()
    assert len(telegram.texts(WANG)) == 1

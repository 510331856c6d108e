"""The process dies (kill -9) while it decides at the door of a group: nobody is left standing there, nobody untold."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.clock import Clock
from core.customer.model import Conversation, Customer, Identity
from core.database import Database
from core.groups.open import open_group, plan_group
from core.house import House
from core.knowledge.book import Book
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage
from core.training.model import Enrolment
from core.training.schedule import Plan, add_course, plan_session
from tests.channels.desk import until
from tests.channels.telegram.test_crash import environment
from tests.channels.telegram.test_qa_group import BOT, STRANGER, WU
from tests.providers.telegram import member_updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP
from tests.server import Server

WORST = ("inbox.finishing", "send.before", "send.after", "outbox.finishing", "send.after:2", "send.before:3")


def opened(database: Database) -> None:
    """An open group of a session that 吴敏, who chats with the bot, attended."""
    house = House(database, Clock(database, demo=True), Book(database), ZoneInfo("Asia/Shanghai"))
    at = house.clock.now()
    with database.session() as session:
        course = add_course(session, title="教学屏使用", category="display", outline=None, at=at)
        start = at + timedelta(days=1)
        training = plan_session(
            session, house, Plan(course.id, start, start + timedelta(hours=2), 9, "三楼"), at=at
        )
        training.state = "held"
        wu = Customer(name="吴敏", created_at=at)
        identity = Identity(channel="telegram", account=BOT, external_id=str(WU), customer=wu, created_at=at)
        lane = f"telegram:{BOT}:{WU}"
        session.add(Conversation(lane=lane, identity=identity, created_at=at, last_heard_at=at, state={}))
        seat = {"name": "吴敏", "state": "attended", "via": "telegram", "position": 1}
        session.flush()
        session.add(
            Enrolment(session_id=training.id, customer_id=wu.id, created_at=at, changed_at=at, **seat)
        )
        group = plan_group(session, house, training, "telegram", at=at)
        group.account, group.external_id = BOT, str(GROUP)
        open_group(
            session, house, group, link="https://t.me/+x", link_expires_at=at + timedelta(days=7), at=at
        )
        session.commit()


def left(database: Database, *states: str) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxMessage.id).where(OutboxMessage.status.in_(states))))


@pytest.mark.parametrize("moment", WORST)
def test_killed_at_the_door(tmp_path: Path, sqlite_url: str, telegram: TelegramServer, moment: str) -> None:
    database = Database(f"sqlite:///{tmp_path / 'frontdoor.db'}")
    opened(database)
    telegram.meet(WU, GROUP)
    dying = Server(tmp_path, **environment(telegram), FRONTDOOR_TEST_KILL_AT=moment).start()
    telegram.queue(member_updates.join_request(WU), member_updates.join_request(STRANGER))
    until(lambda: dying.process is not None and dying.process.poll() is not None)
    survivor = Server(tmp_path, **environment(telegram)).start()
    asked = telegram.state.join_requests
    try:
        until(lambda: asked.get((GROUP, WU)) == "approved" and asked.get((GROUP, STRANGER)) == "declined")
        until(lambda: telegram.texts(WU) and telegram.texts(STRANGER))
        until(lambda: not left(database, *WAITING))
        dead = left(database, "dead")
    finally:
        survivor.stop()
        database.close()
    assert "欢迎" in telegram.texts(WU)[-1] and "没有找到您的报名" in telegram.texts(STRANGER)[-1]
    # Rather twice than never: only what was being sent when it died may be told again.
    assert len(telegram.texts(WU)) <= 2 and len(telegram.texts(STRANGER)) <= 2
    assert not dead

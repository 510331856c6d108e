"""Staff on Telegram: the same pushes with buttons, the same orders, through the real app and the Bot API's schema."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.messaging.outbox import OutboxMessage
from core.staff.link import code_for
from core.staff.model import Staff
from core.ticket.model import Ticket, TimelineEntry
from tests.channels.desk import Desk
from tests.providers.telegram import updates
from tests.providers.telegram.server import TelegramServer

ZHOU, ZHAO = 88001, 66001


class Phones:
    def __init__(self, desk: Desk, server: TelegramServer) -> None:
        self.desk, self.server = desk, server
        with desk.front.house.database.session() as session:
            for name, role, account in (("周客服", "agent", ZHOU), ("赵经理", "manager", ZHAO)):
                at = datetime.now(UTC)
                session.add(
                    Staff(name=name, role=role, telegram_id=str(account), on_duty=True, created_at=at)
                )
            session.commit()
        server.meet(ZHOU, ZHAO)

    def alarm(self) -> str:
        for number, text in enumerate(("洗衣机冒烟了", "13800138000", "成都市武侯区天府大道1号")):
            self.desk.post("visitor-wang", f"m{number}", text)
            self.desk.quiet()
        return str(self.desk.rows(Ticket)[-1].number)

    def sends(self, who: int, *brought: dict[str, Any]) -> str:
        for update in brought:
            assert self.server.deliver(update) == [200]
        self.desk.quiet()
        return self.server.texts(who)[-1]

    def types(self, who: int, text: str) -> str:
        return self.sends(who, said(who, text))

    def presses(self, who: int, label: str) -> str:
        return self.sends(who, self.server.press(who, label))

    def written(self, *verbs: str) -> list[str]:
        return [
            f"{r.verb} {r.actor} {r.channel}"
            for r in self.desk.rows(TimelineEntry, TimelineEntry.verb.in_(verbs))
        ]


def said(who: int, text: str) -> dict[str, Any]:
    update = updates.text(text, who)
    update["message"]["from"] = updates.user(who, "员工")
    return update


@pytest.fixture
def phones(desk: Desk, telegram: TelegramServer) -> Phones:
    return Phones(desk, telegram)


def test_push_take_and_work(phones: Phones) -> None:
    number = phones.alarm()
    assert "紧急" in phones.server.texts(ZHOU)[-1] and "紧急" in phones.server.texts(ZHAO)[-1]
    assert "已受理" in phones.presses(ZHOU, "接单")
    shown = [str(message) for who in (ZHOU, ZHAO) for message in phones.server.sent(who)]
    assert sum("周客服已接单" in text for text in shown) == 2, shown
    assert "已派工" in phones.types(ZHAO, f"#{number} 派工")
    assert "已预约" in phones.types(ZHAO, f"＃{number} 预约 明天 14:00")
    assert "已完成" in phones.types(ZHAO, f"#{number} 完成 换了电机")
    assert phones.written("accept", "dispatch", "appoint", "done") == [
        "accept 周客服 telegram",
        "dispatch 赵经理 telegram",
        "appoint 赵经理 telegram",
        "done 赵经理 telegram",
    ]


def test_a_code_by_deep_link(phones: Phones, desk: Desk) -> None:
    with desk.front.house.database.session() as session:
        session.query(Staff).update({"telegram_id": None})
        code = code_for(session, "赵经理", at=desk.front.house.clock.now())
        session.commit()
    start = updates.start(code, 77009)
    start["message"]["from"] = updates.user(77009, "赵")
    assert "绑定成功：赵经理" in phones.sends(77009, start)


def test_blocked_then_the_next_person(phones: Phones, desk: Desk) -> None:
    phones.server.block(ZHOU)
    phones.server.block(ZHAO)
    phones.alarm()
    failed = [row.note for row in desk.rows(TimelineEntry, TimelineEntry.verb == "push_failed")]
    ways = {row.channel for row in desk.rows(OutboxMessage, OutboxMessage.audience == "staff")}
    assert len(failed) == 2 and ways == {"telegram", "console"}

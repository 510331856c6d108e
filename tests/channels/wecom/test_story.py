"""The whole way through the real app, with WeCom's own protocol: from a customer's alarm to the follow-up."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.messaging.audit import audit
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.ticket.model import Ticket, TimelineEntry
from tests.channels.desk import Desk, at_once, running
from tests.providers import tencent
from tests.providers.wecom import events
from tests.providers.wecom.sender import WeComSender
from tests.providers.wecom.server import WeComServer

LI, ZHAO, ZHOU = events.LI, events.ZHAO, "ZhouKeFu"
VISITOR = "visitor-wang"


@pytest.fixture
def desk(database_url: str, wecom: WeComServer) -> Iterator[Desk]:
    wecom.hire(LI, ZHAO, ZHOU)
    with running(database_url, wecom_robot_key="local-robot-key", **wecom.settings) as opened:
        with opened.front.house.database.session() as session:
            for name, role, account, on_duty in (
                ("李工", "technician", LI, False),
                ("赵经理", "manager", ZHAO, True),
                ("周客服", "agent", ZHOU, True),
            ):
                at = datetime.now(UTC)
                person = Staff(name=name, role=role, wecom_id=account, on_duty=on_duty, created_at=at)
                session.add(person)
            session.commit()
        yield opened
        with opened.front.house.database.reading() as session:
            report = audit(session, now=opened.front.house.clock.now())
        assert report["ok"], report["violations"]


@pytest.fixture
def sender(desk: Desk, wecom: WeComServer) -> WeComSender:
    return WeComSender(wecom, f"{desk.address}/webhooks/wecom")


class Phones:
    """What the people of the house do, and what they then see."""

    def __init__(self, desk: Desk, sender: WeComSender) -> None:
        self.desk, self.sender, self.wecom = desk, sender, sender.server
        self._said = 0

    def alarm(self) -> str:
        for text in ("洗衣机冒烟了", "13800138000", "成都市武侯区天府大道1号"):
            self.customer(text)
        (ticket,) = self.desk.rows(Ticket)
        return str(ticket.number)

    def customer(self, text: str) -> str:
        self._said += 1
        assert self.desk.post(VISITOR, f"m{self._said}", text).status_code == 202
        self.desk.quiet()
        return self.customer_heard()

    def customer_heard(self) -> str:
        return str(self.desk.rows(OutboxMessage, OutboxMessage.recipient == VISITOR)[-1].text)

    def types(self, who: str, words: str) -> str:
        assert self.sender.send(events.text(words, who)).ok
        self.desk.quiet()
        return self.wecom.texts(who)[-1]

    def presses(self, who: str, label: str) -> str:
        assert self.sender.send(self.wecom.press(who, label)).ok
        self.desk.quiet()
        return self.wecom.texts(who)[-1]

    def ticket(self) -> Ticket:
        (ticket,) = self.desk.rows(Ticket)
        return ticket

    def written(self, *verbs: str) -> list[str]:
        rows = self.desk.rows(TimelineEntry, TimelineEntry.verb.in_(verbs))
        return [f"{row.verb} {row.actor} {row.channel}" for row in rows]


@pytest.fixture
def phones(desk: Desk, sender: WeComSender) -> Phones:
    return Phones(desk, sender)


def test_from_the_alarm_to_the_follow_up(phones: Phones, wecom: WeComServer, desk: Desk) -> None:
    number = phones.alarm()
    assert "紧急" in wecom.texts(ZHOU)[-1] and "紧急" in wecom.texts(ZHAO)[-1]
    assert any(number in text and "138" not in text for text in wecom.texts("local-robot-key"))
    assert "已受理" in phones.presses(ZHOU, "接单")
    assert {who: card.state[who] for card in wecom.cards.values() for who in card.readers} == {
        ZHOU: "周客服已接单",
        ZHAO: "周客服已接单",
    }
    assert f"工单 {number} 已受理" in phones.customer_heard()
    assert "已改派给 李工" in phones.types(ZHOU, f"#{number} 改派 李工")
    assert "改派给您" in wecom.texts(LI)[-1]
    assert "已派工" in phones.types(ZHAO, f"#{number} 派工")
    tomorrow = "明天 14:00"
    assert "已预约" in phones.types(ZHAO, f"＃{number}　预约 {tomorrow}")
    assert "14:00 上门" in phones.customer_heard()
    assert "已到场" in phones.types(LI, f"#{number} 到场") or "到达" in wecom.texts(LI)[-1]
    assert "已完成" in phones.types(LI, f"#{number} 完成 换了电机")
    assert "修好了吗" in phones.customer_heard()
    desk.client.post("/try/clock", json={"advance": "26h"})
    desk.quiet()
    assert phones.written("accept", "assign", "dispatch", "appoint", "arrive", "done") == [
        "accept 周客服 wecom",
        "assign 周客服 wecom",
        "dispatch 赵经理 wecom",
        "appoint 赵经理 wecom",
        "arrive 李工 wecom",
        "done 李工 wecom",
    ]
    assert phones.written("follow_up_sent") == ["follow_up_sent frontdoor staff"]


def test_two_people_press_at_the_same_moment(phones: Phones, wecom: WeComServer, sender: WeComSender) -> None:
    phones.alarm()
    clicks = [wecom.press(who, "接单") for who in (ZHOU, ZHAO)]
    at_once(*(lambda click=click: sender.send(click, tries=3, at_once=True) for click in clicks))
    phones.desk.quiet()
    assert len(phones.written("accept")) == 1
    holder = phones.ticket().assignee
    winner, loser = (ZHOU, ZHAO) if holder == "周客服" else (ZHAO, ZHOU)
    assert "已受理" in wecom.texts(winner)[-1] and "办好" in wecom.texts(winner)[-1]
    assert f"已经由 {holder} 处理" in wecom.texts(loser)[-1]
    assert len([t for t in wecom.texts(loser) if "已经由" in t]) == 1  # three deliveries, one answer
    assert {card.state[who] for card in wecom.cards.values() for who in card.readers} <= {
        f"{holder}已接单",
        f"{holder}｜已受理",
    }


def test_clicks_that_come_too_late(phones: Phones, wecom: WeComServer, desk: Desk) -> None:
    number = phones.alarm()
    phones.presses(ZHOU, "接单")
    assert "您已经点过了" in phones.presses(ZHOU, "接单")
    assert "已经由 周客服 处理" in phones.presses(ZHAO, "转上级")
    phones.types(ZHOU, f"#{number} 取消 客户说不用了")
    assert "已经结束" in phones.presses(ZHOU, "接单") and "已经结束" in phones.presses(ZHAO, "30分钟后")
    assert len(phones.written("accept")) == 1 and phones.written("hand_up", "push_later") == []


def test_a_card_after_three_days(phones: Phones, wecom: WeComServer, desk: Desk) -> None:
    phones.alarm()
    click = wecom.press(ZHOU, "接单")
    desk.client.post("/try/clock", json={"advance": "73h"})
    desk.quiet()
    wecom.advance(73 * 3600)
    assert phones.sender.send(click).ok
    desk.quiet()
    assert "超过 72 小时" in wecom.texts(ZHOU)[-1] and phones.ticket().state == "filed"
    wecom.violations.clear()  # the code of that click is over 72 hours old, too: the card stays as it is
    assert not [row for row in desk.rows(OutboxMessage) if row.status == "dead"]


def test_ok_and_invaliduser_then_the_next_person(phones: Phones, wecom: WeComServer, desk: Desk) -> None:
    del wecom.members[ZHOU], wecom.members[ZHAO]
    wecom.hire("Partner")
    wecom.members.pop(LI)
    wecom.hire(LI)
    phones.alarm()
    steps = [row.note for row in desk.rows(TimelineEntry, TimelineEntry.verb == "push_failed")]
    assert len(steps) == 2 and all("81013" in step for step in steps)
    assert "紧急" in wecom.texts(LI)[-1] and any("李工" in step for step in steps)
    console = {row.recipient for row in desk.rows(OutboxMessage, OutboxMessage.channel == "console")}
    assert console == {"周客服", "赵经理"}
    assert "已受理" in phones.presses(LI, "接单")  # a technician may take what they were told of


def test_invaliduser_in_an_answer_that_says_ok(phones: Phones, wecom: WeComServer, desk: Desk) -> None:
    for who in (ZHOU, ZHAO):
        lost = tencent.Trouble({"errcode": 0, "errmsg": "ok", "msgid": "m", "unlicenseduser": who})
        wecom.fail(lost, on="message/send", to=who)
    phones.alarm()
    failed = [row.note for row in desk.rows(TimelineEntry, TimelineEntry.verb == "push_failed")]
    assert sorted(re.findall(r"unlicenseduser: (\w+)", " ".join(failed))) == [ZHAO, ZHOU]
    assert "紧急" in wecom.texts(LI)[-1]


def test_the_app_is_restarted_between_the_push_and_the_click(
    database_url: str, wecom: WeComServer, phones: Phones
) -> None:
    phones.alarm()
    with running(database_url, **wecom.settings) as second:
        sender = WeComSender(wecom, f"{second.address}/webhooks/wecom")
        assert sender.send(wecom.press(ZHOU, "接单")).ok
        second.quiet()
    assert len(phones.written("accept")) == 1 and "已受理" in wecom.texts(ZHOU)[-1]


def test_a_storm_of_deliveries(phones: Phones, wecom: WeComServer, sender: WeComSender) -> None:
    """Three concurrent deliveries of each of forty messages: forty effects."""
    phones.alarm()
    messages = [events.text("帮助", (ZHOU, ZHAO, LI)[n % 3]) for n in range(40)]
    at_once(*(lambda one=one: sender.send(one, tries=3, at_once=True) for one in messages))
    phones.desk.quiet()
    heard = phones.desk.rows(InboxMessage, InboxMessage.channel == "wecom")
    assert len(heard) == 40

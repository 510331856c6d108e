"""One trainee's way from the code on the wall to the questionnaire, told over web chat, Telegram, and WeChat with WeCom.

The app is the real one and each provider a local server. WeCom's own app is the staff's: 孙老师 hears and answers there,
and who chats by WeChat is led into her WeCom customer group.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.asked.model import AskedQuestion
from core.groups.model import GroupMember, QaGroup
from core.messaging.audit import audit
from core.staff.model import Staff
from core.ticket.model import Ticket
from core.training.attendance import attends
from core.training.model import Enrolment, TrainingReview, TrainingSession
from core.training.schedule import Plan, add_course, plan_session
from tests.channels.desk import Desk, running, until
from tests.providers.fixtures import telegram, wechat, wecom
from tests.providers.telegram import member_updates, updates
from tests.providers.wechat import payloads
from tests.providers.wechat.sender import WeChatSender
from tests.providers.wecom import events
from tests.providers.wecom.sender import WeComSender

__all__ = ["telegram", "wechat", "wecom"]
SUN, ZHAO = "SunLaoShi", "ZhaoJingLi"
QUESTION, ANSWER = "教学屏的班牌模块怎么切到考勤模式", "长按班牌右下角三秒，在菜单里点“考勤”。"
KNOWN = "热水器的镁棒几年换一回"


class Phone(ABC):
    """Somebody's telephone with one app on it."""

    def __init__(self, desk: Desk, server: Any, number: int) -> None:
        self.desk, self.server, self.number = desk, server, number

    @abstractmethod
    def sends(self, words: str) -> None: ...

    @abstractmethod
    def texts(self) -> list[str]:
        """Everything that was shown."""

    def says(self, words: str) -> str:
        before = len(self.texts())
        self.sends(words)
        self.desk.quiet()
        return "\n".join(self.texts()[before:])

    def heard(self, words: str) -> int:
        return sum(words in text for text in self.texts())


class WebChat(Phone):
    def sends(self, words: str) -> None:
        key = f"m{len(self.texts())}-{words}"
        assert self.desk.post(f"visitor-{self.number}", key, words).status_code == 202

    def texts(self) -> list[str]:
        page = self.desk.client.get("/webchat/messages", params={"visitor": f"visitor-{self.number}"}).json()
        return [m["text"] for m in page["messages"] if m["direction"] == "out"]


class Telegram(Phone):
    def sends(self, words: str) -> None:
        self.server.meet(70000 + self.number)
        assert self.server.deliver(updates.text(words, 70000 + self.number)) == [200]

    def texts(self) -> list[str]:
        return list(self.server.texts(70000 + self.number))


class WeChat(Phone):
    def sends(self, words: str) -> None:
        sender = WeChatSender(self.server, f"{self.desk.address}/webhooks/wechat")
        assert sender.send(payloads.text(words, openid=f"openid-{self.number}")).ok

    def texts(self) -> list[str]:
        return list(self.server.texts(f"openid-{self.number}"))


APPS: dict[str, type[Phone]] = {"webchat": WebChat, "telegram": Telegram, "wechat": WeChat}


class Lesson:
    """It is ten in the morning; the day after at ten 孙老师 teaches, and 赵经理 is the head of the project."""

    def __init__(self, desk: Desk, channel: str, servers: dict[str, Any]) -> None:
        self.desk, self.house, self.servers, self.channel = desk, desk.front.house, servers, channel
        self.staff = WeComSender(servers["wecom"], f"{desk.address}/webhooks/wecom")
        servers["wecom"].hire(SUN, ZHAO)
        now = self.house.local(self.house.clock.now())
        self.until((now + timedelta(days=1)).replace(hour=10, minute=0))
        with self.house.database.session() as session:
            at = self.house.clock.now()
            for name, role, account in (("孙老师", "trainer", SUN), ("赵经理", "manager", ZHAO)):
                session.add(Staff(name=name, role=role, wecom_id=account, created_at=at))
            session.commit()

    def phone(self, number: int) -> Phone:
        return APPS[self.channel](self.desk, self.servers.get(self.channel), number)

    def plans(self, *, seats: int) -> TrainingSession:
        at = self.house.clock.now()
        day = self.house.local(at) + timedelta(days=1)
        start = day.replace(hour=10, minute=0, second=0, microsecond=0)
        with self.house.database.session() as session:
            people = {one.name: one.id for one in session.query(Staff)}
            course = add_course(session, title="教学屏使用", category="display", outline=None, at=at)
            plan = Plan(course.id, start, start + timedelta(minutes=150), seats, "三楼多媒体教室")
            who = {"trainer_id": people["孙老师"], "head_id": people["赵经理"]}
            training = plan_session(session, self.house, Plan(**{**vars(plan), **who}), at=at)
            session.commit()
            return training

    def until(self, moment: datetime) -> None:
        minutes = int((moment - self.house.clock.now()) / timedelta(minutes=1)) + 1
        assert self.desk.client.post("/try/clock", json={"advance": f"{minutes}m"}).status_code == 200
        self.desk.quiet()

    def registers(self, training: TrainingSession, phone: Phone, name: str, number: str) -> str:
        assert "怎么称呼" in phone.says(f"报名 {training.code.lower()}")
        for words in (name, number):
            phone.says(words)
        return phone.says("第一中学")

    def signs_in(self, name: str) -> None:
        with self.house.database.session() as session:
            row = session.query(Enrolment).filter_by(name=name).one()
            training = session.get_one(TrainingSession, row.session_id)
            attends(session, self.house, training, row, by="trainer", at=self.house.clock.now())
            session.commit()

    def pushed(self, words: str, who: str = SUN) -> list[str]:
        return [text for text in self.servers["wecom"].texts(who) if words in text]

    def sun(self, words: str) -> str:
        assert self.staff.send(events.text(words, SUN)).ok
        self.desk.quiet()
        return str(self.servers["wecom"].texts(SUN)[-1])

    def makes_the_group(self) -> None:
        """As the push told 孙老师 to; the house's own page needs nobody."""
        until(lambda: self.desk.rows(GroupMember))
        (group,) = self.desk.rows(QaGroup)
        if group.channel == "telegram":
            server = self.servers["telegram"]
            assert server.deliver(member_updates.added(by=70777)) == [200]
            assert server.deliver(updates.text(group.token, updates.GROUP, sender=updates.user(70777))) == [
                200
            ]
        elif group.channel == "wecom":
            made = self.servers["wecom"].opens_group(SUN, f"{self.desk.rows(TrainingSession)[0].code} 答疑群")
            assert self.staff.send(made).ok
        until(lambda: self.desk.rows(QaGroup)[0].state == "open")


@pytest.fixture(params=APPS)
def lesson(
    request: pytest.FixtureRequest, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lesson]:
    monkeypatch.setattr("bot.wechat.webhook.PATIENCE", 4.0)  # as in tests/channels/wechat
    on = {"wecom", request.param} - {"webchat"}
    servers = {name: request.getfixturevalue(name) for name in on}
    settings = {name: value for server in servers.values() for name, value in server.settings.items()}
    with running(sqlite_url, public_url="https://front.example", **settings) as desk:
        if "telegram" in servers:
            until(lambda: servers["telegram"].state.webhook["url"])
            servers["telegram"].state.webhook["url"] = f"{desk.address}/webhooks/telegram"
        yield Lesson(desk, request.param, servers)
        with desk.front.house.database.reading() as session:
            report = audit(session, now=desk.front.house.clock.now())
        assert report["ok"], report["violations"]


def test_from_the_code_to_the_questionnaire(lesson: Lesson) -> None:
    training, wu = lesson.plans(seats=9), lesson.phone(1)
    assert "报名成功" in lesson.registers(training, wu, "吴敏", "13800138001")
    lesson.until(training.starts_at - timedelta(hours=15))  # 19:00, the day before
    assert wu.heard("提醒您明天的培训") == 1
    lesson.until(training.starts_at - timedelta(minutes=30))
    assert wu.heard("快开始了") == 1
    lesson.signs_in("吴敏")

    lesson.until(training.ends_at + timedelta(minutes=1))
    lesson.makes_the_group()
    lesson.until(training.ends_at + timedelta(minutes=5))
    until(lambda: wu.heard("答疑群已经建好") == 1)

    assert "出处" in wu.says(KNOWN) and "镁棒" in wu.texts()[-1]
    assert "孙老师" in wu.says(QUESTION)
    until(lambda: lesson.pushed("提问待答"))
    assert QUESTION in lesson.pushed("提问待答")[-1]
    number = str(lesson.desk.rows(Ticket, Ticket.wants == "answer")[-1].number)
    assert "已发给 1 处" in lesson.sun(f"#{number} 回答 {ANSWER}")
    until(lambda: wu.heard(ANSWER) == 1)
    assert "已收录" in lesson.sun(f"#{number} 收录")
    assert ANSWER in lesson.phone(2).says("班牌怎么切换到考勤模式呢")
    assert [row.state for row in lesson.desk.rows(AskedQuestion)][1:] == ["confirmed", "answered_by_article"]

    wu.says("解决了")
    lesson.until(training.ends_at + timedelta(minutes=50))
    until(lambda: wu.heard("第 1 项") == 1)
    for score in "5444":
        wu.says(score)
    assert "还有什么" in wu.says("3")
    assert "已经记下" in wu.says("讲得很清楚")
    (review,) = lesson.desk.rows(TrainingReview)
    assert (review.arrangement, review.effect, review.words) == (5, 3, "讲得很清楚")
    lesson.until(training.ends_at + timedelta(minutes=70))
    until(lambda: lesson.pushed("培训日报", ZHAO))
    assert "平均 4.0 分" in lesson.pushed("培训日报", ZHAO)[0]


def test_who_waits_moves_up_and_who_left_is_not_reminded(lesson: Lesson) -> None:
    training, wu, he = lesson.plans(seats=1), lesson.phone(1), lesson.phone(2)
    assert "报名成功" in lesson.registers(training, wu, "吴敏", "13800138001")
    assert "候补第 1 位" in lesson.registers(training, he, "何军", "13800138002")
    assert "已取消报名" in wu.says("取消报名")
    lesson.until(lesson.house.clock.now() + timedelta(minutes=2))
    until(lambda: he.heard("有空位了") == 1)
    lesson.until(training.starts_at)
    assert (he.heard("快开始了"), wu.heard("快开始了"), wu.heard("提醒您明天")) == (1, 0, 0)
    assert [row.state for row in lesson.desk.rows(Enrolment)] == ["cancelled", "registered"]

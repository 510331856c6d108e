"""A Q&A group on Telegram, from the end of the session to the end of the group: only its trainees get in."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.customer.model import Conversation, Customer, Identity
from core.groups.model import GroupMember, QaGroup
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.training.model import Enrolment, TrainingSession
from core.training.schedule import Plan, add_course, plan_session
from tests.channels.desk import Desk, until
from tests.channels.telegram.test_story import conserved
from tests.providers.record import Call
from tests.providers.telegram import errors, member_updates, updates
from tests.providers.telegram.pace import Pace
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP

LONG = 240.0  # seconds, where Telegram's limits alone take three quarters of a minute
MINUTE, FIVE_MINUTES = 60, 300  # seconds: of the requests, and of Telegram's patience with user_chat_id
BOT, SUN, WU, HE, STRANGER, SECOND = "123456789", 700100, 700101, 700102, 700666, 700201


class Course:
    """孙老师's session: 吴敏 was there, 何军 was not."""

    def __init__(self, desk: Desk, server: TelegramServer) -> None:
        self.desk, self.server, self.house = desk, server, desk.front.house
        at = self.house.clock.now()
        day = self.house.local(at).date() + timedelta(days=1)
        start = datetime(day.year, day.month, day.day, 10, tzinfo=self.house.zone)
        with self.house.database.session() as session:
            trainer = Staff(name="孙老师", role="trainer", telegram_id=str(SUN), created_at=at)
            session.add(trainer)
            course = add_course(session, title="教学屏使用", category="display", outline=None, at=at)
            session.flush()
            plan = Plan(
                course.id, start, start + timedelta(minutes=150), 600, "三楼多媒体教室", trainer_id=trainer.id
            )
            self.training = plan_session(session, self.house, plan, at=at).id
            session.commit()
        self.enrols((WU, "吴敏", "attended"), (HE, "何军", "registered"))
        server.meet(SUN)

    def enrols(self, *people: Any) -> None:
        """(account, name, state) each: somebody who chats with the bot has a seat."""
        at = self.house.clock.now()
        with self.house.database.session() as session:
            for account, name, state in people:
                row = Enrolment(
                    session_id=self.training, name=name, state=state, via="telegram", position=account
                )
                row.customer_id = self.chats(session, account, at).id
                row.created_at = row.changed_at = at
                session.add(row)
            session.commit()

    def chats(self, session: Any, account: int, at: datetime, customer: Customer | None = None) -> Customer:
        self.server.meet(account)
        customer = customer or Customer(created_at=at)
        identity = Identity(
            channel="telegram", account=BOT, external_id=str(account), customer=customer, created_at=at
        )
        lane = f"telegram:{BOT}:{account}"
        session.add(Conversation(lane=lane, identity=identity, created_at=at, last_heard_at=at, state={}))
        session.flush()
        return customer

    def passes(self, span: str) -> None:
        self.desk.passes(span)

    def days(self, count: int) -> None:
        """One by one: how far the provider got with what was ordered meanwhile is not left to chance."""
        for _ in range(count):
            self.passes("1d")

    def no_link_leads_in(self) -> None:
        """After the end: the last link was taken back, those before it have expired."""
        *former, last = self.server.state.invites
        ended = self.group.ended_at.timestamp()
        assert former and all(link["expire_date"] <= ended for link in former) and last["is_revoked"]

    def held(self) -> None:
        """The session is over, and what follows its end has been done."""
        with self.house.database.reading() as session:
            ends = session.get_one(TrainingSession, self.training).ends_at
        self.passes(f"{int((ends - self.house.clock.now()) / timedelta(minutes=1)) + 5}m")

    def brings(self, *brought: dict[str, Any]) -> None:
        for update in brought:
            assert self.server.deliver(update) == [200]
        self.desk.quiet()

    def opens(self) -> str:
        """The session ends, its trainer makes the group; returns the invitation link."""
        self.held()
        self.brings(member_updates.added(by=SUN))
        self.passes("1m")
        return self.group.invite_link

    def asks(self, account: int, **more: Any) -> None:
        self.brings(member_updates.join_request(account, **more))

    def request(self, account: int) -> str | None:
        return self.server.state.join_requests.get((GROUP, account))

    @property
    def group(self) -> QaGroup:
        return self.desk.rows(QaGroup)[0]

    def members(self) -> dict[str, str]:
        return {row.name: f"{row.state} {row.reason}" for row in self.desk.rows(GroupMember)}

    def said(self, account: int) -> str:
        return (self.server.texts(account) or [""])[-1]


@pytest.fixture
def course(desk: Desk, telegram: TelegramServer) -> Iterator[Course]:
    yield Course(desk, telegram)
    conserved(desk)


@pytest.fixture
def lone(lone_desk: Desk, telegram: TelegramServer) -> Iterator[Course]:
    yield Course(lone_desk, telegram)
    conserved(lone_desk)


def test_from_the_end_of_the_session_to_the_end_of_the_group(course: Course) -> None:
    """On both engines: the trainer is asked, the link made, the attendee led in, nobody else, and the end."""
    course.held()
    assert "开群码 QA" in course.said(SUN) and course.group.state == "waiting_for_admin"
    course.brings(member_updates.added(by=SUN))
    made = course.server.called("createChatInviteLink")[0]
    assert made["creates_join_request"] is True and "member_limit" not in made and made["expire_date"]
    course.passes("1m")
    link = course.group.invite_link
    assert (
        course.group.state == "open"
        and link in "".join(course.server.texts(WU))
        and not course.server.texts(HE)
    )
    course.asks(WU, link={"invite_link": link, "creator": updates.bot(), "creates_join_request": True,
                          "is_primary": False, "is_revoked": False})  # fmt: skip
    assert course.request(WU) == "approved" and "欢迎" in course.said(WU)
    course.brings(member_updates.joined(WU))
    assert course.members() == {"吴敏": "joined first"}
    for account, why in ((STRANGER, "没有找到您的报名"), (HE, "签到里没有您")):
        course.asks(account)
        assert course.request(account) == "declined" and why in course.said(account)
    course.days(15)
    assert course.group.state == "closed" and "到今天结束" in "".join(course.server.texts(GROUP))
    course.no_link_leads_in()
    assert not course.server.state.chats[GROUP].info["permissions"]["can_send_messages"]
    course.asks(WU)
    assert course.request(WU) == "declined"


def test_twice_left_and_back_and_a_second_account(lone: Course) -> None:
    lone.opens()
    with lone.house.database.session() as session:  # the same 吴敏 proved her number with another account
        wu = session.scalars(select(Identity).where(Identity.external_id == str(WU))).one().customer
        lone.chats(session, SECOND, lone.house.clock.now(), wu)
        session.commit()
    lone.asks(WU)
    lone.asks(WU)
    assert lone.request(WU) == "approved" and sum("欢迎" in text for text in lone.server.texts(WU)) == 1
    lone.brings(member_updates.joined(WU))
    lone.asks(SECOND)
    assert lone.request(SECOND) == "declined" and "另一个账号" in lone.said(SECOND)
    lone.brings(member_updates.left(WU))
    lone.asks(WU)
    assert lone.request(WU) == "approved" and "欢迎回来" in lone.said(WU)
    lone.brings(member_updates.joined(WU), member_updates.left(WU))
    lone.asks(SECOND)
    assert lone.request(SECOND) == "approved"


def test_after_the_last_day_and_after_being_removed(lone: Course) -> None:
    lone.opens()
    lone.asks(WU)
    lone.brings(member_updates.joined(WU))
    lone.brings(
        member_updates.changed(
            "chat_member", updates.chat(GROUP), updates.user(SUN), updates.user(WU), "member", "kicked"
        )
    )
    lone.asks(WU)
    assert lone.request(WU) == "declined" and "已被移出" in lone.said(WU)
    with lone.house.database.session() as session:
        session.get_one(QaGroup, lone.group.id).ends_on = lone.house.local(
            lone.house.clock.now()
        ).date() - timedelta(1)
        session.commit()
    lone.asks(HE)
    assert lone.request(HE) == "declined" and "结束" in lone.said(HE)


def test_a_stranger_who_comes_another_way_is_put_out_and_an_administrator_is_not(lone: Course) -> None:
    lone.opens()
    by = updates.user(SUN)
    lone.brings(
        member_updates.changed(
            "chat_member", updates.chat(GROUP), by, updates.user(STRANGER), "left", "member"
        )
    )
    banned = lone.server.called("banChatMember")
    assert [call["user_id"] for call in banned] == [STRANGER]
    assert lone.server.called("unbanChatMember")[0]["only_if_banned"] is True
    lone.brings(
        member_updates.changed(
            "chat_member", updates.chat(GROUP), by, updates.user(700777), "left", "administrator"
        )
    )
    lone.asks(SUN)
    assert len(lone.server.called("banChatMember")) == 1 and lone.request(SUN) == "approved"


def test_a_group_is_recognised_by_its_code_and_the_code_is_good_once(lone: Course) -> None:
    lone.held()
    code = lone.group.token
    lone.brings(member_updates.added(by=STRANGER, status="member"))
    assert "开群码" in lone.said(GROUP)
    lone.brings(updates.text("QAAAAAAAAAAA", GROUP))
    assert "不对" in lone.said(GROUP) and lone.group.external_id is None
    lone.server.fail(
        errors.Refused("not enough rights to manage chat invite link"), on="createChatInviteLink", times=1
    )
    lone.brings(updates.text(code.lower(), GROUP))
    assert lone.group.external_id == str(GROUP) and lone.group.state == "waiting_for_admin"
    assert lone.group.reason == "no_rights" and "缺权限" in lone.said(SUN)
    lone.brings(member_updates.changed("my_chat_member", updates.chat(GROUP), updates.user(SUN), updates.bot(),
                                       "member", "administrator"))  # fmt: skip
    assert lone.group.state == "open" and lone.group.reason is None
    other = -1001700000009
    lone.brings(updates.text(code, other))
    assert "已经用过" in lone.said(other) and lone.group.external_id == str(GROUP)


def test_thrown_out_deleted_and_made_again(lone: Course) -> None:
    lone.opens()
    lone.brings(member_updates.kicked(by=STRANGER))
    assert (lone.group.state, lone.group.reason) == ("lost", "removed") and "失联" in lone.said(SUN)
    lone.asks(WU)  # the request of a group that is not ours any more is nobody's
    assert lone.request(WU) == "pending"


def test_what_cannot_be_said_in_a_deleted_group_makes_it_lost(lone: Course) -> None:
    from core.groups.post import post

    lone.opens()
    lone.server.fail(errors.Refused("the group chat was deleted", 403), on="sendMessage", chat=GROUP)
    with lone.house.database.session() as session:
        assert post(session, lone.house, lone.group.id, "各位好", quote=None) is not None
        session.commit()
    lone.desk.front.outbox_bell.ring()
    lone.desk.quiet()
    assert (lone.group.state, lone.group.reason) == ("lost", "deleted")
    with lone.house.database.session() as session:
        assert post(session, lone.house, lone.group.id, "还在吗", quote=None) is None


def test_a_group_that_becomes_a_supergroup_stays_ours(lone: Course) -> None:
    old = -4242
    lone.held()
    lone.brings(member_updates.added(chat_id=old, by=SUN))
    assert lone.group.external_id == str(old)
    lone.brings(*member_updates.migrated(old, GROUP))
    assert lone.group.external_id == str(GROUP) and lone.group.state == "open"
    lone.asks(WU)
    assert lone.request(WU) == "approved"


def test_a_link_is_renewed_before_it_expires(lone: Course) -> None:
    first = lone.opens()
    lone.passes("6d")
    lone.passes("1m")  # the new link is made with Telegram's help, and only then said
    assert lone.group.invite_link != first and lone.group.link_expires_at > lone.house.clock.now()
    invitations = [text for text in lone.server.texts(WU) if "入" in text]
    assert first in invitations[0] and lone.group.invite_link in invitations[1]
    lone.passes("5d")
    assert (
        len([text for text in lone.server.texts(WU) if "点链接" in text]) == 2
    )  # asked twice, and not again


def test_a_crash_between_the_decision_and_the_call_loses_nobody(lone: Course) -> None:
    lone.opens()
    lone.server.fail(errors.broken(), on="approveChatJoinRequest", times=2)
    lone.asks(WU)
    assert lone.request(WU) == "approved" and len(lone.server.called("approveChatJoinRequest")) == 3
    rows = lone.desk.rows(OutboxMessage, OutboxMessage.recipient == f"{GROUP}/{WU}")
    assert [(row.status, row.attempt) for row in rows] == [("done", 3)]


@pytest.mark.timeout(900)
def test_five_hundred_at_the_door_in_a_minute(lone: Course) -> None:
    """Each of 500 requests of one minute is decided once and its reason told, within Telegram's limits and its five minutes."""
    people = range(730_000, 730_500)
    lone.opens()
    lone.enrols(*((account, f"学员{account}", "attended") for account in people[:400]))
    lone.server.pace = Pace()
    lone.server.fail(errors.too_many(1), on="approveChatJoinRequest", times=3)
    began, before = time.monotonic(), len(lone.server.calls)
    lone.server.deliver_all([member_updates.join_request(account) for account in people], shuffle=7)
    assert time.monotonic() - began < MINUTE  # they came in one
    # A thousand calls at 25 a second: 44 s at best.
    until(lambda: all(lone.request(one) not in (None, "pending") for one in people), LONG)
    lone.desk.quiet(LONG)
    decided = [lone.request(account) for account in people]
    assert decided == ["approved"] * 400 + ["declined"] * 100
    assert sum("欢迎" in text for account in people[:400] for text in lone.server.texts(account)) == 400
    told = [text for account in people[400:] for text in lone.server.texts(account)]
    assert len(told) == 100 and all("没有找到您的报名" in text for text in told)
    calls = lone.server.calls[before:]
    done = Counter(call.method for call in calls if call.ok)
    assert (done["approveChatJoinRequest"], done["declineChatJoinRequest"]) == (400, 100)
    assert max(call.at for call in calls) - began < FIVE_MINUTES  # user_chat_id takes messages no longer
    messages = [call for call in calls if call.method == "sendMessage" and call.ok]
    assert busiest(calls, 1.0) <= 30 and busiest(messages, 1.0) <= 30
    to_group = [call for call in messages if call.params["chat_id"] < 0]
    assert busiest(to_group, 60.0) <= 20
    for account in (people[0], people[-1]):
        assert busiest([call for call in messages if call.params["chat_id"] == account], 1.0) <= 1
    refused = [call for call in calls if (call.answer or {}).get("error_code") == 429]
    assert len(refused) == 3  # those that were planned: our own pace gave Telegram no reason


def busiest(calls: list[Call], seconds: float) -> int:
    """Most calls in any span of so many seconds, as the server saw them; a network may shorten a gap by a little."""
    at = sorted(call.at for call in calls)
    return max(
        (bisect_left(at, start + seconds - 0.05) - number for number, start in enumerate(at)), default=0
    )

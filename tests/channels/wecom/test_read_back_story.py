"""What the owner of a WeCom group was asked to send, from the question to the group's page and the ticket's timeline."""

from math import ceil
from typing import Any

import pytest
from sqlalchemy import update

from core.groups.confirm import known
from core.groups.confirmed import Outcome, came_of, pasted, post_again
from core.groups.model import QaGroup
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from core.ticket.model import Ticket, TimelineEntry
from tests.channels.desk import running, until
from tests.channels.wecom.lesson import OWNER, SUN, Class
from tests.providers import tencent
from tests.providers.wecom import events
from tests.providers.wecom.server import WeComServer

ZHAO = events.ZHAO
ANSWER = "长按模式键三秒"
TASK = "externalcontact/get_groupmsg_task"


class Answered:
    """李娜 asked by the group's form, 孙老师 answered; her answer waits in 孙老师's 群发助手. 赵经理 is the head."""

    def __init__(self, lesson: Class, wecom: WeComServer) -> None:
        self.lesson, self.wecom, self.desk = lesson, wecom, lesson.desk
        wecom.hire(ZHAO)
        lesson.hire("赵经理", ZHAO, role="manager")
        self.chat = lesson.opens()
        self.number = lesson.asks("李娜", "培训室空调的考勤模式怎么切", lesson.group.id)
        self.answers(ANSWER)

    def answers(self, words: str) -> None:
        self.lesson.hears(events.text(f"#{self.number} 回答 {words}", SUN))

    @property
    def texts(self) -> list[OutboxMessage]:
        """What was to be said in a group, the first one first."""
        spoken = OutboxMessage.channel == "wecom_group", OutboxMessage.text != ""
        return list(self.desk.rows(OutboxMessage, *spoken))

    def state(self, place: int = 0) -> dict[str, Any]:
        return known(self.texts[place])

    @property
    def promises(self) -> list[Promise]:
        return list(self.desk.rows(Promise, Promise.kind == "group_confirm"))

    def look_is_due(self) -> None:
        """Working time goes on until the next look, however far that is: it may be Friday evening."""
        due = min(row.due_at for row in self.promises if row.status == "pending")
        now = self.lesson.house.clock.now()
        # A minute more: a moment that the clock reaches by itself meanwhile would lie behind it, and is refused.
        self.lesson.advance(minutes=1 + ceil((due - now).total_seconds() / 60))
        # By whoever of the house's clocks: while one has it in hand, the other passes it by.
        until(lambda: not any(row.status == "pending" and row.due_at <= due for row in self.promises))

    def looks(self) -> None:
        self.look_is_due()
        self.desk.quiet()

    def timeline(self, *verbs: str) -> list[str]:
        (ticket,) = self.desk.rows(Ticket, Ticket.number == self.number)
        mine = TimelineEntry.ticket_id == ticket.id, TimelineEntry.verb.in_(verbs)
        return [f"{row.verb} {row.note}" for row in self.desk.rows(TimelineEntry, *mine)]

    def heard_of(self, news: str, who: str = SUN) -> int:
        return len(self.lesson.heard(who, news))


REMINDED, UNCONFIRMED, UNSENT = "还没发到答疑群", "答疑群的话没人发", "没有发到答疑群"


@pytest.fixture
def story(lesson: Class, wecom: WeComServer) -> Answered:
    return Answered(lesson, wecom)


def test_confirmed_before_we_ask(story: Answered, wecom: WeComServer) -> None:
    private = story.desk.rows(OutboxMessage, OutboxMessage.recipient == "visitor-李娜")[-1]
    assert ANSWER in private.text and private.status == "done"  # whatever becomes of the group
    (asked,) = wecom.mass_messages
    assert (story.state()["state"], story.state()["msgid"]) == ("waiting", asked.msgid)
    (promised,) = story.promises
    office = promised.due_at - story.texts[0].said_at
    assert office.total_seconds() >= 30 * 60
    wecom.confirms(asked.msgid)
    story.looks()
    assert story.state()["state"] == "sent"
    (promised,) = story.promises
    assert (promised.status, promised.reason) == ("done", "sent")  # kept, and not called off
    (entry,) = story.timeline("group_sent", "group_unsent")
    assert entry.startswith("group_sent PX4821 空调答疑群 · ")
    assert [story.heard_of(REMINDED), story.heard_of(UNCONFIRMED, ZHAO)] == [0, 0]


def test_not_yet_then_the_owner_then_the_head_then_sent_after_all(
    story: Answered, wecom: WeComServer
) -> None:
    story.looks()
    assert [story.heard_of(REMINDED), story.heard_of(UNCONFIRMED, ZHAO)] == [1, 0]
    (words,) = story.lesson.heard(SUN, REMINDED)
    assert "工作台→群发助手" in words and ANSWER in words
    story.looks()
    assert [story.heard_of(REMINDED), story.heard_of(UNCONFIRMED, ZHAO)] == [1, 1]
    story.looks()  # nobody is told a third time
    assert [story.heard_of(REMINDED), story.heard_of(UNCONFIRMED, ZHAO)] == [1, 1]
    assert story.state()["told"] == 3
    wecom.confirms(wecom.mass_messages[0].msgid)
    story.looks()
    assert story.state()["state"] == "sent" and len(story.timeline("group_sent")) == 1


def test_never(story: Answered, wecom: WeComServer) -> None:
    for _ in range(20):
        if story.state()["state"] != "waiting":
            break
        story.looks()
    assert story.state()["state"] == "unsent"
    assert story.timeline("group_unsent") == ["group_unsent PX4821 空调答疑群 · never"]
    assert {row.status for row in story.promises} == {"done"}
    assert len(wecom.called(TASK)) == story.lesson.house.book.policy("group_confirm")["looks"]
    assert [story.heard_of(REMINDED), story.heard_of(UNCONFIRMED, ZHAO)] == [1, 1]


def test_a_look_that_is_told_twice_counts_once(story: Answered, wecom: WeComServer) -> None:
    wecom.fail(tencent.dropped(effect=True), on=TASK, times=1)
    story.looks()
    (look,) = story.desk.rows(OutboxMessage, OutboxMessage.key.startswith("group_confirm:"))
    for _ in range(2):  # we died before the order was ended
        came_of(story.lesson.house, look.extra, Outcome("waiting"))
    story.desk.quiet()
    assert story.state()["told"] == 1
    assert [story.heard_of(REMINDED), story.heard_of(UNCONFIRMED, ZHAO)] == [1, 0]
    wecom.confirms(wecom.mass_messages[0].msgid)
    for _ in range(2):
        came_of(story.lesson.house, look.extra, Outcome("sent"))
    assert len(story.timeline("group_sent")) == 1


def test_who_was_asked_is_not_asked_again_after_a_crash(story: Answered, wecom: WeComServer) -> None:
    with story.lesson.house.database.session() as session:
        mine = update(OutboxMessage).where(OutboxMessage.id == story.texts[0].id)
        session.execute(mine.values(status="pending", receipt=None, ended_at=None, due_at=database_clock()))
        session.commit()
    story.desk.front.outbox_bell.ring()
    story.desk.quiet()
    assert len(wecom.mass_messages) == 1 and story.texts[0].receipt == wecom.mass_messages[0].msgid
    assert len(story.promises) == 1 and story.heard_of("群发助手") == 1


def test_the_provider_is_away_and_comes_back(story: Answered, wecom: WeComServer) -> None:
    wecom.confirms(wecom.mass_messages[0].msgid)
    wecom.fail(-1, on=TASK)
    story.look_is_due()
    until(lambda: story.desk.rows(OutboxMessage, OutboxMessage.error.contains("-1")))
    assert story.state()["state"] == "waiting" and story.heard_of(REMINDED) == 0
    wecom.heal()
    until(lambda: story.state()["state"] == "sent")


def test_a_look_that_was_given_up_is_ordered_anew(story: Answered, wecom: WeComServer) -> None:
    wecom.fail(44004, on=TASK, times=1)  # refused for good: a dead letter
    story.looks()
    assert story.desk.rows(OutboxMessage, OutboxMessage.status == "dead")
    assert story.state()["told"] == 0 and [row.status for row in story.promises] == ["pending"]
    story.looks()
    assert story.state()["told"] == 1 and story.heard_of(REMINDED) == 1


def test_the_app_dies_and_another_looks(database_url: str, story: Answered, wecom: WeComServer) -> None:
    wecom.confirms(wecom.mass_messages[0].msgid)
    wecom.fail(-1, on=TASK)  # busy as long as the first process lives
    story.look_is_due()
    until(lambda: story.desk.rows(OutboxMessage, OutboxMessage.error.contains("-1")))
    wecom.heal()
    with running(database_url, **wecom.settings) as second:
        second.quiet()
    assert story.state()["state"] == "sent"


def test_the_group_is_deleted_meanwhile(story: Answered, wecom: WeComServer) -> None:
    wecom.dismisses(story.chat)  # and its event is lost
    story.looks()
    assert story.lesson.group.state == "lost" and story.lesson.group.reason == "deleted"
    assert (story.state()["state"], story.state()["why"]) == ("failed", "deleted")
    assert story.timeline("group_unsent") == ["group_unsent PX4821 空调答疑群 · deleted"]
    assert [(row.status, row.reason) for row in story.promises] == [("done", "failed")]
    assert [story.heard_of("答疑群失联"), story.heard_of(UNSENT)] == [1, 0]  # told once, with what to do


def test_the_group_was_made_again_and_the_former_one_takes_it_along_nowhere(
    story: Answered, wecom: WeComServer
) -> None:
    story.lesson.hears(wecom.dismisses(story.chat))
    story.lesson.waits_again()
    story.lesson.hears(wecom.opens_group(SUN, "PX4821 新群"))
    until(lambda: story.lesson.group.state == "open")
    story.looks()
    assert (story.state()["state"], story.state()["why"]) == ("failed", "deleted")
    assert story.lesson.group.state == "open"


def test_another_owner_is_asked_by_a_press(story: Answered, wecom: WeComServer) -> None:
    wecom.hire(OWNER)
    story.lesson.hire("周客服", OWNER)
    wecom.hands_over(story.chat, OWNER)
    story.looks()
    assert (story.state()["state"], story.state()["why"]) == ("failed", "owner_changed")
    assert story.heard_of(UNSENT) == 1 and "群换了群主" in story.lesson.heard(SUN, UNSENT)[0]
    for wanted in (True, False):  # pressed twice
        assert _pressed(story, post_again, story.lesson.house) is wanted
    story.desk.quiet()
    assert story.state()["state"] == "again"
    first, second = wecom.mass_messages
    assert (second.sender, second.text) == (OWNER, first.text)
    wecom.confirms(second.msgid)
    story.looks()
    assert story.state(1)["state"] == "sent" and ANSWER in wecom.texts(story.chat)[0]
    assert len(story.timeline("group_sent")) == 1


def test_the_owner_has_left_and_the_group_had_its_fill(story: Answered, wecom: WeComServer) -> None:
    story.lesson.says("滤网每两周清洗一次。", key="a2")
    _, second = wecom.mass_messages
    wecom.confirms(second.msgid, full=(story.chat,))
    story.looks()
    assert [story.state(place).get("why") for place in (0, 1)] == [None, "limit"]
    wecom.quits(SUN)
    story.looks()
    assert (story.state()["state"], story.state()["why"]) == ("failed", "owner_unseen")
    assert story.timeline("group_unsent")[0].endswith(" · owner_unseen")


def test_two_messages_to_one_group_are_two_matters(story: Answered, wecom: WeComServer) -> None:
    story.lesson.says("滤网每两周清洗一次。", key="a2")
    _, second = wecom.mass_messages
    wecom.confirms(second.msgid)
    story.looks()
    assert [story.state(place)["state"] for place in (0, 1)] == ["waiting", "sent"]
    assert story.heard_of(REMINDED) == 1 and ANSWER in story.lesson.heard(SUN, REMINDED)[0]
    assert story.timeline("group_sent") == []  # what was sent answers no question


def test_a_correction_takes_the_place_of_what_was_not_sent_yet(story: Answered, wecom: WeComServer) -> None:
    story.answers("按住模式键五秒")
    assert [story.state(place)["state"] for place in (0, 1)] == ["replaced", "waiting"]
    assert sorted(row.status for row in story.promises) == ["cancelled", "pending"]
    story.looks()
    assert story.heard_of(REMINDED) == 1 and "五秒" in story.lesson.heard(SUN, REMINDED)[0]


def test_who_posted_it_by_hand_says_so_and_nobody_is_bothered(story: Answered, wecom: WeComServer) -> None:
    for wanted in (True, False):
        assert _pressed(story, pasted, by="孙老师") is wanted
    assert {row.status for row in story.promises} == {"cancelled"}
    assert story.timeline("group_sent") == ["group_sent PX4821 空调答疑群"]
    story.lesson.advance(days=4)
    story.desk.quiet()
    assert [story.heard_of(REMINDED), len(wecom.called(TASK))] == [0, 0]


def test_what_wecom_does_not_send_for_us_is_told_with_the_reason(story: Answered, wecom: WeComServer) -> None:
    wecom.fail(41048, on="externalcontact/add_msg_template", times=1)  # the group has had its fill
    story.lesson.says("滤网每两周清洗一次。", key="a2")
    assert story.state(1) == {"state": "by_hand", "why": "limit"} and len(story.promises) == 1


def test_an_answer_that_is_left_to_staff_is_said_so_on_its_timeline(
    story: Answered, wecom: WeComServer
) -> None:
    wecom.left_out.add(story.chat)
    story.answers("按住模式键五秒")
    assert story.state(1) == {"state": "by_hand", "why": "left_out"}
    assert story.timeline("group_unsent") == ["group_unsent PX4821 空调答疑群 · left_out"]
    with story.lesson.house.database.session() as session:  # we died before the order was ended
        mine = update(OutboxMessage).where(OutboxMessage.id == story.texts[1].id)
        session.execute(mine.values(status="pending", receipt=None, ended_at=None, due_at=database_clock()))
        session.commit()
    story.desk.front.outbox_bell.ring()
    story.desk.quiet()
    assert len(story.timeline("group_unsent")) == 1


def test_of_a_farewell_the_head_is_not_told(story: Answered, wecom: WeComServer) -> None:
    _pressed(story, pasted, by="孙老师")
    story.lesson.advance(days=15)
    until(lambda: story.lesson.group.state == "closed")
    story.desk.quiet()
    for _ in range(5):
        if story.state(1)["state"] != "waiting":
            break
        story.looks()
    assert story.state(1)["state"] == "unsent"
    assert [story.heard_of(REMINDED), story.heard_of(UNCONFIRMED, ZHAO)] == [1, 0]


def _pressed(story: Answered, what: Any, *more: Any, **named: Any) -> bool:
    house = story.lesson.house
    with house.database.session() as session:
        group = session.get_one(QaGroup, story.lesson.group.id)
        done = what(session, *more, group, story.texts[0].id, at=house.clock.now(), **named)
        session.commit()
    return bool(done)

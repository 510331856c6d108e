"""Two accounts at one door at once; a lost group made again; the question form beside a group; what counts as asking."""

from typing import Any

import pytest
from sqlalchemy import select

from core.asked.model import AskedQuestion
from core.customer.model import Identity
from core.groups.model import GroupMember
from core.groups.search import wait_again
from core.groups.told import locked
from core.messaging.inbox import InboxMessage
from tests.channels.desk import Desk
from tests.channels.telegram.test_groups import mention
from tests.channels.telegram.test_qa_group import SECOND, STRANGER, WU, Course
from tests.edited import edit_policy
from tests.providers.telegram import member_updates, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import GROUP

BROWSER, OTHER = "wu-browser-1", "other-browser"


@pytest.fixture
def course(desk: Desk, telegram: TelegramServer) -> Course:
    return Course(desk, telegram)


@pytest.fixture
def lone(lone_desk: Desk, telegram: TelegramServer) -> Course:
    return Course(lone_desk, telegram)


def page(course: Course, what: str, browser: str, **more: Any) -> Any:
    (member,) = course.desk.rows(GroupMember, GroupMember.enrolment_id.is_not(None))
    return course.desk.client.post(f"/groups/{member.token}/{what}", json={"visitor": browser, **more})


def test_of_two_accounts_that_ask_at_the_same_moment_one_gets_in(course: Course) -> None:
    course.opens()
    with course.house.database.session() as session:
        wu = session.scalars(select(Identity).where(Identity.external_id == str(WU))).one().customer
        course.chats(session, SECOND, course.house.clock.now(), wu)
        session.commit()
    requests = [member_updates.join_request(account) for account in (WU, SECOND)]
    course.server.deliver_all(requests, copies=3, shuffle=5)
    course.desk.quiet()
    assert sorted(str(course.request(account)) for account in (WU, SECOND)) == ["approved", "declined"]


def test_a_lost_group_is_made_again_and_everybody_is_invited_anew(lone: Course) -> None:
    lone.opens()
    lone.asks(WU)
    lone.brings(member_updates.joined(WU), member_updates.kicked(by=STRANGER))
    code = lone.group.token
    with lone.house.database.session() as session:
        wait_again(session, lone.house, locked(session, lone.group.id), at=lone.house.clock.now())
        session.commit()
    other = -1001700000009
    assert lone.group.token != code and lone.members() == {"吴敏": "invited None"}
    lone.server.meet(other)
    lone.brings(updates.text(code, other))
    assert lone.group.external_id is None  # the code of the lost group is spent
    lone.brings(updates.text(lone.group.token, other))
    lone.passes("1m")
    assert lone.group.state == "open" and lone.group.external_id == str(other)
    assert lone.group.invite_link in "".join(lone.server.texts(WU))


def test_the_question_form_beside_the_group_is_its_owners_only(lone: Course) -> None:
    lone.opens()
    assert "提问页写：https://front.example/groups/QA" in "".join(lone.server.texts(WU))
    assert page(lone, "join", BROWSER).json() == {"joined": True}
    assert page(lone, "join", OTHER).json()["why"] == "second_account"
    assert page(lone, "look", OTHER).status_code == 403
    asked = page(lone, "messages", BROWSER, id="q1", text="孙老师课上用的那个小程序叫什么名字？")
    assert asked.status_code == 202
    lone.desk.quiet()
    (question,) = lone.desk.rows(AskedQuestion)
    assert question.group_id == lone.group.id and question.trainer == "孙老师"
    shown = page(lone, "look", BROWSER).json()["messages"]
    assert [m["mine"] for m in shown] == [True, False] and "孙老师" in shown[1]["text"]
    assert lone.members()["吴敏"].startswith("invited")  # asking there is not yet being in the group


def test_what_counts_as_asking_in_the_group_is_a_policy(lone: Course) -> None:
    lone.opens()
    lone.asks(WU)
    lone.brings(member_updates.joined(WU), mention("一体机怎么无线投屏？", sender=WU))
    assert lone.desk.rows(InboxMessage)[-1].outcome == "group_answered"
    said = len(lone.server.texts(GROUP))
    edit_policy(lone.house, "groups", listen=["reply"])
    lone.brings(mention("一体机怎么无线投屏？", sender=WU))
    assert (
        lone.desk.rows(InboxMessage)[-1].outcome == "group_unasked" and len(lone.server.texts(GROUP)) == said
    )
    assert page(lone, "join", BROWSER).status_code == 404  # nor is there a form


def test_a_fault_told_in_the_group_goes_on_in_private(lone: Course) -> None:
    lone.opens()
    lone.asks(WU)
    lone.brings(member_updates.joined(WU), mention("我家空调不制冷了，电话13800138000", sender=WU))
    assert "私聊" in lone.said(GROUP) and "13800138000" not in "".join(lone.server.texts(GROUP))
    assert "空调" in lone.said(WU)

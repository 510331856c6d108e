"""What a provider tells late: of a code that was renewed, a chat that was given up, somebody who is in already."""

from typing import Any

import pytest
from sqlalchemy import select

from core.groups.find import new_token
from core.groups.model import GroupMember, QaGroup
from core.groups.order import Shut, order
from core.groups.ordered import order_failed
from core.groups.told import group_gone, wanted_way, way_made, way_shown
from core.promise.model import Promise
from core.training.model import Enrolment
from tests.groups.conftest import Class

CHAT, FORMER = "wr-now", "wr-former"


class Told:
    """An open WeCom group in which 王 is invited by a way of his own that is being made."""

    def __init__(self, lesson: Class) -> None:
        self.house, self.number = lesson.house, lesson.opens("wecom")
        with self.house.database.session() as session:
            wang = session.scalars(select(Enrolment).where(Enrolment.name == "王")).one()
            group = session.get_one(QaGroup, self.number)
            group.external_id = CHAT
            member = GroupMember(group_id=group.id, enrolment_id=wang.id, name="王", token=new_token())
            session.add(member)
            session.commit()
            self.what = {"group": group.id, "member": member.id, "state": member.token}

    def sets(self, model: Any, number: int, **values: Any) -> None:
        with self.house.database.session() as session:
            row = session.get_one(model, number)
            for name, value in values.items():
                setattr(row, name, value)
            session.commit()

    def get(self, model: Any, number: int) -> Any:
        with self.house.database.reading() as session:
            return session.get_one(model, number)

    @property
    def member(self) -> GroupMember:
        found: GroupMember = self.get(GroupMember, self.what["member"])
        return found


@pytest.fixture
def told(lesson: Class) -> Told:
    return Told(lesson)


NO_LONGER = [
    (GroupMember, {"token": "QA2222222222"}),  # another way was asked for meanwhile
    (GroupMember, {"state": "joined"}),
    (GroupMember, {"state": "removed"}),
    (QaGroup, {"state": "closed"}),
    (QaGroup, {"state": "lost"}),
]


@pytest.mark.parametrize(("model", "values"), NO_LONGER)
def test_a_way_that_nobody_needs_any_more_is_not_made(told: Told, model: Any, values: dict[str, str]) -> None:
    assert wanted_way(told.house, told.what) is not None
    told.sets(model, told.number if model is QaGroup else told.what["member"], **values)
    assert wanted_way(told.house, told.what) is None
    assert way_made(told.house, told.what, "config-1") is False and told.member.join_way is None


def test_before_the_group_is_known_no_way_is_made(told: Told) -> None:
    told.sets(QaGroup, told.number, external_id=None)
    assert wanted_way(told.house, told.what) is None


def test_a_way_that_was_made_is_kept_and_asked_for_by_its_number(told: Told) -> None:
    assert way_made(told.house, told.what, "config-1")
    wanted = wanted_way(told.house, told.what)
    assert wanted is not None and (wanted.chat, wanted.config) == (CHAT, "config-1")


@pytest.mark.parametrize(("state", "invited"), [("invited", 1), ("joined", 0)])
def test_who_came_in_meanwhile_is_sent_no_picture(told: Told, state: str, invited: int) -> None:
    told.sets(GroupMember, told.what["member"], state=state)
    way_shown(told.house, told.what, "https://wework.qpic.cn/x")
    with told.house.database.reading() as session:
        rows = session.scalars(select(Promise).where(Promise.kind == "group_invite")).all()
    assert len(rows) == invited and (told.member.invite_link is not None) == bool(invited)


@pytest.mark.parametrize(("chat", "state"), [(FORMER, "open"), (CHAT, "lost")])
def test_only_the_chat_that_it_is_now_makes_a_group_lost(told: Told, chat: str, state: str) -> None:
    group_gone(told.house, told.number, chat)
    assert told.get(QaGroup, told.number).state == state


@pytest.mark.parametrize(("chat", "state"), [(FORMER, "open"), (CHAT, "lost")])
def test_an_order_to_the_former_chat_says_nothing_of_this_one(told: Told, chat: str, state: str) -> None:
    told.sets(QaGroup, told.number, external_id=chat)
    told.sets(GroupMember, told.what["member"], state="joined", external_id="7001")
    with told.house.database.session() as session:
        group = session.get_one(QaGroup, told.number)
        row = order(session, told.house, group, "admit", person="7001")
        assert row is not None
        group.external_id = CHAT
        session.flush()
        order_failed(session, told.house, row, Shut("the group was deleted", "deleted"))
        session.commit()
    assert told.get(QaGroup, told.number).state == state and told.member.state == "joined"

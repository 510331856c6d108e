"""What an event that comes late, twice or out of order must not change at the door of a group."""

import pytest
from sqlalchemy import select

from core.groups.model import GroupMember
from tests.groups.conftest import Class
from tests.groups.test_admission import Door


@pytest.fixture
def door(lesson: Class) -> Door:
    return Door(lesson)


def place(door: Door, account: str) -> GroupMember:
    with door.lesson.house.database.reading() as session:
        return session.scalars(select(GroupMember).where(GroupMember.external_id == account)).one()


def test_an_account_that_holds_one_place_takes_no_other(door: Door) -> None:
    door.asks("7001", "王", comes_in=True)
    assert door.asks("7001", "张") == "Declined not_theirs"
    assert door.rows() == ["7001 joined not_theirs"] and place(door, "7001").name == "王"


def test_who_was_put_out_and_then_is_said_to_have_gone_was_put_out(door: Door) -> None:
    door.asks("7001", "王", comes_in=True)
    door.goes("7001", by="孙老师")
    door.goes("7001")
    assert door.rows() == ["7001 removed 孙老师"] and door.asks("7001", "王") == "Declined removed"


def test_told_twice_that_somebody_is_in_the_first_time_counts(door: Door) -> None:
    door.asks("7001", "王", comes_in=True)
    first = place(door, "7001").joined_at
    door.lesson.passes("1h")
    door.asks("7001", "王", comes_in=True)
    assert place(door, "7001").joined_at == first


def test_a_refusal_takes_nobodys_place_away(door: Door) -> None:
    """In already, and for once not known: a later refusal is a note beside the place, not its end."""
    door.asks("7001", "王", comes_in=True)
    before = place(door, "7001")
    assert door.asks("7001", None) == "Declined stranger"
    after = place(door, "7001")
    assert (after.state, after.enrolment_id, after.name) == ("joined", before.enrolment_id, "王")
    assert after.ended_at is None

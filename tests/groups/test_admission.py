"""Who gets in, by the table; and by the rows of both engines."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.groups.admission import Admitted, Declined, Facts, Verdict, judge
from core.groups.join import Applicant, ask_in, has_joined, has_left, let_back, was_removed
from core.groups.model import GROUP_STATES, GroupMember, QaGroup
from core.training.model import ENROLMENT_STATES, Enrolment
from tests.groups.conftest import Class

ADMITS = ("attended", "registered")


@pytest.mark.parametrize("state", GROUP_STATES)
@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize("place", [None, "invited", "asked", "joined", "left", "removed"])
def test_a_stranger_never_gets_in(state: str, over: bool, place: str | None) -> None:
    assert isinstance(judge(Facts(state, over, None, place), ADMITS), Declined)


@pytest.mark.parametrize("enrolment", ENROLMENT_STATES)
def test_only_the_states_of_the_policy_get_in(enrolment: str) -> None:
    verdict = judge(Facts("open", False, enrolment), ADMITS)
    assert verdict == (Admitted("first") if enrolment in ADMITS else Declined("not_attending"))


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (Facts("open", True, "attended"), Declined("over")),
        (Facts("closed", False, "attended"), Declined("not_open")),
        (Facts("open", False, "attended", "joined"), Admitted("again")),
        (Facts("open", False, "attended", "left"), Admitted("back")),
        (Facts("open", False, "attended", "left", same_account=False), Admitted("back")),
        (Facts("open", False, "attended", "removed"), Declined("removed")),
        (Facts("open", False, "attended", "asked", same_account=False), Declined("second_account")),
        (Facts("open", False, "attended", "joined", same_account=False), Declined("second_account")),
    ],
)
def test_the_reasons(facts: Facts, verdict: Verdict) -> None:
    assert judge(facts, ADMITS) == verdict


class Door:
    """Asks in and out of a group, as the provider would tell it."""

    def __init__(self, lesson: Class) -> None:
        self.lesson, self.group_id = lesson, lesson.opens()

    def asks(self, account: str, name: str | None, *, comes_in: bool = False) -> str:
        house, at = self.lesson.house, self.lesson.now
        with house.database.session() as session:
            group = session.get_one(QaGroup, self.group_id)
            enrolment = session.scalars(select(Enrolment).where(Enrolment.name == name)).first()
            use = has_joined if comes_in else ask_in
            verdict, _ = use(
                session, house, group=group, applicant=Applicant(account, name, enrolment), at=at
            )
            session.commit()
            return f"{type(verdict).__name__} {verdict.why}"

    def rows(self) -> list[str]:
        with self.lesson.house.database.reading() as session:
            rows = session.scalars(select(GroupMember).order_by(GroupMember.external_id))
            return [f"{row.external_id} {row.state} {row.reason}" for row in rows]

    def goes(self, account: str, *, by: str | None = None) -> None:
        with self.lesson.house.database.session() as session:
            group = session.get_one(QaGroup, self.group_id)
            known = {"group": group, "external_id": account, "at": self.lesson.now}
            was_removed(session, **known, by=by) if by else has_left(session, **known)
            session.commit()


@pytest.fixture
def door(lesson: Class) -> Door:
    return Door(lesson)


def test_asked_joined_left_and_back(door: Door) -> None:
    assert door.asks("7001", "王") == "Admitted first"
    assert door.asks("7001", "王") == "Admitted again"
    assert door.asks("7001", "王", comes_in=True) == "Admitted again"
    assert door.rows() == ["7001 joined first"]
    door.goes("7001")
    assert door.rows() == ["7001 left None"]
    assert door.asks("7001", "王") == "Admitted back"
    assert door.rows() == ["7001 asked back"]


def test_a_second_account_waits_until_the_first_has_left(door: Door) -> None:
    assert door.asks("7001", "王", comes_in=True) == "Admitted first"
    assert door.asks("7002", "王") == "Declined second_account"
    assert door.rows() == ["7001 joined first", "7002 declined second_account"]
    door.goes("7001")
    assert door.asks("7002", "王") == "Admitted back"
    assert door.rows() == ["7002 asked back"]


def test_a_stranger_is_refused_however_often_and_gets_in_once_known(door: Door) -> None:
    for _ in range(3):
        assert door.asks("666", None) == "Declined stranger"
        assert door.asks("666", None, comes_in=True) == "Declined stranger"
    assert door.asks("666", "张") == "Admitted first"
    assert door.rows() == ["666 asked first"]
    assert door.asks("667", "李") == "Declined not_attending"


def test_who_was_removed_comes_back_only_by_a_person(door: Door) -> None:
    door.asks("7001", "王", comes_in=True)
    door.goes("7001", by="孙老师")
    assert door.asks("7001", "王") == "Declined removed"
    assert door.asks("7009", "王") == "Declined removed"
    with door.lesson.house.database.session() as session:
        let_back(session.scalars(select(GroupMember).where(GroupMember.external_id == "7001")).one(),
                 by="孙老师", at=door.lesson.now)  # fmt: skip
        session.commit()
    assert door.asks("7001", "王") == "Admitted first"


def test_the_last_day_counts_and_the_day_after_does_not(door: Door) -> None:
    def ends(days: int) -> None:
        with door.lesson.house.database.session() as session:
            today = door.lesson.house.local(door.lesson.now).date()
            session.get_one(QaGroup, door.group_id).ends_on = today + timedelta(days=days)
            session.commit()

    ends(0)
    assert door.asks("7001", "王") == "Admitted first"
    ends(-1)
    assert door.asks("7002", "张") == "Declined over"

"""我要进群: whoever lost the invitation gets the way in again, at once; everybody else hears what they can do."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.groups.model import GroupMember, QaGroup
from core.training.model import Enrolment
from tests.channels.desk import Desk
from tests.channels.telegram.test_qa_group import HE, STRANGER, WU, Course
from tests.channels.telegram.test_story import conserved
from tests.providers.telegram import errors, member_updates, updates
from tests.providers.telegram.server import TelegramServer
from tests.providers.telegram.updates import Thing


@pytest.fixture
def course(desk: Desk, telegram: TelegramServer) -> Course:
    return Course(desk, telegram)


@pytest.fixture
def lone(lone_desk: Desk, telegram: TelegramServer) -> Course:
    return Course(lone_desk, telegram)


def asks(words: str = "我要进群", account: int = WU) -> Thing:
    return updates.text(words, account, sender=updates.user(account))


def test_the_link_is_told_again_and_another_one_made_where_it_does_not_open(course: Course) -> None:
    first = course.opens()
    course.brings(asks("群链接发我"))
    assert f"马上通过：{first}" in course.said(WU) and "链接打不开" in str(course.server.sent(WU)[-1])
    course.brings(course.server.press(WU, "链接打不开", sender=updates.user(WU)))
    assert "换一个新的进群链接" in "".join(course.server.texts(WU))
    course.passes("2m")
    second = course.group.invite_link
    assert second != first and second in course.said(WU)
    # Nobody else is told anew, and who presses once more hears nothing twice.
    assert not [text for text in course.server.texts(HE) if "答疑群" in text]
    assert len(course.server.called("createChatInviteLink")) == 2
    course.asks(WU)
    course.brings(member_updates.joined(WU), asks())
    assert "您已经在" in course.said(WU)
    conserved(course.desk)


def test_at_night_and_while_telegram_makes_no_links(lone: Course) -> None:
    """They asked: no quiet hours; the order is tried again until Telegram makes one, and then it is told once."""
    lone.opens()
    night = lone.house.local(lone.house.clock.now()).replace(hour=23, minute=30) - lone.house.clock.now()
    lone.passes(f"{int(night / timedelta(minutes=1))}m")
    lone.brings(asks())
    before = len(lone.server.texts(WU))
    lone.server.fail(errors.broken(), on="createChatInviteLink", times=2)
    lone.brings(asks("链接打不开"), asks("我要进群"), asks("链接打不开"))
    lone.passes("5m")
    lone.passes("5m")
    told = [text for text in lone.server.texts(WU)[before:] if lone.group.invite_link in text]
    assert len(told) == 1 and len(lone.server.state.invites) == 2
    conserved(lone.desk)


def test_strangers_absentees_and_early_ones_hear_what_they_can_do(lone: Course) -> None:
    lone.brings(asks())
    assert "结束后会自动" in lone.said(WU)
    lone.opens()
    lone.brings(asks(account=STRANGER))
    assert "没有找到您的报名" in lone.said(STRANGER) and "绑定手机" in lone.said(STRANGER)
    lone.brings(asks(account=HE))
    assert "签到里没有您" in lone.said(HE)
    assert lone.group.invite_link not in lone.said(STRANGER) + lone.said(HE)


def test_after_the_last_day_and_while_nobody_has_made_the_group(lone: Course) -> None:
    lone.held()
    lone.brings(asks("怎么进答疑群？"))
    assert "还没有建好" in lone.said(WU)
    lone.brings(member_updates.added(by=700100))
    lone.days(16)
    lone.brings(asks())
    assert lone.group.state == "closed" and "结束" in lone.said(WU)
    assert lone.desk.rows(GroupMember)[0].state == "invited"


def test_who_was_put_out_gets_no_link(lone: Course) -> None:
    link = lone.opens()
    with lone.house.database.session() as session:
        session.execute(update(GroupMember).values(state="removed"))
        session.commit()
    lone.brings(asks())
    assert "已被移出" in lone.said(WU) and link not in lone.said(WU)


def test_by_the_button_of_the_training_menu(lone: Course) -> None:
    link = lone.opens()
    lone.brings(asks("报名培训"))
    lone.brings(lone.server.press(WU, "进答疑群", sender=updates.user(WU)))
    assert link in lone.said(WU)


@pytest.mark.parametrize(
    "words", ["群晖打不开怎么办", "我加的那个群众演员群里有人说电视坏了，你们管不管这种事情啊请问"]
)
def test_other_words_are_no_wish(lone: Course, words: str) -> None:
    link = lone.opens()
    lone.brings(asks(words))
    assert link not in lone.said(WU)


def test_a_group_before_its_session_is_prepared_and_invites_at_the_end(course: Course) -> None:
    """The trainer makes it the day before; nobody hears of it until the session is over."""
    from core.groups.prepare import CannotPrepare, prepare
    from core.training.model import TrainingSession

    def prepares(channel: str) -> None:
        with course.house.database.session() as session:
            training = session.get_one(TrainingSession, course.training)
            prepare(session, course.house, training, channel, at=course.house.clock.now())
            session.commit()

    prepares("telegram")
    prepares("telegram")  # twice is once
    with pytest.raises(CannotPrepare):
        prepares("carrier_pigeon")
    assert len(course.desk.rows(QaGroup)) == 1
    course.brings(member_updates.added(by=700100))
    assert course.group.state == "open" and course.group.invite_link
    assert not course.server.texts(WU) and not course.desk.rows(GroupMember)
    course.held()
    course.passes("1m")
    assert (
        course.group.invite_link in "".join(course.server.texts(WU)) and len(course.desk.rows(QaGroup)) == 1
    )
    with pytest.raises(CannotPrepare):
        prepares("web")
    assert [row.state for row in course.desk.rows(Enrolment)] == ["attended", "absent"]
    conserved(course.desk)

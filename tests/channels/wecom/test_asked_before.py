"""Nobody heard whether the owner of a group was asked: WeCom's list of broadcasts is looked at before he is asked again."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.wecom import asked_before as asking
from core.groups.confirm import CONFIRM, known, remember
from core.groups.model import QaGroup
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage, say
from core.training.model import TrainingSession
from tests.channels.wecom.lesson import OWNER, SUN, Class
from tests.providers import tencent
from tests.providers.wecom.server import WeComServer

ADD, LIST = "externalcontact/add_msg_template", "externalcontact/get_groupmsg_list_v2"
TEXT = "滤网每两周清洗一次。"
LOST, NEVER_CAME = tencent.dropped(effect=True), tencent.dropped(effect=False)


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real seconds that only the tests about them wait for."""
    monkeypatch.setattr(asking, "SETTLED", timedelta(0))


def said(lesson: Class, place: int = -1) -> OutboxMessage:
    spoken = OutboxMessage.channel == "wecom_group", OutboxMessage.text == TEXT
    return lesson.desk.rows(OutboxMessage, *spoken)[place]


def adopted(lesson: Class, wecom: WeComServer, place: int = -1) -> bool:
    """The owner was asked once more than before, and we know the number of it."""
    return known(said(lesson))["msgid"] == wecom.mass_messages[place].msgid


def test_what_wecom_took_is_found_again(lesson: Class, wecom: WeComServer) -> None:
    lesson.opens()
    wecom.fail(LOST, on=ADD, times=1)
    lesson.says(TEXT, key="a1")
    assert len(wecom.mass_messages) == 1 and adopted(lesson, wecom)
    state = known(said(lesson))
    assert state["state"] == "waiting" and {"since", "tried"}.isdisjoint(state)
    (looked,) = wecom.called(LIST)
    assert (looked["chat_type"], looked["filter_type"], looked["limit"]) == ("group", 0, 100)
    assert "creator" not in looked  # by it, nothing that a program made would be found
    assert (
        60 <= looked["end_time"] - looked["start_time"] < 120
    )  # the attempt was a moment ago, and clocks differ
    assert len(lesson.heard(SUN, "群发助手")) == 1


def test_the_list_is_behind(lesson: Class, wecom: WeComServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SETTLED", timedelta(minutes=5))
    monkeypatch.setattr(asking, "SHORTLY", 0.1)
    lesson.opens()
    wecom.fail(LOST, on=ADD, times=1)
    wecom.unlisted = 2
    lesson.says(TEXT, key="a1")
    assert len(wecom.mass_messages) == 1 and adopted(lesson, wecom) and len(wecom.called(LIST)) == 3


def test_what_never_came_is_asked_again(lesson: Class, wecom: WeComServer) -> None:
    lesson.opens()
    wecom.fail(NEVER_CAME, on=ADD, times=2)
    lesson.says(TEXT, key="a1")
    assert len(wecom.mass_messages) == 1 and adopted(lesson, wecom)
    assert (len(wecom.called(ADD)), len(wecom.called(LIST))) == (3, 2)


def test_who_was_told_no_is_not_looked_for(lesson: Class, wecom: WeComServer) -> None:
    lesson.opens()
    wecom.fail(41048, on=ADD, times=1)
    lesson.says(TEXT, key="a1")
    assert wecom.called(LIST) == [] and known(said(lesson)) == {"state": "by_hand", "why": "limit"}


@pytest.mark.parametrize("no", [40058, 60011])
def test_a_list_that_is_not_shown_to_us(lesson: Class, wecom: WeComServer, no: int) -> None:
    """Then rather twice than never."""
    lesson.opens()
    wecom.fail(LOST, on=ADD, times=1)
    wecom.fail(no, on=LIST)
    lesson.says(TEXT, key="a1")
    assert len(wecom.mass_messages) == 2 and adopted(lesson, wecom)


def test_a_list_that_is_away_is_waited_for(lesson: Class, wecom: WeComServer) -> None:
    lesson.opens()
    wecom.fail(LOST, on=ADD, times=1)
    wecom.fail(NEVER_CAME, on=LIST, times=1)
    wecom.fail(6000, on=LIST, times=1)  # busy
    lesson.says(TEXT, key="a1")
    assert len(wecom.mass_messages) == 1 and adopted(lesson, wecom) and len(wecom.called(LIST)) == 3


def test_the_same_words_of_others_are_not_ours(lesson: Class, wecom: WeComServer) -> None:
    chat = lesson.opens()
    wecom.hire(OWNER)
    wecom.writes(SUN, TEXT, chat)  # she made it herself
    wecom.writes(SUN, TEXT, chat, creator=OWNER)  # somebody in the administrator's pages
    others = wecom.writes(OWNER, TEXT, chat)  # another program, for another member
    others.creator, others.personal = "", False
    old, other = wecom.writes(SUN, TEXT, chat), wecom.writes(SUN, TEXT + "！", chat)
    for one in (old, other):
        one.creator, one.personal = "", False
    old.created -= 90
    wecom.fail(NEVER_CAME, on=ADD, times=1)
    lesson.says(TEXT, key="a1")
    assert len(wecom.mass_messages) == 6 and adopted(lesson, wecom)


def test_the_list_is_read_to_its_end(lesson: Class, wecom: WeComServer) -> None:
    chat = lesson.opens()
    for number in range(4):
        one = wecom.writes(SUN, f"别的话{number}", chat)
        one.creator, one.personal = "", False
    wecom.page = 2
    wecom.fail(LOST, on=ADD, times=1)
    lesson.says(f"{TEXT}\n", key="a1")  # WeCom may cut what is blank
    wecom.mass_messages[-1].text = TEXT
    assert len(wecom.mass_messages) == 5 and len(wecom.called(LIST)) == 3
    assert [call.get("cursor") for call in wecom.called(LIST)] == [None, "CURSOR_2", "CURSOR_4"]


def test_the_number_of_an_earlier_message_is_not_taken_for_this_one(
    lesson: Class, wecom: WeComServer
) -> None:
    lesson.opens()
    lesson.says(TEXT, key="a1")
    wecom.fail(NEVER_CAME, on=ADD, times=1)
    lesson.says(TEXT, key="a2")
    first, second = wecom.mass_messages
    assert [known(said(lesson, place))["msgid"] for place in (0, 1)] == [first.msgid, second.msgid]


@pytest.mark.parametrize("sent", [False, True])
def test_of_two_groups_that_wait_for_the_same_words_only_what_was_sent_tells(
    lesson: Class, wecom: WeComServer, sent: bool
) -> None:
    lesson.opens()
    _another_group_waits(lesson, "wrOther")
    wecom.fail(LOST, on=ADD, times=1)
    wecom.eager = sent
    lesson.says(TEXT, key="a1")
    assert len(wecom.mass_messages) == (1 if sent else 2) and adopted(lesson, wecom)


def test_a_month_is_the_most_that_is_asked_for(
    lesson: Class, wecom: WeComServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.wecom.asked_before.SETTLED", timedelta(0))
    lesson.opens()
    wecom.fail(NEVER_CAME, on=ADD, times=1)
    lesson.says(TEXT, key="a1")
    long_ago = datetime.now(UTC) - timedelta(days=45)
    with lesson.house.database.session() as session:
        row = session.get_one(OutboxMessage, said(lesson).id)
        row.extra = {**row.extra, CONFIRM: {"since": long_ago.isoformat(), "tried": long_ago.isoformat()}}
        row.status, row.receipt, row.ended_at, row.due_at = "pending", None, None, database_clock()
        session.commit()
    lesson.desk.front.outbox_bell.ring()
    lesson.desk.quiet()
    assert wecom.called(LIST)[-1]["end_time"] - wecom.called(LIST)[-1]["start_time"] == 28 * 24 * 3600


def test_a_group_that_cannot_be_sent_to_is_left_to_staff(lesson: Class, wecom: WeComServer) -> None:
    """WeCom takes the text and names the group in fail_list; what it says of other groups is not about ours."""
    chat = lesson.opens()
    wecom.left_out.add("wrSomebodyElses")
    lesson.says("先关机。", key="a1")
    assert len(wecom.mass_messages) == 1
    wecom.left_out.add(chat)
    lesson.says(TEXT, key="a2")
    assert known(said(lesson)) == {"state": "by_hand", "why": "left_out"}
    assert said(lesson).receipt == "by hand" and TEXT in lesson.heard(SUN, "不能代发")[0]


def _another_group_waits(lesson: Class, chat: str) -> None:
    """Another session's group, with the same words, of which nobody knows either whether its owner was asked."""
    with lesson.house.database.session() as session:
        mine, at = session.get_one(TrainingSession, lesson.number), lesson.house.clock.now()
        kept = ("course_id", "starts_at", "ends_at", "lessons", "lesson_minutes", "break_minutes", "seats")
        values = {name: getattr(mine, name) for name in (*kept, "place", "category", "created_at")}
        other = TrainingSession(code="PX4822", state="held", **values)
        session.add(other)
        session.flush()
        day = {"opens_on": lesson.group.opens_on, "ends_on": lesson.group.ends_on}
        group = QaGroup(session_id=other.id, channel="wecom", token="other", created_at=at, **day)
        group.state, group.external_id, group.account = "open", chat, lesson.group.account
        group.changed_at = at
        session.add(group)
        session.flush()
        row = say(
            session, at=at, channel="wecom_group", account=group.account, recipient=chat, text=TEXT,
            extra={"group": group.id},
        )  # fmt: skip
        assert row is not None
        row.status, row.ended_at = "dead", at
        remember(row, since=datetime.now(UTC).isoformat(), tried=datetime.now(UTC).isoformat())
        session.commit()

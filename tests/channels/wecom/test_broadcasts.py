"""The calls about broadcasts with the real client: a text is put to a group's owner, and read back."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.wecom.broadcasts import (
    DELIVERED,
    HAD_ITS_FILL,
    NOBODY_TO_SEND_TO,
    UNKNOWN_MSGID,
    Broadcasts,
    Result,
    Task,
)
from bot.wecom.customer_groups import CustomerGroups
from bot.wecom.errors import Failed
from bot.wecom.read_back import Asked, read_back
from core.database import Database
from core.groups.confirmed import Outcome
from core.messaging.channel import Later
from tests.channels.wecom.test_channel import api_on
from tests.providers import tencent
from tests.providers.record import Trouble
from tests.providers.wecom import events
from tests.providers.wecom.server import WeComServer

ZHAO, LI = events.ZHAO, events.LI
TASK, RESULT = "externalcontact/get_groupmsg_task", "externalcontact/get_groupmsg_send_result"


class Office:
    """What we ask of broadcasts and groups, and one group of 赵经理's to which a text was put."""

    def __init__(self, wecom: WeComServer, database: Database) -> None:
        api = api_on(wecom, database)
        self.broadcasts, self.groups = Broadcasts(api), CustomerGroups(api)
        wecom.hire(LI, ZHAO)
        self.chat = str(wecom.opens_group(ZHAO)["ChatId"])
        self.msgid = self.broadcasts.ask_owner_to_post(owner=ZHAO, chat_id=self.chat, text="答：先清洗滤网")

    def looks(self, *, patient: bool = False, owner: str = ZHAO) -> Outcome:
        return read_back(self.broadcasts, self.groups, Asked(self.msgid, owner, self.chat, patient=patient))


@pytest.fixture
def office(wecom: WeComServer, sqlite_url: str) -> Iterator[Office]:
    database = Database(sqlite_url)
    yield Office(wecom, database)
    database.close()


def test_the_owner_must_confirm_what_is_posted(wecom: WeComServer, office: Office) -> None:
    assert wecom.texts(office.chat) == []
    assert office.broadcasts.task(office.msgid, ZHAO) == Task(touched=False, at=None)
    assert office.broadcasts.result(office.msgid, ZHAO, office.chat) is None
    wecom.confirms(office.msgid)
    assert wecom.texts(office.chat) == ["答：先清洗滤网"]
    task = office.broadcasts.task(office.msgid, ZHAO.lower())  # WeCom does not tell them apart
    assert task and task.touched and task.at
    assert abs((task.at - datetime.now(UTC)).total_seconds()) < 60
    assert office.broadcasts.result(office.msgid, ZHAO, office.chat) == Result(DELIVERED, task.at)
    with pytest.raises(Failed) as refused:
        office.broadcasts.ask_owner_to_post(owner=LI, chat_id=office.chat, text="不是群主")
    assert refused.value.code == NOBODY_TO_SEND_TO


def test_lists_of_many_pages_are_read_to_the_end_and_no_cursor_for_ever(
    wecom: WeComServer, office: Office
) -> None:
    wecom.asked_along = [f"Staff{number}" for number in range(5)]
    wecom.hire(*wecom.asked_along)
    wecom.page = 2
    wecom.confirms(office.msgid)
    task = office.broadcasts.task(office.msgid, ZHAO)
    assert task and task.touched
    asked = wecom.called(TASK)
    assert [call.get("cursor") for call in asked] == [None, "CURSOR_2", "CURSOR_4"] and asked[0][
        "limit"
    ] == 1000
    again = {"errcode": 0, "errmsg": "ok", "task_list": [], "next_cursor": "CURSOR_2"}
    wecom.fail(tencent.Trouble(again), on=TASK)
    assert office.broadcasts.task(office.msgid, ZHAO) is None


def test_what_became_of_it(wecom: WeComServer, office: Office) -> None:
    assert office.looks() == Outcome("waiting")
    wecom.confirms(office.msgid, full=(office.chat,))
    assert office.broadcasts.result(office.msgid, ZHAO, office.chat) == Result(HAD_ITS_FILL, None)
    assert office.looks() == Outcome("failed", why="limit")
    wecom.confirms(office.msgid)
    found = office.looks()
    assert found.state == "sent" and found.at and not found.why


@pytest.mark.parametrize(("status", "touched"), [(0, False), (1, True), (2, True)])
def test_a_task_is_touched_by_the_number_of_either_age(
    wecom: WeComServer, office: Office, status: int, touched: bool
) -> None:
    """1 was told until 2021, 2 is told since."""
    listed = [{"userid": ZHAO, "status": status}]
    wecom.fail(Trouble(answer=told(task_list=listed)), on=TASK, times=1)
    task = office.broadcasts.task(office.msgid, ZHAO)
    assert task is not None and task.touched is touched


def test_what_came_of_it_in_another_group_is_not_ours(wecom: WeComServer, office: Office) -> None:
    wecom.confirms(office.msgid)
    others = {"chat_id": "wrSomebodyElses", "userid": ZHAO, "status": HAD_ITS_FILL}
    ours = {"chat_id": office.chat, "userid": ZHAO, "status": DELIVERED}
    for listed in ([others, ours], [ours, others]):
        wecom.fail(Trouble(answer=told(send_list=listed)), on=RESULT, times=1)
        assert office.looks().state == "sent"
    wecom.fail(Trouble(answer=told(send_list=[others])), on=RESULT, times=1)
    assert office.broadcasts.result(office.msgid, ZHAO, office.chat) is None


def test_sent_without_a_time_in_the_group_has_that_of_the_task(wecom: WeComServer, office: Office) -> None:
    wecom.confirms(office.msgid)
    (message,) = wecom.mass_messages
    ours = {"chat_id": office.chat, "userid": ZHAO, "status": DELIVERED}
    wecom.fail(Trouble(answer=told(send_list=[ours])), on=RESULT, times=1)
    found = office.looks()
    assert found.at is not None and int(found.at.timestamp()) == int(message.sent_at or 0)


@pytest.mark.parametrize("code", [40003, 60011, 60111])
def test_an_owner_out_of_sight_is_not_shown_by_whichever_number(
    wecom: WeComServer, office: Office, code: int
) -> None:
    wecom.fail(code, on=TASK, times=1)
    assert office.looks() == Outcome("failed", why="owner_unseen")


def test_the_owner_is_the_same_however_the_name_is_written(wecom: WeComServer, office: Office) -> None:
    assert office.looks(owner=ZHAO.swapcase()) == Outcome("waiting")


def told(**listed: object) -> dict[str, object]:
    return {"errcode": 0, "errmsg": "ok", **listed}


def test_what_can_no_longer_come_there(wecom: WeComServer, office: Office) -> None:
    wecom.hands_over(office.chat, LI)
    assert office.looks() == Outcome("failed", why="owner_changed")
    wecom.hands_over(office.chat, ZHAO)
    wecom.quits(ZHAO)
    assert office.looks() == Outcome("failed", why="owner_unseen")
    wecom.dismisses(office.chat)
    assert office.looks() == Outcome("failed", why="deleted")


def test_sent_to_a_group_that_is_his_no_more_or_by_who_has_left_meanwhile(
    wecom: WeComServer, office: Office
) -> None:
    wecom.hands_over(office.chat, LI)
    wecom.confirms(office.msgid)  # touched, and nothing came of it
    with pytest.raises(Later):  # what was done a moment ago may not be shown yet
        office.looks(patient=True)
    assert office.looks() == Outcome("failed", why="not_in_group")
    wecom.fail(40003, on=RESULT, times=1)  # left between the two calls
    assert office.looks() == Outcome("failed", why="owner_changed")


def test_a_number_that_wecom_does_not_know(wecom: WeComServer, office: Office) -> None:
    office.msgid = "msgNobodys"
    with pytest.raises(Failed) as unknown:
        office.broadcasts.task(office.msgid, ZHAO)
    assert unknown.value.code == UNKNOWN_MSGID
    with pytest.raises(Later):
        office.looks(patient=True)
    assert office.looks() == Outcome("failed", why="forgotten")


def test_no_answer_is_no_outcome(wecom: WeComServer, office: Office) -> None:
    wecom.confirms(office.msgid)
    for trouble in (tencent.dropped(), tencent.server_error()):
        for method in (TASK, RESULT):
            wecom.fail(trouble, on=method, times=1)
            with pytest.raises(Later):
                office.looks()
    wecom.fail(48002, on=TASK, times=1)
    with pytest.raises(Failed, match="48002"):
        office.looks()
    assert office.looks().state == "sent"

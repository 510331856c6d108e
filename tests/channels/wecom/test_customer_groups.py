"""The calls about customer groups with the real client, against a server that answers as WeCom does."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.wecom.customer_groups import CustomerGroups
from bot.wecom.errors import Failed
from core.database import Database
from core.messaging.channel import Later
from tests.channels.wecom.test_channel import api_on
from tests.providers import tencent
from tests.providers.wecom import events
from tests.providers.wecom.server import WeComServer

ZHAO, LI = events.ZHAO, events.LI
WANG, CHEN = "wmWang", "wmChen"


@pytest.fixture
def groups(wecom: WeComServer, sqlite_url: str) -> Iterator[CustomerGroups]:
    wecom.hire(LI, ZHAO)
    database = Database(sqlite_url)
    yield CustomerGroups(api_on(wecom, database))
    database.close()


def open_group(wecom: WeComServer, owner: str = ZHAO) -> str:
    return str(wecom.opens_group(owner)["ChatId"])


def test_a_join_way_from_its_making_to_its_end(wecom: WeComServer, groups: CustomerGroups) -> None:
    first, second = open_group(wecom), open_group(wecom)
    config = groups.add_join_way(chat_ids=[first], state="PX4821", remark="空调培训" * 9)
    way = groups.join_way(config)
    assert way and way.state == "PX4821" and way.chat_ids == (first,)
    assert way.qr_code.startswith("https://wework.qpic.cn/")
    (asked,) = wecom.called("externalcontact/groupchat/add_join_way")
    assert asked["scene"] == 2 and asked["auto_create_room"] == 0 and len(asked["remark"]) == 30
    groups.update_join_way(config, chat_ids=[first, second], state="PX4821", remark="空调培训")
    changed = groups.join_way(config)
    assert changed and changed.chat_ids == (first, second) and changed.qr_code == way.qr_code
    assert groups.del_join_way(config) is True
    assert groups.join_way(config) is None and groups.del_join_way(config) is False
    assert wecom.scans(way.qr_code, WANG) is None


def test_what_no_join_way_can_be(wecom: WeComServer, groups: CustomerGroups) -> None:
    chat = open_group(wecom)
    for chats, state in (([], "s"), ([chat] * 6, "s"), ([chat], "s" * 31)):
        with pytest.raises(ValueError):
            groups.add_join_way(chat_ids=chats, state=state, remark="")
    with pytest.raises(Failed) as unknown:
        groups.add_join_way(chat_ids=["wrNobodys"], state="s", remark="r")
    assert unknown.value.code == 40050
    with pytest.raises(Failed):
        groups.update_join_way("0" * 32, chat_ids=[chat], state="s", remark="r")


def test_who_is_in_a_group(wecom: WeComServer, groups: CustomerGroups) -> None:
    chat = open_group(wecom)
    way = groups.join_way(groups.add_join_way(chat_ids=[chat], state="PX4821", remark="r"))
    assert way
    wecom.scans(way.qr_code, WANG, "王芳")
    wecom.is_invited(chat, CHEN, by=WANG)
    group = groups.group(chat)
    assert group and group.owner == ZHAO and group.staff == (ZHAO,)
    wang, chen = group.people
    assert (wang.external_userid, wang.name, wang.state, wang.invited_by) == (WANG, "王芳", "PX4821", None)
    assert (chen.external_userid, chen.state, chen.invited_by) == (CHEN, None, WANG)
    assert abs((wang.joined_at - datetime.now(UTC)).total_seconds()) < 60
    assert wecom.scans(way.qr_code, WANG) is None  # twice changes nothing
    wecom.dismisses(chat)
    assert groups.group(chat) is None and wecom.scans(way.qr_code, "wmLate") is None


def test_a_version_tells_whether_the_list_is_new(wecom: WeComServer, groups: CustomerGroups) -> None:
    chat = open_group(wecom)
    joined = wecom.is_invited(chat, CHEN, by=ZHAO)
    wecom.groups[chat].lag = 1
    old, new = groups.group(chat), groups.group(chat)
    assert old and new and (old.people, len(new.people)) == ((), 1)
    assert old.version != joined["CurMemVer"] == new.version


def test_the_list_has_pages_and_asks_for_a_hundred_owners_at_a_time(
    wecom: WeComServer, groups: CustomerGroups
) -> None:
    owners = [f"Staff{number}" for number in range(150)]
    wecom.hire(*owners)
    chats = [open_group(wecom, owner) for owner in (owners[0], owners[0], owners[0], owners[120])]
    open_group(wecom, ZHAO)
    wecom.page = 2
    assert sorted(groups.chat_ids(owners)) == sorted(chats)
    asked = wecom.called("externalcontact/groupchat/list")
    assert [len(call["owner_filter"]["userid_list"]) for call in asked] == [100, 100, 50]


def test_trouble_is_later_and_a_stale_token_is_fetched_once(
    wecom: WeComServer, groups: CustomerGroups
) -> None:
    chat = open_group(wecom)
    wecom.fail(tencent.dropped(), on="externalcontact/groupchat/get", times=1)
    with pytest.raises(Later):
        groups.group(chat)
    assert groups.group(chat)
    wecom.tokens.revoke()
    assert groups.group(chat) and len(wecom.called("gettoken")) == 2
    wecom.fail(48002, on="externalcontact/groupchat/get", times=1)
    with pytest.raises(Failed, match="48002"):
        groups.group(chat)

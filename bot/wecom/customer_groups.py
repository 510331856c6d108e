"""Customer groups 客户群: what may be asked of WeCom about them (…/document/path/92229, 92120, 92122).

WeCom can neither make a group nor turn anybody away: a member of staff opens the group, customers scan a join way.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.wecom.api import WeComApi
from bot.wecom.errors import LATER, Failed

QR_CODE = 2  # scene: scanned, not a button in a mini program
MOST_GROUPS, MOST_STATE, MOST_REMARK = 5, 30, 30  # of one join way; characters
MOST_OWNERS, PAGE = 100, 1000
EXTERNAL = 2
GONE_GROUP, BAD_PARAMETER = (40050, 90501), 40058
_GROUP = "externalcontact/groupchat/"


@dataclass(frozen=True)
class JoinWay:
    """``qr_code`` is the address of the picture that customers scan."""

    config_id: str
    qr_code: str
    state: str
    chat_ids: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """A customer in a group. ``state`` is of the join way they scanned; a group's own QR code or an invitation has none."""

    external_userid: str
    name: str | None
    nickname: str | None
    state: str | None
    unionid: str | None
    joined_at: datetime
    invited_by: str | None


@dataclass(frozen=True)
class CustomerGroup:
    """``version`` changes with its members; ``staff`` are the userids of colleagues in it."""

    chat_id: str
    name: str
    owner: str
    created_at: datetime
    version: str
    people: tuple[Person, ...]
    staff: tuple[str, ...]


class CustomerGroups:
    """Every call raises Failed with WeCom's number, or Later when there was no answer."""

    def __init__(self, api: WeComApi) -> None:
        self._api = api

    def add_join_way(self, *, chat_ids: Sequence[str], state: str, remark: str) -> str:
        """The config id, which WeCom shows nowhere again: keep it."""
        return str(self._api.call(f"{_GROUP}add_join_way", _way(chat_ids, state, remark))["config_id"])

    def join_way(self, config_id: str) -> JoinWay | None:
        """None when it is deleted."""
        try:
            told = self._api.call(f"{_GROUP}get_join_way", {"config_id": config_id})["join_way"]
        except Failed as failed:
            return _unless(failed, lambda code: code == BAD_PARAMETER)
        chats = tuple(str(chat) for chat in told.get("chat_id_list") or ())
        return JoinWay(config_id, _secure(told.get("qr_code") or ""), str(told.get("state") or ""), chats)

    def update_join_way(
        self,
        config_id: str,
        *,
        chat_ids: Sequence[str],
        state: str,
        remark: str,
    ) -> None:
        """Everything is told anew: what is left out is lost."""
        way = _way(chat_ids, state, remark)
        self._api.call(f"{_GROUP}update_join_way", {"config_id": config_id, **way})

    def del_join_way(self, config_id: str) -> bool:
        """From now on its picture leads nowhere. False: it was gone already."""
        try:
            self._api.call(f"{_GROUP}del_join_way", {"config_id": config_id})
        except Failed as failed:
            # With which number a deleted one is refused is not documented; what passes, we know.
            _unless(failed, lambda code: code not in LATER)
            return False
        return True

    def chat_ids(self, owners: Sequence[str]) -> Iterator[str]:
        """The groups of these members of staff. All owners at once is refused where more than 1000 are in sight (81017)."""
        for start in range(0, len(owners), MOST_OWNERS):
            yield from self._pages({"userid_list": list(owners[start : start + MOST_OWNERS])})

    def group(self, chat_id: str) -> CustomerGroup | None:
        """None when it is dismissed. WeCom may answer with what was before the event that made us ask: see ``version``."""
        try:
            told = self._api.call(f"{_GROUP}get", {"chat_id": chat_id, "need_name": 1})["group_chat"]
        except Failed as failed:
            return _unless(failed, lambda code: code in GONE_GROUP)
        members = told.get("member_list") or []
        return CustomerGroup(
            chat_id=str(told["chat_id"]),
            name=str(told.get("name") or ""),
            owner=str(told.get("owner") or ""),
            created_at=_moment(told.get("create_time")),
            version=str(told.get("member_version") or ""),
            people=tuple(_person(member) for member in members if member.get("type") == EXTERNAL),
            staff=tuple(str(member["userid"]) for member in members if member.get("type") != EXTERNAL),
        )

    def _pages(self, owner_filter: dict[str, Any]) -> Iterator[str]:
        cursor = ""
        while True:
            body = {"status_filter": 0, "owner_filter": owner_filter, "limit": PAGE}
            answer = self._api.call(f"{_GROUP}list", body | ({"cursor": cursor} if cursor else {}))
            yield from (str(one["chat_id"]) for one in answer.get("group_chat_list") or ())
            cursor = str(answer.get("next_cursor") or "")
            if not cursor:
                return


def _way(chat_ids: Sequence[str], state: str, remark: str) -> dict[str, Any]:
    if not 1 <= len(chat_ids) <= MOST_GROUPS or len(state) > MOST_STATE:
        raise ValueError("a join way has one to five groups and a state of at most 30 characters")
    return {
        "scene": QR_CODE,
        "remark": remark[:MOST_REMARK],
        "auto_create_room": 0,  # a group that makes itself would be none of ours
        "chat_id_list": list(chat_ids),
        "state": state,
    }


def _person(member: dict[str, Any]) -> Person:
    return Person(
        external_userid=str(member["userid"]),
        name=member.get("name") or None,
        nickname=member.get("group_nickname") or None,
        state=member.get("state") or None,
        unionid=member.get("unionid") or None,
        joined_at=_moment(member.get("join_time")),
        invited_by=(member.get("invitor") or {}).get("userid") or None,
    )


def _secure(address: str) -> str:
    """The documentation's examples are plain http; a page of ours may not show such a picture."""
    return address.replace("http://", "https://", 1)


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds or 0), UTC)


def _unless(failed: Failed, gone: Callable[[int], bool]) -> None:
    if not gone(failed.code):
        raise failed

"""Broadcasts 群发: a text that a group's owner is asked to send, and what came of it (…/document/path/92135, 93338)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.wecom.api import WeComApi

NOBODY_TO_SEND_TO, UNKNOWN_MSGID = 41048, 41047
PAGE = 1000  # the most; who asks for more gets 500
RECORDS = 100  # the most of the list of all; who asks for more gets 50
MONTH = timedelta(days=28)  # of that list, at one time: "a month", and February is one
BY_COMPANY = 0  # filter_type: not what members made themselves
TOUCHED = 1  # a task from here on: the owner has touched 发送 (1 was told until 2021, 2 is told since)
DELIVERED, NO_FRIEND, HAD_ITS_FILL = (
    1,
    2,
    3,
)  # in one group; a group that was not chosen yet is not listed at all
_OF = "externalcontact/"


@dataclass(frozen=True)
class Task:
    """What one member was asked to do. ``at`` is None until it is done."""

    touched: bool
    at: datetime | None


@dataclass(frozen=True)
class Result:
    """What came of it in one group."""

    status: int
    at: datetime | None


@dataclass(frozen=True)
class Record:
    """What was put to somebody, by a program of the company. To whom, and for which groups, is not said."""

    msgid: str
    text: str


class LeftOut(Exception):
    """WeCom took the text, but names the group among those that it cannot be sent to (fail_list)."""


class Broadcasts:
    """Every call raises Failed with WeCom's number, or Later when there was no answer."""

    def __init__(self, api: WeComApi) -> None:
        self._api = api

    def ask_owner_to_post(self, *, owner: str, chat_id: str, text: str) -> str:
        """A message that the owner must confirm on the phone before it appears in the group; returns WeCom's msgid.

        A group takes as many a month as the month has days, from the whole company (…/document/path/92135).
        Raises Failed NOBODY_TO_SEND_TO when the group had its fill, or is another owner's; LeftOut.
        """
        body = {"chat_type": "group", "sender": owner, "chat_id_list": [chat_id], "text": {"content": text}}
        answer = self._api.call(f"{_OF}add_msg_template", body)
        if chat_id in (answer.get("fail_list") or ()):
            raise LeftOut(chat_id)
        return str(answer.get("msgid") or "")

    def task(self, msgid: str, owner: str) -> Task | None:
        """None: it is not shown, for the owner is out of the app's sight. Failed UNKNOWN_MSGID."""
        for one in self._pages("get_groupmsg_task", {"msgid": msgid}, "task_list"):
            if _same(one.get("userid"), owner):
                return Task(int(one.get("status") or 0) >= TOUCHED, _moment(one.get("send_time")))
        return None

    def result(self, msgid: str, owner: str, chat_id: str) -> Result | None:
        """None: nothing of it is known in this group."""
        asked = {"msgid": msgid, "userid": owner}
        for one in self._pages("get_groupmsg_send_result", asked, "send_list"):
            if one.get("chat_id") == chat_id:
                return Result(int(one.get("status") or 0), _moment(one.get("send_time")))
        return None

    def records(self, since: datetime, until: datetime) -> Iterator[Record]:
        """What was put to owners of groups in this time, which is cut to its last month (…/document/path/93338)."""
        start, end = max(since, until - MONTH), until
        when = {"start_time": int(start.timestamp()), "end_time": int(end.timestamp())}
        wanted = {"chat_type": "group", "filter_type": BY_COMPANY, **when}
        for one in self._pages("get_groupmsg_list_v2", wanted, "group_msg_list", RECORDS):
            if not one.get("creator"):  # which is told of what a person made, and not of what a program did
                yield Record(str(one.get("msgid") or ""), str((one.get("text") or {}).get("content") or ""))

    def _pages(
        self, method: str, body: dict[str, Any], name: str, page: int = PAGE
    ) -> Iterator[dict[str, Any]]:
        cursor, seen = "", set[str]()
        while cursor not in seen:  # a cursor that leads back would never end
            seen.add(cursor)
            more = {"cursor": cursor} if cursor else {}
            answer = self._api.call(f"{_OF}{method}", body | {"limit": page} | more)
            yield from answer.get(name) or ()
            cursor = str(answer.get("next_cursor") or "")
            if not cursor:
                return


def _same(userid: Any, owner: str) -> bool:
    """WeCom does not tell LiGong from ligong."""
    return str(userid or "").lower() == owner.lower()


def _moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None

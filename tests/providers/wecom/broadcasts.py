"""Broadcasts 群发: the API's side (…/document/path/92135, 93338). Who touches 发送 is in crowd.py."""

import itertools
from typing import TYPE_CHECKING, Any

from tests.providers.record import Call
from tests.providers.tencent import Refused, need, wrong
from tests.providers.wecom.people import Group, MassMessage

if TYPE_CHECKING:
    from tests.providers.wecom.server import WeComServer

USUAL, MOST = 500, 1000  # who asks for more than the most gets as many as usual
RECORDS_USUAL, RECORDS_MOST = 50, 100  # of the list of all
MONTH = 31 * 24 * 3600
BY_COMPANY, PERSONAL, BOTH = 0, 1, 2  # filter_type
UNTOUCHED, SENT = 0, 2  # of a task
_msgids = itertools.count(1)


def add_msg_template(server: "WeComServer", call: Call) -> dict[str, Any]:
    """Nothing is sent by it: the owner is asked to, and does it with ``WeComServer.confirms``."""
    optional = ("chat_id_list", "external_userid", "allow_select", "attachments", "text", "tag_filter")
    need(call.params, 40058, "chat_type", "sender", optional=optional)
    text = call.params.get("text", {}).get("content", "")
    if call.params["chat_type"] != "group":
        raise wrong(40058, "only messages to groups are known here")
    if not text.strip() or len(text.encode()) > 4000:
        raise wrong(40058, "invalid Request Parameter: text")
    if call.params["sender"] not in server.members:
        raise Refused(40003)
    wanted = call.params.get("chat_id_list", [])
    owned = [chat for chat in wanted if _owner(server, chat) == call.params["sender"]]
    if not owned:
        raise Refused(41048)
    takes = [chat for chat in owned if chat not in server.left_out]
    message = MassMessage(new_msgid(), call.params["sender"], takes, text, created=server.now())
    server.mass_messages.append(message)
    if server.eager:
        server.confirms(message.msgid)
    return {"fail_list": [chat for chat in wanted if chat not in takes], "msgid": message.msgid}


def new_msgid() -> str:
    return f"msgGC{next(_msgids):08d}"


def list_all(server: "WeComServer", call: Call) -> dict[str, Any]:
    """Of what a program made, no creator is told; nowhere, which groups it is for."""
    optional = ("creator", "filter_type", "limit", "cursor")
    need(call.params, 40058, "chat_type", "start_time", "end_time", optional=optional)
    start, end = call.params["start_time"], call.params["end_time"]
    kind = call.params.get("filter_type", BOTH)
    if call.params["chat_type"] not in ("single", "group") or kind not in (BY_COMPANY, PERSONAL, BOTH):
        raise wrong(40058, "invalid Request Parameter: chat_type or filter_type")
    if type(start) is not int or type(end) is not int or not 0 <= end - start <= MONTH:
        raise wrong(40058, "invalid Request Parameter: at most a month, in seconds")
    if server.unlisted > 0:
        server.unlisted -= 1
        return {"group_msg_list": [], "next_cursor": ""}
    told = [
        _record(one)
        for one in server.mass_messages
        if start <= int(one.created) <= end
        and kind in (BOTH, PERSONAL if one.personal else BY_COMPANY)
        and call.params.get("creator") in (None, one.creator)
    ]
    shown = told if call.params["chat_type"] == "group" else []
    return _page(server, call, "group_msg_list", shown, RECORDS_USUAL, RECORDS_MOST)


def _record(message: MassMessage) -> dict[str, Any]:
    told = {"msgid": message.msgid, "create_time": str(int(message.created)), "attachments": []}
    told |= {"create_type": PERSONAL if message.personal else BY_COMPANY, "text": {"content": message.text}}
    return told | ({"creator": message.creator} if message.creator else {})


def get_task(server: "WeComServer", call: Call) -> dict[str, Any]:
    """Whether those who were asked have touched 发送. Who is out of the app's sight, for having left say, is not listed."""
    need(call.params, 40058, "msgid", optional=("limit", "cursor"))
    message = _known(server, call)
    listed = [{"userid": userid, "status": UNTOUCHED} for userid in server.asked_along]
    listed.append({"userid": message.sender, "status": SENT if message.sent_at else UNTOUCHED})
    if message.sent_at:
        listed[-1]["send_time"] = int(message.sent_at)
    seen = [one for one in listed if one["userid"] in server.members]
    return _page(server, call, "task_list", seen)


def get_send_result(server: "WeComServer", call: Call) -> dict[str, Any]:
    """Of a group only what was sent is listed; ``external_userid`` is for customers alone."""
    need(call.params, 40058, "msgid", "userid", optional=("limit", "cursor"))
    message = _known(server, call)
    if call.params["userid"] not in server.members:
        raise Refused(40003)  # that it is refused, we know; with which number, we do not
    mine = call.params["userid"] == message.sender
    told = [_result(message, chat, status) for chat, status in message.results.items()] if mine else []
    return _page(server, call, "send_list", told)


def _result(message: MassMessage, chat: str, status: int) -> dict[str, Any]:
    told = {"chat_id": chat, "userid": message.sender, "status": status}
    return told | ({"send_time": int(message.sent_at)} if status == 1 else {})


def _known(server: "WeComServer", call: Call) -> MassMessage:
    found = [one for one in server.mass_messages if one.msgid == call.params["msgid"]]
    if not found:
        raise Refused(41047)
    return found[0]


def _page(
    server: "WeComServer",
    call: Call,
    name: str,
    told: list[dict[str, Any]],
    usual: int = USUAL,
    most: int = MOST,
) -> dict[str, Any]:
    limit, cursor = call.params.get("limit", usual), call.params.get("cursor", "")
    if not isinstance(limit, int) or limit < 1:
        raise wrong(40058, "invalid Request Parameter: limit")
    if cursor and cursor not in server.cursors:
        raise wrong(40058, "invalid Request Parameter: cursor")
    start = server.cursors.get(cursor, 0)
    end = start + min(limit if limit <= most else usual, server.page)
    return {name: told[start:end], "next_cursor": server.cursor(end) if end < len(told) else ""}


def _owner(server: "WeComServer", chat_id: str) -> str | None:
    group: Group | None = server.groups.get(chat_id)
    return group.owner if group else None

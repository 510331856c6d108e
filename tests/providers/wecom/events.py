"""Messages and events as WeCom sends them; `sender.send(events.text("…"))`."""

import itertools
import time
from typing import Any

from tests.providers.envelope import Fields

LI = "LiGong"  # 李工, the technician of the stories
ZHAO = "ZhaoJingLi"  # 赵经理, the head
CORP = "ww0123456789abcdef"
AGENT = 1000002
_numbers = itertools.count(7_000_000_000_000_001)


def head(kind: str, userid: str) -> Fields:
    return {"ToUserName": CORP, "FromUserName": userid, "CreateTime": int(time.time()), "MsgType": kind}


def message(kind: str, userid: str = LI, agent: int = AGENT, **content: Any) -> Fields:
    return head(kind, userid) | content | {"MsgId": next(_numbers), "AgentID": agent}


def event(name: str, userid: str = LI, agent: int = AGENT, **content: Any) -> Fields:
    return head("event", userid) | {"Event": name} | content | {"AgentID": agent}


def text(words: str, userid: str = LI) -> Fields:
    return message("text", userid, Content=words)


def image(media_id: str = "media-image", userid: str = LI) -> Fields:
    return message("image", userid, PicUrl="https://wework.qpic.cn/local/0", MediaId=media_id)


def voice(media_id: str = "media-voice", userid: str = LI) -> Fields:
    return message("voice", userid, MediaId=media_id, Format="amr")


def location(latitude: float = 30.657, longitude: float = 104.066, userid: str = LI) -> Fields:
    place = {"Location_X": str(latitude), "Location_Y": str(longitude), "Scale": 16, "Label": ""}
    return message("location", userid, **place)


def enter_agent(userid: str = LI) -> Fields:
    return event("enter_agent", userid, EventKey="")


def subscribe(userid: str = LI) -> Fields:
    """A member was put within the app's reach."""
    return event("subscribe", userid)


def card_click(
    userid: str,
    task_id: str,
    key: str,
    response_code: str,
    card_type: str = "button_interaction",
    agent: int = AGENT,
) -> Fields:
    """`WeComServer.press` makes one with a valid response code."""
    content = {"EventKey": key, "TaskId": task_id, "CardType": card_type, "ResponseCode": response_code}
    return event("template_card_event", userid, agent, **content)


def group_changed(chat_id: str, detail: str, **more: Any) -> Fields:
    """``change_external_chat`` of a group that goes on (…/document/path/92130)."""
    return _of_group(chat_id, "update") | {"UpdateDetail": detail} | more


def joined_group(
    chat_id: str, member: str = "", before: str = "", after: str = "", *, scene: int = 3
) -> Fields:
    """Somebody joined; who, is only told since 2024, so ``member`` may be missing."""
    return group_changed(chat_id, "add_member", JoinScene=scene, **_members(member, before, after))


def left_group(
    chat_id: str, member: str = "", before: str = "", after: str = "", *, scene: int = 0
) -> Fields:
    return group_changed(chat_id, "del_member", QuitScene=scene, **_members(member, before, after))


def group_created(chat_id: str) -> Fields:
    return _of_group(chat_id, "create")


def group_dismissed(chat_id: str) -> Fields:
    return _of_group(chat_id, "dismiss")


def _of_group(chat_id: str, change: str) -> Fields:
    """Such events come from the system and carry no agent."""
    return head("event", "sys") | {"Event": "change_external_chat", "ChatId": chat_id, "ChangeType": change}


def _members(member: str, before: str, after: str) -> Fields:
    told: Fields = {"MemChangeCnt": 1}
    if member:
        told |= {"MemChangeList": {"Item": member}, "LastMemVer": before, "CurMemVer": after}
    return told

"""message/custom/send and its neighbours."""

import itertools
import re
from typing import TYPE_CHECKING, Any

from tests.providers.record import Call
from tests.providers.tencent import Refused, need, wrong
from tests.providers.wechat.people import Follower

if TYPE_CHECKING:
    from tests.providers.wechat.server import WeChatServer

# message type -> the fields it must have
SHAPES = {
    "text": {"content"},
    "image": {"media_id"},
    "voice": {"media_id"},
    "video": {"media_id"},
    "msgmenu": {"list"},
    "news": {"articles"},
}
msgids = itertools.count(2_700_000_000_000_000_001)


def custom_send(server: "WeChatServer", call: Call) -> dict[str, Any]:
    params = call.params
    kind = params.get("msgtype", "")
    if kind not in SHAPES:
        raise wrong(40008)
    need(params, 44002, "touser", "msgtype", kind, optional=("customservice",))
    content = params[kind]
    if not isinstance(content, dict) or SHAPES[kind] - content.keys():
        raise wrong(47001)
    text = shown_text(kind, content)
    if len(text.encode()) > 2048:
        raise wrong(45002)
    if kind in ("image", "voice", "video") and content["media_id"] not in server.media:
        raise Refused(40007)
    follower = following(server, params["touser"])
    follower.ledger.spend(server.now())
    follower.typing_until = 0
    server.show(follower.openid, "service", kind, text, content)
    return {}


def shown_text(kind: str, content: dict[str, Any]) -> str:
    if kind == "msgmenu":
        for item in content["list"]:
            need(item, 47001, "id", "content")
        choices = [item["content"] for item in content["list"]]
        return "\n".join([content.get("head_content", ""), *choices, content.get("tail_content", "")]).strip()
    text = content.get("content", "")
    if kind == "text" and not (isinstance(text, str) and text.strip()):
        raise wrong(44002, "empty content")
    return str(text)


def following(server: "WeChatServer", openid: str) -> Follower:
    follower = server.followers.get(openid)
    if follower is None:
        raise Refused(40003)
    if not follower.subscribed:
        raise Refused(43004)
    return follower


def typing(server: "WeChatServer", call: Call) -> dict[str, Any]:
    need(call.params, 47001, "touser", "command")
    follower = following(server, call.params["touser"])
    if call.params["command"] not in ("Typing", "CancelTyping"):
        raise wrong(45072)
    if call.params["command"] == "CancelTyping":
        follower.typing_until = 0
        return {}
    now = server.now()
    if now - follower.last_message > 30:
        raise Refused(45080)
    if follower.typing_until > now:
        raise Refused(45081)
    follower.typing_until = now + 15
    return {}


def template_send(server: "WeChatServer", call: Call) -> dict[str, Any]:
    optional = ("url", "miniprogram", "client_msg_id", "topcolor")
    need(call.params, 47001, "touser", "template_id", "data", optional=optional)
    values = filled(server, call.params)
    follower = following(server, call.params["touser"])
    server.show(
        follower.openid, "template", call.params["template_id"], " ".join(values), call.params["data"]
    )
    return {"msgid": next(msgids)}


def subscribe_send(server: "WeChatServer", call: Call) -> dict[str, Any]:
    """订阅通知: each consent of the user is good for one message."""
    need(call.params, 47001, "touser", "template_id", "data", optional=("page", "miniprogram"))
    values = filled(server, call.params)
    for name, value in call.params["data"].items():
        if re.match("thing", name) and len(str(value["value"])) > 20:
            raise wrong(47003, f"argument invalid! data.{name}.value invalid")
    template = call.params["template_id"]
    follower = server.followers.get(call.params["touser"])
    if follower is None:
        raise Refused(40003)
    if not follower.consents.get(template):
        raise Refused(43101)
    follower.consents[template] -= 1
    server.show(follower.openid, "notice", template, " ".join(values), call.params["data"])
    return {}


def filled(server: "WeChatServer", params: dict[str, Any]) -> list[str]:
    if params["template_id"] not in server.templates:
        raise Refused(40037)
    data = params["data"]
    if not isinstance(data, dict) or not all(isinstance(v, dict) and "value" in v for v in data.values()):
        raise wrong(47001)
    if missing := server.templates[params["template_id"]] - data.keys():
        raise wrong(47003, f"argument invalid! data.{min(missing)}.value invalid")
    return [str(value["value"]) for value in data.values()]

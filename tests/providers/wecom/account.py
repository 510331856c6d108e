"""Token, media, customer groups."""

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from tests.providers.http import Answer
from tests.providers.record import Call
from tests.providers.tencent import Refused, need, wrong

if TYPE_CHECKING:
    from tests.providers.wecom.server import WeComServer


def get_token(server: "WeComServer", call: Call) -> dict[str, Any]:
    """The same token for as long as it lives."""
    if call.params.get("corpid") != server.corp_id:
        raise Refused(40013)
    if call.params.get("corpsecret") != server.secret:
        raise Refused(40001)
    token = server.tokens.stable(force=False)
    return {"access_token": token.value, "expires_in": int(token.until - server.now())}


def get_agent(server: "WeComServer", call: Call) -> dict[str, Any]:
    if str(call.params.get("agentid")) != str(server.agent_id):
        raise Refused(301002)
    users = [{"userid": userid} for userid in server.members]
    return {
        "agentid": server.agent_id,
        "name": "售后工单",
        "close": 0,
        "allow_userinfos": {"user": users},
        "allow_partys": {"partyid": []},
        "allow_tags": {"tagid": []},
    }


def get_user(server: "WeComServer", call: Call) -> dict[str, Any]:
    need(call.params, 40058, "userid")
    if call.params["userid"] not in server.members:
        raise Refused(60111)
    return {"userid": call.params["userid"], "name": call.params["userid"], "status": 1}


def media_get(server: "WeComServer", call: Call) -> Answer:
    found = server.media.get(call.params.get("media_id", ""))
    if found is None:
        raise Refused(40007)
    attachment = {"Content-disposition": f'attachment; filename="{call.params["media_id"]}"'}
    return Answer(found[0], content_type=found[1], headers=attachment)


def media_upload(server: "WeComServer", call: Call) -> dict[str, Any]:
    if "media" not in call.files:
        raise wrong(40058, "media data missing")
    media_id = hashlib.sha1(call.files["media"]).hexdigest()
    server.media[media_id] = (call.files["media"], "application/octet-stream")
    return {
        "type": call.params.get("type", "file"),
        "media_id": media_id,
        "created_at": str(int(server.now())),
    }


def add_join_way(server: "WeComServer", call: Call) -> dict[str, Any]:
    params = call.params
    optional = ("remark", "auto_create_room", "room_base_name", "room_base_id", "state")
    need(params, 40058, "scene", "chat_id_list", optional=optional)
    if params["scene"] not in (1, 2) or not 1 <= len(params["chat_id_list"]) <= 5:
        raise wrong(40058)
    if len(params.get("state", "")) > 30:
        raise wrong(40058, "invalid Request Parameter: state has 30 characters at most")
    if unknown := [chat for chat in params["chat_id_list"] if chat not in server.groups]:
        raise Refused(40050, f"chatid is invalid: {unknown}")
    config_id = secrets.token_hex(16)
    code = f"https://work.weixin.qq.com/gm/{config_id}"
    server.join_ways[config_id] = params | {"config_id": config_id, "qr_code": code}
    return {"config_id": config_id}


def get_join_way(server: "WeComServer", call: Call) -> dict[str, Any]:
    need(call.params, 40058, "config_id")
    if call.params["config_id"] not in server.join_ways:
        raise Refused(40058, "invalid Request Parameter: config_id")
    return {"join_way": server.join_ways[call.params["config_id"]]}


def get_group(server: "WeComServer", call: Call) -> dict[str, Any]:
    need(call.params, 40058, "chat_id", optional=("need_name",))
    group = server.groups.get(call.params["chat_id"])
    if group is None:
        raise Refused(40050)
    named = bool(call.params.get("need_name"))
    members = [{k: v for k, v in m.items() if named or k != "name"} for m in group.members]
    told = {"chat_id": group.chat_id, "name": group.name, "owner": group.owner, "create_time": group.created}
    return {
        "group_chat": told | {"notice": "", "member_list": members, "admin_list": [{"userid": group.owner}]}
    }

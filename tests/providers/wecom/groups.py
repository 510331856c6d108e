"""Customer groups: the API's side (…/document/path/92229, 92120, 92122). What people do is in crowd.py."""

import secrets
from typing import TYPE_CHECKING, Any

from tests.providers.record import Call
from tests.providers.tencent import Refused, need, wrong

if TYPE_CHECKING:
    from tests.providers.wecom.server import WeComServer

OPTIONAL = ("remark", "auto_create_room", "room_base_name", "room_base_id", "state", "mark_source")
MOST_OWNERS = 100


def add_join_way(server: "WeComServer", call: Call) -> dict[str, Any]:
    config_id = secrets.token_hex(16)
    server.join_ways[config_id] = _way(server, call, config_id)
    return {"config_id": config_id}


def get_join_way(server: "WeComServer", call: Call) -> dict[str, Any]:
    need(call.params, 40058, "config_id")
    return {"join_way": _known(server, call)}


def update_join_way(server: "WeComServer", call: Call) -> dict[str, Any]:
    """It replaces everything but the picture."""
    need(call.params, 40058, "config_id", "scene", "chat_id_list", optional=OPTIONAL)
    before = _known(server, call)
    way = {name: value for name, value in call.params.items() if name != "config_id"}
    _check(server, way)
    kept = {name: before[name] for name in ("config_id", "qr_code")}
    server.join_ways[before["config_id"]] = way | kept
    return {}


def del_join_way(server: "WeComServer", call: Call) -> dict[str, Any]:
    need(call.params, 40058, "config_id")
    del server.join_ways[_known(server, call)["config_id"]]
    return {}


def list_groups(server: "WeComServer", call: Call) -> dict[str, Any]:
    """Pages by a cursor; without owners only where few members are in the app's sight."""
    need(call.params, 40058, "limit", optional=("status_filter", "owner_filter", "cursor"))
    if not 1 <= call.params["limit"] <= 1000:
        raise wrong(40058, "invalid Request Parameter: limit")
    owners = call.params.get("owner_filter", {}).get("userid_list", [])
    if len(owners) > MOST_OWNERS:
        raise wrong(40058, "invalid Request Parameter: more than 100 owners")
    if not owners and len(server.members) > 1000:
        raise Refused(81017)
    found = [group for group in server.groups.values() if not owners or group.owner in owners]
    start = int(call.params.get("cursor") or 0)
    end = start + min(call.params["limit"], server.page)
    told = [{"chat_id": group.chat_id, "status": 0} for group in found[start:end]]
    return {"group_chat_list": told} | ({"next_cursor": str(end)} if end < len(found) else {})


def get_group(server: "WeComServer", call: Call) -> dict[str, Any]:
    need(call.params, 40058, "chat_id", optional=("need_name",))
    group = server.groups.get(call.params["chat_id"])
    if group is None:
        raise Refused(40050)
    members, version = group.seen()
    named = bool(call.params.get("need_name"))
    shown = [{k: v for k, v in m.items() if named or k != "name"} for m in members]
    told = {"chat_id": group.chat_id, "name": group.name, "owner": group.owner, "create_time": group.created}
    told |= {"notice": "", "member_list": shown, "admin_list": [{"userid": group.owner}]}
    return {"group_chat": told | {"member_version": version}}


def _way(server: "WeComServer", call: Call, config_id: str) -> dict[str, Any]:
    need(call.params, 40058, "scene", "chat_id_list", optional=OPTIONAL)
    _check(server, call.params)
    code = f"https://wework.qpic.cn/wwpic/{config_id}/0"
    return call.params | {"config_id": config_id, "qr_code": code}


def _check(server: "WeComServer", way: dict[str, Any]) -> None:
    if way["scene"] not in (1, 2) or not 1 <= len(way["chat_id_list"]) <= 5:
        raise wrong(40058)
    if len(way.get("state", "")) > 30:
        raise wrong(40058, "invalid Request Parameter: state has 30 characters at most")
    if len(way.get("room_base_name", "")) > 40:
        raise wrong(40058, "invalid Request Parameter: room_base_name has 40 characters at most")
    if len(way.get("remark", "")) > 30:
        raise wrong(40058, "a remark is cut off at 30 characters")
    if unknown := [chat for chat in way["chat_id_list"] if chat not in server.groups]:
        raise Refused(40050, f"chatid is invalid: {unknown}")


def _known(server: "WeComServer", call: Call) -> dict[str, Any]:
    """Which number an unknown config_id gets is not documented, only that it is refused; do not depend on it."""
    found = server.join_ways.get(call.params["config_id"])
    if found is None:
        raise Refused(40058, "invalid Request Parameter: config_id")
    return found

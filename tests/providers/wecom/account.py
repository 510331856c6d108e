"""Token, the app, its members, media."""

import hashlib
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

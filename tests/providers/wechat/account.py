"""Tokens, media, menu, scene codes, users, addresses."""

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from tests.providers.http import Answer
from tests.providers.record import Call
from tests.providers.tencent import Refused, need, wrong
from tests.providers.wechat.people import Media

if TYPE_CHECKING:
    from tests.providers.wechat.server import WeChatServer

THREE_DAYS = 3 * 86400


def credentials(server: "WeChatServer", params: dict[str, Any], grant: str) -> None:
    if params.get("grant_type") != grant:
        raise wrong(40002, "invalid grant_type")
    if params.get("appid") != server.app_id:
        raise Refused(40013)
    if params.get("secret") != server.secret:
        raise Refused(40125)


def stable_token(server: "WeChatServer", call: Call) -> Any:
    credentials(server, call.params, "client_credential")
    need(call.params, 47001, "grant_type", "appid", "secret", optional=("force_refresh",))
    token = server.tokens.stable(call.params.get("force_refresh", False))
    return Answer({"access_token": token.value, "expires_in": int(token.until - server.now())})


def classic_token(server: "WeChatServer", call: Call) -> Any:
    credentials(server, call.params, "client_credential")
    return Answer({"access_token": server.tokens.classic().value, "expires_in": 7200})


def media_get(server: "WeChatServer", call: Call) -> Any:
    """Bytes; or JSON with HTTP 200 when there is nothing to give; or the address of a video."""
    media = server.media.get(call.params.get("media_id", ""))
    if media is None or media.until <= server.now():
        raise Refused(40007)
    if media.as_url:
        return Answer({"video_url": f"{server.url}/video/{call.params['media_id']}"})
    attachment = {"Content-disposition": f'attachment; filename="{call.params["media_id"]}"'}
    return Answer(media.content, content_type=media.content_type, headers=attachment)


def media_upload(server: "WeChatServer", call: Call) -> dict[str, Any]:
    if "media" not in call.files:
        raise wrong(41005, "media data missing")
    media_id = hashlib.sha1(call.files["media"]).hexdigest()
    server.media[media_id] = Media(call.files["media"], until=server.now() + THREE_DAYS)
    return {"type": call.params.get("type", "image"), "media_id": media_id, "created_at": int(server.now())}


def scene_code(server: "WeChatServer", call: Call) -> dict[str, Any]:
    params = call.params
    need(params, 47001, "action_name", "action_info", optional=("expire_seconds",))
    scene = params["action_info"].get("scene", {}).get("scene_str", "")
    if params["action_name"] not in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE") or not 1 <= len(scene) <= 64:
        raise wrong(40053)
    seconds = params.get("expire_seconds", 60)
    if not 1 <= seconds <= 2592000:
        raise wrong(40053, "invalid expire_seconds")
    ticket = secrets.token_urlsafe(60)
    server.scenes[ticket] = scene
    forever = params["action_name"] == "QR_LIMIT_STR_SCENE"
    answer = {"ticket": ticket, "url": f"http://weixin.qq.com/q/{ticket[:20]}"}
    return answer | ({} if forever else {"expire_seconds": seconds})


def user_info(server: "WeChatServer", call: Call) -> dict[str, Any]:
    follower = server.followers.get(call.params.get("openid", ""))
    if follower is None:
        raise Refused(40003)
    if not follower.subscribed:
        return {"subscribe": 0, "openid": follower.openid}
    told = {"subscribe": 1, "openid": follower.openid, "language": "zh_CN", "remark": "", "tagid_list": []}
    told |= {"subscribe_time": int(server.now()), "subscribe_scene": "ADD_SCENE_QR_CODE"}
    told |= {"qr_scene_str": follower.scene}
    return told | ({"unionid": follower.unionid} if follower.unionid else {})


def addresses(server: "WeChatServer", call: Call) -> dict[str, Any]:
    return {"ip_list": ["127.0.0.1", "101.226.103.0/25"]}


def clear_quota(server: "WeChatServer", call: Call) -> dict[str, Any]:
    if call.params.get("appid") != server.app_id:
        raise Refused(40013)
    server.quota_clears += 1
    if server.quota_clears > 10:  # a month
        raise Refused(48006)
    return {}

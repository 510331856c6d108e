"""The custom menu: three buttons, five below each, sizes in bytes."""

from typing import TYPE_CHECKING, Any

from tests.providers.record import Call
from tests.providers.tencent import Refused, wrong

if TYPE_CHECKING:
    from tests.providers.wechat.server import WeChatServer

WITH_KEY = {"click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album"}
WITH_KEY |= {"pic_weixin", "location_select"}
WITH_URL = {"view", "miniprogram"}


def create(server: "WeChatServer", call: Call) -> dict[str, Any]:
    buttons = call.params.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise wrong(40016)
    for button in buttons:
        if not 1 <= len(button.get("name", "").encode()) <= 16:
            raise wrong(40018)
        if "sub_button" in button:
            check_below(button["sub_button"])
        else:
            check_action(button)
    server.menu = call.params
    return {}


def check_below(buttons: list[dict[str, Any]]) -> None:
    if not 1 <= len(buttons) <= 5:
        raise wrong(40023)
    for button in buttons:
        if not 1 <= len(button.get("name", "").encode()) <= 60:
            raise wrong(40025)
        check_action(button)


def check_action(button: dict[str, Any]) -> None:
    if button.get("type") not in WITH_KEY | WITH_URL:
        raise wrong(40017)
    if button["type"] in WITH_KEY and not 1 <= len(button.get("key", "").encode()) <= 128:
        raise wrong(40019)
    if button["type"] in WITH_URL and not 1 <= len(button.get("url", "").encode()) <= 1024:
        raise wrong(40020)


def get(server: "WeChatServer", call: Call) -> dict[str, Any]:
    if server.menu is None:
        raise Refused(46003)
    return {"menu": server.menu}


def delete(server: "WeChatServer", call: Call) -> dict[str, Any]:
    server.menu = None
    return {}

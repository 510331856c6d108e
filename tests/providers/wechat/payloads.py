"""Messages and events as WeChat sends them, in the order of its fields; `sender.send(payloads.text("…"))`."""

import itertools
import time
from typing import Any

from tests.providers.envelope import Fields

WANG = "oWang0000000000000000000001"  # 王女士, the customer of the stories
ACCOUNT = "gh_0123456789ab"
_numbers = itertools.count(24_000_000_000_000_001)


def head(kind: str, openid: str) -> Fields:
    times = {"CreateTime": int(time.time())}
    return {"ToUserName": ACCOUNT, "FromUserName": openid} | times | {"MsgType": kind}


def message(kind: str, openid: str = WANG, **content: Any) -> Fields:
    """Any type, also one that nobody knows."""
    return head(kind, openid) | content | {"MsgId": next(_numbers)}


def event(name: str, openid: str = WANG, **content: Any) -> Fields:
    return head("event", openid) | {"Event": name} | content


def text(words: str, openid: str = WANG, **more: Any) -> Fields:
    return message("text", openid, Content=words, **more)


def menu_answer(choice: str, words: str, openid: str = WANG) -> Fields:
    """A tap on a line of a `msgmenu` comes back as a text with the line's id."""
    return text(words, openid) | {"bizmsgmenuid": choice}


def image(media_id: str = "media-image", openid: str = WANG) -> Fields:
    return message("image", openid, PicUrl="http://mmbiz.qpic.cn/mmbiz_jpg/local/0", MediaId=media_id)


def voice(
    media_id: str = "media-voice", openid: str = WANG, recognition: str | None = None, format: str = "amr"
) -> Fields:
    """`recognition=None` leaves the field out, "" sends it empty; both happen."""
    hint = {} if recognition is None else {"Recognition": recognition}
    return message("voice", openid, MediaId=media_id, Format=format, **hint)


def video(media_id: str = "media-video", openid: str = WANG, short: bool = False) -> Fields:
    kind = "shortvideo" if short else "video"
    return message(kind, openid, MediaId=media_id, ThumbMediaId=f"{media_id}-thumb")


def location(
    latitude: float = 30.657, longitude: float = 104.066, label: str = "", openid: str = WANG
) -> Fields:
    """GCJ-02. The latitude is called X."""
    place = {"Location_X": str(latitude), "Location_Y": str(longitude), "Scale": 16, "Label": label}
    return message("location", openid, **place)


def link(url: str = "https://example.cn/", title: str = "一篇文章", openid: str = WANG) -> Fields:
    return message("link", openid, Title=title, Description="", Url=url)


def unsupported(openid: str = WANG) -> Fields:
    """A sticker, for instance."""
    return text("【收到不支持的消息类型，暂无法显示】", openid)


def subscribe(scene: str = "", openid: str = WANG) -> Fields:
    """Following, by a code with a scene or not."""
    came = {"EventKey": f"qrscene_{scene}", "Ticket": "gQH47joAAAAAAAAA"} if scene else {"EventKey": ""}
    return event("subscribe", openid, **came)


def unsubscribe(openid: str = WANG) -> Fields:
    return event("unsubscribe", openid, EventKey="")


def scan(scene: str, openid: str = WANG) -> Fields:
    """A follower scans a code."""
    return event("SCAN", openid, EventKey=scene, Ticket="gQH47joAAAAAAAAA")


def click(key: str, openid: str = WANG) -> Fields:
    return event("CLICK", openid, EventKey=key)


def view(url: str, openid: str = WANG) -> Fields:
    return event("VIEW", openid, EventKey=url, MenuId=421290170)


def position(latitude: float = 30.657, longitude: float = 104.066, openid: str = WANG) -> Fields:
    """Reported by the app by itself; not a message of the user."""
    return event("LOCATION", openid, Latitude=latitude, Longitude=longitude, Precision=40.0)


def template_finished(msgid: int, status: str = "success", openid: str = WANG) -> Fields:
    """`success`, `failed:user block` or `failed: system failed`."""
    return event("TEMPLATESENDJOBFINISH", openid, MsgID=msgid, Status=status)


def consent(template: str, accepted: bool = True, openid: str = WANG, scene: str = "1") -> Fields:
    """The user answers the question whether a subscription notice may come."""
    status = "accept" if accepted else "reject"
    item = {"TemplateId": template, "SubscribeStatusString": status, "PopupScene": scene}
    return event("subscribe_msg_popup_event", openid, SubscribeMsgPopupEvent={"List": [item]})

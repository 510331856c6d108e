"""Every message and event as it was received, and everything odd that may come in its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.grants import MESSAGE, TOUCH
from bot.wechat.payload import to_inbound
from bot.wechat.xml import MOST, Unreadable, cdata, fields_of
from core.messaging.inbox import Inbound

PAYLOADS = Path(__file__).parents[2] / "payloads" / "wechat"
AT = 1795655851
NOW = AT + 2.5
WANG = "oWang0000000000000000000001"
PLACE = {"latitude": 30.65742, "longitude": 104.06584, "datum": "gcj02", "label": "成都市锦江区人民南路一段"}

# file → kind, text, what the payload holds besides grants and the raw fields
READ: dict[str, tuple[str, str, dict[str, Any]]] = {
    "text": ("text", "我家美的空调不制冷了", {}),
    "text_menu_answer": ("press", "5", {"outbox": 42, "key": "5"}),
    "text_menu_answer_of_others": ("text", "满意", {}),
    "text_unsupported": ("unknown", "", {}),
    "text_empty": ("text", "", {}),
    "text_spaces": ("text", "   ", {}),
    "text_nought": ("text", "0", {}),
    "text_emoji": ("text", "😡👨‍👩‍👧", {}),
    "text_cdata_end": ("text", "a]]>b", {}),
    "text_from_article": ("text", "在吗", {}),
    "image": ("image", "", {"media": [{"id": "Y5Hc-image", "kind": "image"}]}),
    "image_without_media": ("unknown", "", {}),
    "voice": ("voice", "", {"media": [{"id": "Y5Hc-voice", "kind": "voice"}]}),
    "voice_recognised": ("voice", "洗衣机漏水。", {"media": [{"id": "Y5Hc-voice", "kind": "voice"}]}),
    "voice_recognition_empty": ("voice", "", {"media": [{"id": "Y5Hc-voice", "kind": "voice"}]}),
    "video": ("video", "", {"media": [{"id": "Y5Hc-video", "kind": "video"}]}),
    "shortvideo": ("video", "", {"media": [{"id": "Y5Hc-short", "kind": "video"}]}),
    "file": ("unknown", "", {}),  # WeChat gives no id to fetch it by
    "location": ("location", "", PLACE),
    "location_nowhere": (
        "location",
        "",
        {"latitude": 0.0, "longitude": 0.0, "datum": "gcj02", "label": ""},
    ),
    "location_broken": ("unknown", "", {}),
    "link": ("link", "", {"link": {"title": "空调清洗", "url": "https://mp.weixin.qq.com/s/x"}}),
    "unknown_type": ("unknown", "", {}),
    "msgtype_missing": ("unknown", "", {}),
    "msgid_missing": ("text", "在吗", {}),
    "msgid_odd": ("text", "在吗", {}),
    "tags_twice": ("text", "第一", {}),
    "subscribe": ("follow", "", {}),
    "subscribe_scene": ("follow", "", {"scene": "Zx81-token_9"}),
    "scan": ("scan", "", {"scene": "Zx81-token_9"}),
    "unsubscribe": ("blocked", "", {}),
    "click": ("menu", "", {"topic": "repair"}),
    "view": ("silent", "", {}),
    "view_miniprogram": ("silent", "", {}),
    "location_event": ("silent", "", {}),
    "scancode_waitmsg": ("unknown", "", {}),
    "pic_photo_or_album": ("silent", "", {}),
    "template_success": ("silent", "", {}),
    "template_blocked": (
        "undelivered",
        "",
        {"receipt": "template:2700000000000000001", "reason": "failed:user block"},
    ),
    "template_failed": (
        "undelivered",
        "",
        {"receipt": "template:2700000000000000001", "reason": "failed: system failed"},
    ),
    "subscription_popup": ("silent", "", {}),
    "subscription_change": ("silent", "", {}),
    "subscription_sent": ("silent", "", {}),
    "unknown_event": ("silent", "", {}),
    "event_without_name": ("silent", "", {}),
}
TOUCHING = {"subscribe", "subscribe_scene", "scan", "click", "scancode_waitmsg"}
TOUCHING |= {"text_menu_answer", "text_menu_answer_of_others"}
EVENTS = {name for name in READ if "<MsgType><![CDATA[event]]>" in (PAYLOADS / f"{name}.xml").read_text()}


def of(name: str) -> Inbound:
    return inbound((PAYLOADS / f"{name}.xml").read_bytes())


def inbound(body: bytes) -> Inbound:
    read = to_inbound(fields_of(body), account="wx1", now=NOW)
    assert read is not None
    return read


def text(inner: str) -> bytes:
    head = f"<ToUserName>gh</ToUserName><FromUserName>{WANG}</FromUserName><CreateTime>{AT}</CreateTime>"
    return f"<xml>{head}<MsgType>text</MsgType>{inner}</xml>".encode()


def test_every_file_is_read() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.xml")} == READ.keys()
    assert len(EVENTS) > 10


@pytest.mark.parametrize("name", READ)
def test_a_payload(name: str) -> None:
    read, (kind, words, payload) = of(name), READ[name]
    assert (read.channel, read.account, read.sender, read.conversation) == ("wechat", "wx1", WANG, "")
    assert (read.kind, read.text) == (kind, words)
    rest = {key: value for key, value in read.payload.items() if key not in ("raw", "grants")}
    assert rest == payload
    assert read.payload["raw"]["FromUserName"] == WANG


@pytest.mark.parametrize("name", READ)
def test_what_it_lets_us_say(name: str) -> None:
    due = TOUCH if name in TOUCHING else None if name in EVENTS else MESSAGE
    assert of(name).payload.get("grants") == (due and {**due, "at": float(AT)})


def test_messages_are_known_by_their_number() -> None:
    assert of("text").external_id == of("image").external_id == "msg:24000000000000001"
    assert of("msgid_odd").external_id == "msg:abc"


def test_without_a_number_the_same_message_is_the_same_and_another_is_another() -> None:
    one, other = text("<Content>在吗</Content>"), text("<Content>在么</Content>")
    assert inbound(one).external_id == inbound(one).external_id != inbound(other).external_id
    assert len(inbound(text(f"<MsgId>{'9' * 5000}</MsgId>")).external_id) < 200


def test_two_events_of_one_second_are_two() -> None:
    names = ["click", "view", "subscribe", "subscribe_scene", "scan", "template_success", "location_event"]
    assert len({of(name).external_id for name in names}) == len(names)
    assert of("click").external_id == f"event:{WANG}:{AT}:CLICK:repair:"
    assert of("template_success").external_id.endswith(":2700000000000000001")
    body = (PAYLOADS / "view.xml").read_text().replace("https://example.cn/", "https://e.cn/" + "x" * 9000)
    assert len(inbound(body.encode()).external_id) < 200


def test_a_sender_who_is_not_named_is_nobody() -> None:
    assert to_inbound({"MsgType": "text", "Content": "x"}, account="wx1", now=NOW) is None
    assert to_inbound({}, account="wx1", now=NOW) is None


@pytest.mark.parametrize("told", ["", "abc", "nan", "inf", "-99999999999999", "99999999999999", "1e300"])
def test_a_mad_time_is_no_reason_to_stumble(told: str) -> None:
    body = text("<MsgId>1</MsgId>").replace(str(AT).encode(), told.encode())
    assert NOW - 72 * 3600 <= inbound(body).payload["grants"]["at"] <= NOW


def test_other_encodings() -> None:
    words = "<Content>空调坏了</Content>"
    assert inbound(text(words).decode().encode("gbk")).text == "空调坏了"
    assert inbound(b"\xef\xbb\xbf" + text(words)).text == "空调坏了"
    assert inbound(b'<?xml version="1.0" encoding="GBK"?>' + text(words)).text == "空调坏了"
    assert inbound(text("<Content>空\x08调\x00坏\x1f了</Content>")).text == "空调坏了"
    assert inbound(text("<Content>坏").replace("坏".encode(), b"\xed\xa0\xbd!</Content>")).text == "!"
    assert inbound(text("<Content>\n  两行\n 字 </Content>")).text == "\n  两行\n 字 "


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"hello",
        b'{"MsgType": "text"}',
        b"<xml><FromUserName>x</FromUserName>",
        b"<xml>&#8;</xml>",
        b"<!DOCTYPE xml [<!ENTITY a 'b'>]><xml><FromUserName>&a;</FromUserName></xml>",
        b"<!DOCTYPE xml SYSTEM 'file:///etc/passwd'><xml><FromUserName>x</FromUserName></xml>",
        b"<!DOCTYPE xml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><xml><FromUserName>&x;</FromUserName></xml>",
        b"<a>" * 10_000 + b"</a>" * 10_000,
        b"<xml>" + b"<a>" * 9 + b"</a>" * 9 + b"</xml>",
        b"<xml>" + b"x" * MOST + b"</xml>",
        b"\x00\x01\x02\xff\xfe",
    ],
)
def test_what_is_no_message(body: bytes) -> None:
    with pytest.raises(Unreadable):
        fields_of(body)


@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda s: f"<xml>{s}</xml>".encode("utf-8", "replace"))
)
def test_anything_is_a_message_or_is_not(body: bytes) -> None:
    try:
        fields = fields_of(body)
    except Unreadable:
        return
    read = to_inbound(fields, account="wx1", now=NOW)
    assert read is None or json.dumps(read.payload)


NAMES = ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId", "MsgID", "Content", "MediaId")
NAMES += ("Recognition", "Location_X", "Location_Y", "Label", "bizmsgmenuid", "Status", "Title", "Url")
WORDS = st.text(max_size=40) | st.sampled_from(
    ["text", "event", "voice", "location", "CLICK", "SCAN", "1:1", "nan"]
)


@given(st.dictionaries(st.sampled_from(NAMES), WORDS))
def test_any_fields_make_a_message_that_can_be_stored(fields: dict[str, str]) -> None:
    sealed = "".join(f"<{name}>{cdata(value)}</{name}>" for name, value in fields.items())
    told = fields_of(f"<xml>{sealed}</xml>".encode())
    read = to_inbound(told, account="wx1", now=NOW)
    if read is not None:
        assert json.loads(json.dumps(read.payload, allow_nan=False)) == read.payload
        assert 0 < len(read.external_id) <= 400 and "\x00" not in read.text
        json.dumps(read.payload).encode()


def test_nested_where_words_belong() -> None:
    assert inbound(text("<Content><b>x</b></Content><MsgId>1</MsgId>")).text == ""


@pytest.mark.parametrize(
    "words", ["a]]>b", "]]>", "]]]>>", "a]]></Content><MsgType>image", "\x08\x00x", "😀"]
)
def test_words_stay_in_their_field(words: str) -> None:
    fields = fields_of(f"<xml><Content>{cdata(words)}</Content></xml>".encode())
    assert fields == {"Content": words.replace("\x08", "").replace("\x00", "")}

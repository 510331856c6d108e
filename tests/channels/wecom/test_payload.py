"""Reading what WeCom sends: every kind of message and event, as received (after decryption)."""

from pathlib import Path

import pytest

from bot.wecom.payload import NotXml, fields, to_inbound
from core.messaging.inbox import Inbound

FOLDER = Path(__file__).parents[2] / "payloads" / "wecom"


def read(name: str) -> Inbound | None:
    return to_inbound(fields((FOLDER / f"{name}.xml").read_bytes()))


KINDS = {
    "text": ("text", "#2611220001 接单"),
    "text_emoji": ("text", "#2611220001 完成 好了😀👨‍👩‍👧"),
    "text_cdata": ("text", "a]]>b"),
    "text_control": ("text", "#2611220001 接单"),
    "text_empty": ("text", ""),
    "text_zero": ("text", "0"),
    "text_spaces": ("text", "   "),
    "text_two_contents": ("text", "#2611220001 接单"),
    "text_nested": ("text", ""),
    "text_without_number": ("text", "帮助"),
    "text_number_not_numeric": ("text", "帮助"),
    "image": ("image", ""),
    "voice": ("voice", ""),
    "video": ("video", ""),
    "location": ("location", ""),
    "link": ("link", ""),
    "unknown_type": ("unknown", ""),
    "event_enter_agent": ("silent", ""),
    "event_subscribe": ("follow", ""),
    "event_unsubscribe": ("silent", ""),
    "event_location": ("silent", ""),
    "event_click": ("silent", ""),
    "event_unknown": ("silent", ""),
    "event_empty": ("silent", ""),
    "event_joined_group": ("group_news", ""),
    "event_group_created": ("group_news", ""),
    "event_group_dismissed": ("group_news", ""),
    "event_group_renamed": ("group_news", ""),
    "event_group_joined_two": ("group_news", ""),
    "event_group_left": ("group_news", ""),
    "event_group_put_out": ("group_news", ""),
    "event_group_nameless": ("silent", ""),
    "event_card": ("press", ""),
    "event_card_second": ("press", ""),
    "event_card_foreign": ("press", ""),
    "event_card_huge": ("press", ""),
    "event_card_bare": ("press", ""),
    "no_type": None,
    "no_sender": None,
}


@pytest.mark.parametrize("name", KINDS)
def test_kinds(name: str) -> None:
    found = read(name)
    expected = KINDS[name]
    assert (found and (found.kind, found.text)) == expected
    if found:
        assert (found.channel, found.account) == ("wecom", "") and found.external_id and found.sender


def test_every_payload_file_is_looked_at() -> None:
    assert {path.stem for path in FOLDER.glob("*.xml")} == set(KINDS)


def test_a_press_knows_its_row_and_how_the_card_can_be_changed() -> None:
    found = read("event_card")
    assert found and found.payload == {"outbox": 42, "key": "1", "receipt": "fd-42-0a1b2c3d CODE-1"}
    bare, foreign, huge = read("event_card_bare"), read("event_card_foreign"), read("event_card_huge")
    assert bare and bare.payload == {"outbox": 42, "key": "", "receipt": None}
    assert foreign and "outbox" not in foreign.payload and huge and "outbox" not in huge.payload


def test_what_changed_in_a_customer_group() -> None:
    joined, left = read("event_group_joined_two"), read("event_group_left")
    assert joined and left and joined.lane == left.lane == "wecom::wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA"
    assert joined.payload["news"] == {
        "chat": "wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA",
        "change": "add_member",
        "version": "71217227bbd112ecfe3a49c482195cb4",
        "removed": [],
    }
    assert left.payload["news"]["change"] == "del_member" and left.payload["news"]["removed"] == []
    put_out = read("event_group_put_out")
    assert put_out and put_out.payload["news"]["removed"] == ["wmOgQhDgAABBBBB", "wmOgQhDgAACCCCC"]
    older = read("event_joined_group")  # as before 2024: who it was is not told
    assert older and older.payload["news"]["version"] is None
    ends = [read(f"event_group_{name}") for name in ("created", "dismissed", "renamed")]
    assert [end.payload["news"]["change"] for end in ends if end] == ["create", "dismiss", "change_name"]


def test_one_arrival_has_one_id_and_two_have_two() -> None:
    texts = [read(name) for name in ("text", "text")]
    assert texts[0] == texts[1] and texts[0] and texts[0].external_id == "4561255354251345929"
    presses = [read(name) for name in ("event_card", "event_card", "event_card_second")]
    ids = [press.external_id for press in presses if press]
    assert ids[0] == ids[1] != ids[2]  # a second click in the same second is a click of its own
    names = ("event_enter_agent", "event_subscribe", "text_without_number", "text_number_not_numeric")
    assert len({found.external_id for name in names if (found := read(name))}) == 4


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"not xml",
        b"<xml><MsgType>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>',
        "<xml><a>\ud800</a></xml>".encode("utf-8", "surrogatepass")[:-3],
    ],
)
def test_what_is_not_xml(document: bytes) -> None:
    with pytest.raises(NotXml):
        fields(document)


def test_what_is_odd_xml_is_read_as_far_as_it_goes() -> None:
    assert fields("\ufeff<xml><A>1</A></xml>") == {"A": "1"}
    assert fields("<html><MsgType>text</MsgType></html>") == {"MsgType": "text"}
    assert to_inbound(fields("<xml/>")) is None
    deep = b"<xml>" + b"<a>" * 20_000 + b"</a>" * 20_000 + b"</xml>"
    assert to_inbound(fields(deep)) is None
    gbk = fields("<xml><Content>接单</Content></xml>".encode("gbk"))  # replaced, not guessed
    assert "接单" not in gbk["Content"]

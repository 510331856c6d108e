"""Every kind of update as Telegram sends it, read from files; nothing that arrives can make the reading fail."""

import json
from pathlib import Path
from typing import Any

import pytest
import telegram as ptb
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.at_once import call_at_once
from bot.telegram.keyboard import Keys
from bot.telegram.me import Me
from bot.telegram.payload import READERS, to_inbound, unheard
from core.messaging.inbox import Inbound

FOLDER = Path(__file__).parents[2] / "payloads" / "telegram"
KEYS = Keys("house secret of the tests")
ME = Me("123456789", KEYS, "frontdoor_bot")
GROUP = "-1001700000001/700001"
LARGEST = {"id": "AgACAgUAAxkBAAIBlarge", "kind": "image"}
CHENGDU = {"latitude": 30.657, "longitude": 104.066, "datum": "wgs84"}
PRESSED = {"outbox": 17, "key": "2", "callback": "3006512345678901234"}


def file(identifier: str, kind: str, name: str | None = None) -> dict[str, Any]:
    return {"media": [{"id": identifier, "kind": kind} | ({"name": name} if name else {})]}


# file → kind, text, part of the payload
EXPECTED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "text": ("text", "我家美的空调不制冷了", {"same": "m:700001:41", "chat": 700001, "language": "zh"}),
    "text_strange": ("text", "\u202e冷制不\u202c 空\u200b调 𠮷 é́ 👨‍👩‍👧 <b>*_[", {}),
    "photo": ("image", "铭牌", {"media": [LARGEST]}),
    "photo_of_album": ("image", "", {"media": [LARGEST], "album": "13579246801"}),
    "voice": ("voice", "", file("AwACAgUAAxkBvoice", "voice")),
    "audio": ("voice", "", file("CQACAgUAAxkBaudio", "voice", "异响.mp3")),
    "video": ("video", "洗衣机晃得厉害", file("BAACAgUAAxkBvideo", "video")),
    "video_note": ("video", "", file("DQACAgUAAxkBnote", "video")),
    "animation": ("video", "", file("CgACAgUAAxkBanim", "video")),
    "document": ("file", "", file("BQACAgUAAxkBdoc", "file", "发票.pdf")),
    "document_picture": ("image", "", file("BQACAgUAAxkBpic", "image", "IMG_1.HEIC")),
    "document_too_large": ("too_large", "漏水的视频", {"most": 20}),
    "sticker": ("unknown", "", {}),
    "dice": ("unknown", "", {}),
    "poll": ("unknown", "", {}),
    "something_newer": ("unknown", "", {}),
    "location": ("location", "", CHENGDU),
    "live_location": ("location", "", CHENGDU),
    "live_location_moves": ("silent", "", {}),
    "venue": ("location", "", CHENGDU | {"label": "海棠苑 天府大道1号"}),
    "location_nowhere": ("silent", "", {}),
    "contact_own": ("contact", "+8613800138000", {"phone": "+8613800138000", "own": True}),
    "contact_of_another": ("contact", "", {"own": False}),
    "contact_without_user": ("contact", "", {"own": False}),
    "contact_own_forwarded": ("contact", "", {"own": False}),
    "start": ("follow", "", {}),
    "start_by_code": ("follow", "", {"scene": "Zx8_q-TOKEN12"}),
    "start_forged": ("follow", "", {}),
    "start_from_group": ("command", "", {"command": "private"}),
    "command_repair": ("command", "", {"command": "repair"}),
    "command_repair_words": ("command", "洗衣机漏水", {"command": "repair"}),
    "command_status": ("command", "2611260001", {"command": "status"}),
    "command_english": ("command", "", {"command": "person"}),
    "command_unknown": ("text", "/weather 成都", {}),
    "group_chatter": ("overheard", "今晚谁拼单买桃子", {"chat": -1001700000001, "group": True}),
    "group_mention": ("text", "空调不制冷", {"group": True, "chat": -1001700000001, "message": 41}),
    "group_mention_after_emoji": ("text", "👨‍👩‍👧 大家问 吧", {"group": True}),
    "group_mention_of_another": ("silent", "", {}),
    "group_answer_to_us": ("text", "那什么时候来", {"group": True}),
    "group_command": ("command", "", {"command": "status", "group": True}),
    "group_command_of_another": ("silent", "", {}),
    "group_anonymous_admin": ("silent", "", {}),
    "group_linked_channel": ("silent", "", {}),
    "group_another_bot": ("silent", "", {}),
    "group_joined": ("silent", "", {}),
    "group_becomes_supergroup": ("moved", "", {"moved": {"old": "-4242", "new": "-1001700000001"}}),
    "supergroup_was_group": ("moved", "", {"moved": {"old": "-4242", "new": "-1001700000001"}}),
    "channel_post": ("silent", "", {}),
    "edited_text": ("edit", "我家格力空调不制冷了", {"original": "m:700001:41"}),
    "edited_caption": ("edit", "铭牌和外机", {"original": "m:700001:41"}),
    "edited_in_group": ("silent", "", {}),
    "press": ("press", "2", PRESSED),
    "press_forged": ("press", "", {"callback": "3006512345678901234"}),
    "press_too_long": ("press", "", {"callback": "3006512345678901234"}),
    "press_of_old_message": ("press", "2", PRESSED),
    "press_without_message": ("press", "2", PRESSED),
    "press_in_group": ("press", "2", PRESSED | {"group": True}),
    "blocked": ("blocked", "", {}),
    "unblocked": ("unblocked", "", {}),
    "added_to_group": ("bot_member", "", {"status": "in", "title": "海棠苑业主群"}),
    "made_administrator": ("bot_member", "", {"status": "admin", "chat": -1001700000001}),
    "removed_from_group": ("bot_member", "", {"status": "out"}),
    "somebody_joined": ("member", "", {"inside": True, "staff": False, "by": "700001"}),
    "somebody_removed": ("member", "", {"inside": False, "by": "123456789"}),
    "join_request": ("join_request", "", {"private": 700001, "chat": -1001700000001}),
    "group_code": ("group_code", "", {"code": "QAHJKMNP2345", "title": "海棠苑业主群"}),
    "group_code_by_link": ("group_code", "", {"code": "QAHJKMNP2345"}),
    "reply_to_push": ("text", "长按右下角三秒", {"replies": "2611230007"}),
    "reaction": ("silent", "", {}),
    "kind_of_tomorrow": ("silent", "", {}),
    "poison_no_number": ("text", "你好", {}),
    "poison_number_is_text": ("text", "你好", {}),
    "poison_empty": ("silent", "", {}),
    "poison_message_is_list": ("silent", "", {}),
    "poison_no_chat": ("silent", "", {}),
    "poison_text_is_number": ("silent", "", {}),
    "poison_photo_is_empty": ("silent", "", {}),
    "poison_sender_is_text": ("silent", "", {}),
    "poison_callback_is_null": ("silent", "", {}),
    "poison_entities_are_wrong": ("silent", "", {}),
    "poison_no_date": ("text", "没有日期", {}),
    "poison_huge_date": ("text", "日期太大", {}),
    "poison_nul_and_half_an_emoji": ("text", "空调\x00坏了\ud83d", {}),
}
OVERHEARD = ("group_mention_of_another", "group_command_of_another", "group_joined")


def update(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def read(name: str) -> Inbound:
    return to_inbound(update(name), ME)


def test_every_file_is_expected() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_what_an_update_is_taken_for(name: str) -> None:
    kind, text, payload = EXPECTED[name]
    inbound = read(name)
    assert (inbound.kind, inbound.text) == (kind, text)
    assert payload.items() <= inbound.payload.items()
    assert (inbound.channel, inbound.account) == ("telegram", "123456789")
    number = update(name).get("update_id")
    assert inbound.external_id == str(number) if isinstance(number, int) else inbound.external_id[0] == "?"


@pytest.mark.parametrize("name", [name for name in EXPECTED if not name.startswith("poison_")])
def test_the_files_are_what_the_library_reads_too(name: str) -> None:
    assert ptb.Update.de_json(update(name), None).update_id == update(name)["update_id"]


def test_the_sender_is_the_person_and_the_group_only_where_it_was_said() -> None:
    private, group, press = read("text"), read("group_mention"), read("press_in_group")
    assert (private.sender, private.conversation, private.name) == ("700001", "", "芳 王")
    assert (group.sender, group.conversation) == ("700001", GROUP) == (press.sender, press.conversation)
    assert private.lane == "telegram:123456789:700001" and group.lane == f"telegram:123456789:{GROUP}"


@pytest.mark.parametrize("name", [name for name, (kind, *_) in EXPECTED.items() if kind == "silent"])
def test_what_is_only_kept_stands_in_nobodys_way_and_keeps_no_chatter(name: str) -> None:
    inbound = read(name)
    assert inbound.sender.startswith("update:")
    assert ("raw" in inbound.payload) == (name not in OVERHEARD)


def test_chatter_that_nobody_listens_to_leaves_no_words_and_no_name() -> None:
    kept = unheard(read("group_chatter"))
    assert (kept.kind, kept.text, kept.name, kept.payload) == ("silent", "", None, {})
    assert kept.external_id == "904110235" and kept.lane == "telegram:123456789:update:904110235"


def test_the_name_of_the_bot_may_not_be_known_yet() -> None:
    unknown = Me("123456789", KEYS)
    assert to_inbound(update("group_mention"), unknown).text == "空调不制冷"
    assert to_inbound(update("group_command"), unknown).payload["command"] == "status"
    assert to_inbound(update("group_chatter"), unknown).kind == "overheard"


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("@frontdoor_bot空调不制冷", "text", "空调不制冷"),
        ("空调不制冷 @FrontDoor_Bot", "text", "空调不制冷"),
        ("/repair@frontdoor_bot空调不制冷", "command", "空调不制冷"),
        ("/repair，空调不制冷", "command", "，空调不制冷"),
        ("/home/user", "text", "/home/user"),
    ],
)
def test_words_stuck_to_a_name_or_a_command(text: str, kind: str, rest: str) -> None:
    written = update("group_mention")
    at = max(text.lower().find("@frontdoor_bot"), 0)
    mark = {"type": "mention", "offset": at, "length": 14}
    written["message"] |= {"text": text, "entities": [mark], "reply_to_message": {"from": {"id": 123456789}}}
    inbound = to_inbound(written, ME)
    assert (inbound.kind, inbound.text) == (kind, rest)


def test_the_call_that_is_due_at_once() -> None:
    answer = {"method": "answerCallbackQuery", "callback_query_id": "3006512345678901234"}
    for name in ("press", "press_forged", "press_too_long"):
        assert call_at_once(read(name), new=True) == call_at_once(read(name), new=False) == answer
    typing = {"method": "sendChatAction", "chat_id": 700001, "action": "typing"}
    assert call_at_once(read("text"), new=True) == call_at_once(read("start"), new=True) == typing
    for name in ("group_mention", "group_chatter", "blocked", "edited_text", "sticker"):
        assert call_at_once(read(name), new=True) is None
    assert call_at_once(read("text"), new=False) is None


def test_an_edit_has_a_number_of_its_own_for_every_version() -> None:
    first, second = update("edited_text"), update("edited_text")
    second["edited_message"]["text"] += "，还漏水"
    keys = {to_inbound(one, ME).payload["same"] for one in (update("text"), first, second)}
    assert len(keys) == 3


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


@given(st.dictionaries(st.sampled_from(["update_id", *READERS]) | st.text(max_size=9), ANYTHING, max_size=4))
def test_nothing_that_is_json_makes_the_reading_fail(made_up: dict[str, Any]) -> None:
    json.dumps(to_inbound(made_up, ME).payload, allow_nan=False)


@given(st.data())
def test_one_part_of_a_real_update_turned_into_something_else(data: st.DataObject) -> None:
    changed = update(data.draw(st.sampled_from(sorted(EXPECTED))))
    place: Any = changed
    while isinstance(place, dict) and place:
        name = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[name], dict) or data.draw(st.booleans()):
            place[name] = data.draw(ANYTHING)
            break
        place = place[name]
    json.dumps(to_inbound(changed, ME).payload, allow_nan=False)


@given(st.integers(0, 10**18 - 1), st.text(st.characters(codec="utf-8"), min_size=1, max_size=4))
def test_a_button_is_read_back_and_fits(row: int, key: str) -> None:
    data = KEYS.data(row, key)
    assert len(data.encode()) <= 64 and KEYS.read(data) == (row, key)
    assert Keys("another house").read(data) is None
    assert KEYS.read(data[:-1]) is None and KEYS.read("1" + data) is None

"""Photos, voice, videos and places over WeChat, fetched from the local WeChat by their ids."""

import pytest

from core.customer.model import Identity
from core.media.model import Media
from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING
from tests.channels.desk import Desk, until
from tests.channels.wechat.talk import Talk
from tests.providers.wechat import payloads
from tests.providers.wechat.people import Media as Upload
from tests.providers.wechat.server import WeChatServer

WANG = payloads.WANG
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 64 + b"\xff\xd9"


def media(desk: Desk) -> Media:
    until(lambda: all(row.status not in WAITING for row in desk.rows(Media)) and desk.rows(Media))
    return desk.rows(Media)[-1]


def test_files_are_fetched_at_once_by_their_id(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wechat.media["m1"] = Upload(JPEG)
    assert "已收到" in wang.does(payloads.image("m1"))
    row = media(desk)
    assert (row.status, row.kind, row.mime, row.size) == ("done", "image", "image/jpeg", len(JPEG))
    assert desk.front.media.open(row.path).read_bytes() == JPEG
    assert wechat.called("media/get") == [{"media_id": "m1"}]


@pytest.mark.parametrize("recognition", [None, ""])
def test_voice_without_words_is_kept_and_asked_about(
    wang: Talk, desk: Desk, wechat: WeChatServer, recognition: str | None
) -> None:
    wechat.media["v1"] = Upload(b"#!AMR\n" + b"\x00" * 50, "audio/amr")
    answer = wang.does(payloads.voice("v1", recognition=recognition, format="speex"))
    assert "文字" in answer and "0 转人工" in answer
    assert media(desk).mime == "audio/amr"


def test_recognised_voice_is_a_hint(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wechat.media["v1"] = Upload(b"#!AMR\n" + b"\x00" * 50, "audio/amr")
    answer = wang.does(payloads.voice("v1", recognition="我家美的空调不制冷了"))
    assert "我听到的是：“我家美的空调不制冷了”" in answer and "第 1 步" in answer
    assert media(desk).status == "done"


def test_a_file_that_is_gone_is_told_and_holds_up_nothing(
    wang: Talk, desk: Desk, wechat: WeChatServer
) -> None:
    wang.does(payloads.image("expired"))  # 40007 as JSON with HTTP 200
    row = media(desk)
    assert row.status == "dead" and "40007" in row.error and row.attempt == 1
    assert "报修" in wang.says("你好")
    assert desk.rows(Identity)[0].dead_at is None


def test_a_video_that_is_an_address(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wechat.media["v"] = Upload(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40, "video/mp4", as_url=True)
    wang.does(payloads.video("v"))
    assert media(desk).status == "done" and media(desk).mime == "video/mp4"


def test_short_video_and_place(wang: Talk, desk: Desk, wechat: WeChatServer) -> None:
    wechat.media["v"] = Upload(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40, "video/mp4")
    assert wang.does(payloads.video("v", short=True))
    assert wang.does(payloads.location(30.657, 104.066, "锦江区"))
    assert wang.does(payloads.location(0, 0))
    place = desk.rows(InboxMessage)[1].payload
    assert (place["latitude"], place["longitude"], place["datum"]) == (30.657, 104.066, "gcj02")

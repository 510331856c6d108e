"""A step's picture on WeChat: after its words, within the quota, and never a reason not to send the words."""

import pytest

from bot.wechat import picture
from bot.wechat.channel import WeChatChannel
from bot.wechat.passive import Passive
from core.house import House
from core.messaging.channel import Never, Outgoing
from core.messaging.outbox import OutboxMessage
from tests.channels.desk import Desk, until
from tests.channels.wechat.conftest import allow
from tests.channels.wechat.talk import Talk
from tests.channels.wechat.test_send import left
from tests.pictured import pictured
from tests.providers.wechat.payloads import WANG
from tests.providers.wechat.server import WeChatServer

WORDS = "第 1 步：看遥控器"
UPLOAD, SEND = "media/upload", "message/custom/send"


def step(shown: str, *, key: str = "k", attempt: int = 1) -> Outgoing:
    extra = {"picture": {"id": shown, "mime": "image/png", "width": 240, "height": 320}}
    return Outgoing(key, WANG, WORDS, extra=extra, attempt=attempt)


def phone(wechat: WeChatServer) -> list[str]:
    return [shown.kind for shown in wechat.shown if shown.openid == WANG]


def test_words_then_picture(house: House, channel: WeChatChannel, wechat: WeChatServer) -> None:
    allow(house, wechat)
    shown = pictured(house, 1)
    channel.send(step(shown))
    channel.send(step(shown, key="k2"))
    assert phone(wechat) == ["text", "image"] * 2 and left(house, wechat) == 1
    assert len(wechat.called(UPLOAD)) == 1


@pytest.mark.parametrize("said", [2, 3])
def test_where_little_may_be_said_it_is_the_words(
    house: House, channel: WeChatChannel, wechat: WeChatServer, said: int
) -> None:
    """Of five, one is kept for the result: with three left both go, with two the words alone."""
    allow(house, wechat)
    for n in range(said):
        channel.send(Outgoing(f"before{n}", WANG, "好的"))
    channel.send(step(pictured(house, 1)))
    assert phone(wechat)[said:] == (["text", "image"] if said == 2 else ["text"])


def test_after_three_days_it_is_uploaded_again(
    house: House, channel: WeChatChannel, wechat: WeChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = pictured(house, 1)
    for days in (0, 2, 5):
        monkeypatch.setattr(picture.time, "monotonic", lambda days=days: 1000 + days * 86400.0)
        allow(house, wechat)
        channel.send(step(shown, key=f"k{days}"))
    assert len(wechat.called(UPLOAD)) == 2


def test_what_wechat_no_longer_has_is_uploaded_again(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat)
    shown = pictured(house, 1)
    channel.send(step(shown))
    wechat.media.clear()
    channel.send(step(shown, key="k2"))
    assert phone(wechat) == ["text", "image"] * 2


@pytest.mark.parametrize("code", [-1, 40004, 45009, 48001])
def test_a_picture_that_is_not_taken_leaves_the_words_and_costs_nothing(
    house: House, channel: WeChatChannel, wechat: WeChatServer, code: int
) -> None:
    allow(house, wechat)
    wechat.fail(code, on=UPLOAD)
    channel.send(step(pictured(house, 1)))
    assert phone(wechat) == ["text"] and left(house, wechat) == 4


def test_a_picture_that_nobody_has(house: House, channel: WeChatChannel, wechat: WeChatServer) -> None:
    allow(house, wechat)
    channel.send(step("0" * 64))
    assert phone(wechat) == ["text"]


def test_who_has_left_is_lost_by_the_words(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat)
    shown = pictured(house, 1)
    wechat.fail(43004, on=SEND, times=1)
    with pytest.raises(Never) as caught:
        channel.send(step(shown))
    assert caught.value.lost and phone(wechat) == []


@pytest.fixture
def seen_first(wechat: WeChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words count as handed over when the user has read them: else a pump may be quicker than WeChat's side here."""
    real = Passive.done

    def done(passive: Passive, row: OutboxMessage) -> None:
        until(lambda: any(one.how == "passive" for one in wechat.shown))
        real(passive, row)

    monkeypatch.setattr(Passive, "done", done)


@pytest.mark.usefixtures("seen_first")
def test_in_a_conversation_the_words_cost_nothing_and_the_picture_follows(
    wang: Talk, desk: Desk, wechat: WeChatServer
) -> None:
    shown = pictured(desk.front.house, 1)
    wang.says("我家美的空调不制冷了")
    assert [(one.how, one.kind) for one in wechat.shown] == [("passive", "text"), ("service", "image")]
    assert "第 1 步" in wechat.shown[0].text
    wang.says("2")  # a step without one
    assert len(wechat.shown) == 3
    words, alone, _ = desk.rows(OutboxMessage, OutboxMessage.channel == "wechat")
    assert alone.key == f"picture:{words.id}" and alone.extra["picture"]["id"] == shown
    assert [row.status for row in desk.rows(OutboxMessage)] == ["done"] * 3
    wang.conserved()


def test_an_account_that_may_not_write_by_itself_answers_all_the_same(
    wang: Talk, desk: Desk, wechat: WeChatServer
) -> None:
    """An unverified account has the passive reply and nothing else (48001)."""
    pictured(desk.front.house, 1)
    wechat.fail(48001, on=UPLOAD)
    wechat.fail(48001, on=SEND)
    assert "第 1 步" in wang.says("我家美的空调不制冷了")
    assert [row.status for row in desk.rows(OutboxMessage)] == ["done"] * 2
    assert "第 2 步" in wang.says("2")
    wang.conserved()

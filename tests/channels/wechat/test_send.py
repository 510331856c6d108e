"""What leaves: one bubble within the quota, tokens shared and asked for once, and a name for every failure."""

import threading
from typing import Any

import pytest
from sqlalchemy import update

from bot.wechat.channel import WeChatChannel
from bot.wechat.errors import ERRORS, Spent, TokenRefused, meaning
from core.database import Database
from core.house import House
from core.messaging.allowance import Allowance, Allowances
from core.messaging.channel import Later, Never, Outgoing
from core.messaging.credential import Credential
from core.messaging.moment import database_clock
from core.messaging.outbox import say
from tests.channels.desk import at_once
from tests.channels.wechat.conftest import allow, channel_on, whose
from tests.providers import tencent
from tests.providers.wechat.errors import ERRORS as THEIRS
from tests.providers.wechat.payloads import WANG
from tests.providers.wechat.server import WeChatServer


def out(text: str = "好的", *, weight: str = "answer", key: str = "k1", **more: Any) -> Outgoing:
    return Outgoing(key, WANG, text, weight=weight, **more)


def left(house: House, wechat: WeChatServer) -> int:
    return Allowances(house.database).left(whose(wechat))


def refused(channel: WeChatChannel, message: Outgoing, kind: type[Exception] = Never) -> Any:
    with pytest.raises(kind) as caught:
        channel.send(message)
    return caught.value


# --- the quota


def test_the_last_of_two_days_is_saved_for_a_result(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat)
    for n, weight in enumerate(("answer", "notice", "answer", "notice")):
        assert channel.send(out(f"第{n}条", weight=weight, key=f"k{n}")) == f"service:k{n}"
    for weight in ("answer", "notice"):
        assert not refused(channel, out(weight=weight)).lost
    assert channel.send(out("工单已登记", weight="result")) == "service:k1"
    assert not refused(channel, out(weight="result")).lost
    assert len(wechat.texts(WANG)) == 5 == len(wechat.called("message/custom/send"))


def test_a_touch_is_worth_three_in_a_minute(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat, kind="touch")
    for n in range(3):
        channel.send(out(f"{n}", key=f"k{n}"))
    refused(channel, out(), Spent)
    assert len(wechat.texts(WANG)) == 3


def test_the_minute_is_spent_before_the_two_days(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat)
    allow(house, wechat, kind="touch")
    channel.send(out())
    with house.database.reading() as session:
        assert {row.kind: row.left for row in session.query(Allowance)} == {"message": 5, "touch": 2}


def test_after_its_time_nothing_is_asked_of_wechat(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat, kind="touch", ago=61)
    allow(house, wechat, ago=48 * 3600 + 1)
    assert not refused(channel, out(weight="result")).lost
    assert wechat.called("message/custom/send") == []


@pytest.mark.parametrize("code", [45047, 45015])
def test_wechat_knows_better_what_is_left(
    house: House, channel: WeChatChannel, wechat: WeChatServer, code: int
) -> None:
    allow(house, wechat)
    wechat.fail(code, on="message/custom/send", times=1)
    assert not refused(channel, out()).lost and left(house, wechat) == 0
    refused(channel, out(weight="result"))
    assert len(wechat.called("message/custom/send")) == 1
    allow(house, wechat)
    channel.send(out())


@pytest.mark.parametrize("code", [43004, 40003])
def test_who_does_not_follow_us_is_lost(
    house: House, channel: WeChatChannel, wechat: WeChatServer, code: int
) -> None:
    allow(house, wechat)
    wechat.fail(code, on="message/custom/send")
    assert refused(channel, out(weight="result")).lost


@pytest.mark.parametrize(
    ("trouble", "delay"),
    [
        (-1, None),
        (45009, 600),
        (45011, 60),
        (40164, 300),
        (40013, 300),
        (99999, None),
        (tencent.server_error(), None),
        (tencent.dropped(), None),
        (tencent.Trouble("not json"), None),
        (tencent.Trouble(["a", "list"]), None),
    ],
)
def test_what_may_work_later_costs_nothing(
    house: House, channel: WeChatChannel, wechat: WeChatServer, trouble: Any, delay: float | None
) -> None:
    allow(house, wechat)
    wechat.fail(trouble, on="message/custom/send", times=1)
    assert refused(channel, out(), Later).delay == delay
    assert left(house, wechat) == 5
    channel.send(out())
    assert wechat.texts(WANG) == ["好的"] and left(house, wechat) == 4


def test_a_provider_that_hangs_is_left_in_time(
    house: House, channel: WeChatChannel, wechat: WeChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.wechat.api.TIMEOUT", (0.3, 0.3))
    allow(house, wechat)
    for call in ("stable_token", "message/custom/send"):
        wechat.fail(tencent.slow(3), on=call, times=1)
        assert "Timeout" in str(refused(channel, out(), Later))
    channel.send(out())


def test_a_provider_that_is_not_there(house: House) -> None:
    with WeChatServer() as server:
        allow(house, server)
        channel = channel_on(house, server)
    assert "cannot be reached" in str(refused(channel, out(), Later))


def test_every_errcode_has_a_meaning() -> None:
    menu_and_typing = {40016, 40017, 40018, 40019, 40020, 40023, 40025, 40053, 45072, 45080, 45081, 48006}
    assert THEIRS.keys() - ERRORS.keys() == menu_and_typing
    assert isinstance(meaning(45015, "x"), Spent) and isinstance(meaning(40001, "x"), TokenRefused)
    assert isinstance(meaning(123456, "x"), Later)
    assert "rid" not in str(meaning(45015, "response out of time limit rid: 6925a1b2-0c3d4e5f"))


# --- words


@pytest.mark.parametrize(("kind", "how"), [("help", "text"), ("fee", "text"), ("rating", "msgmenu")])
def test_choices_are_numbered_and_those_of_the_rating_can_be_tapped(
    house: House, channel: WeChatChannel, wechat: WeChatServer, kind: str, how: str
) -> None:
    allow(house, wechat)
    with house.database.session() as session:
        asked = {"kind": kind}
        row = say(session, at=house.clock.now(), channel="wechat", recipient=WANG, text="", question=asked)
        session.commit()
    assert row is not None
    channel.send(out("解决了吗？", choices=(("1", "解决了"), ("2", "还是不行")), id=row.id))
    assert wechat.texts(WANG) == ["解决了吗？\n1 解决了\n2 还是不行"] and wechat.shown[-1].kind == how
    if how == "msgmenu":
        lines = [(line["id"], line["content"]) for line in wechat.shown[-1].content["list"]]
        assert lines == [(f"{row.id}:1", "1 解决了"), (f"{row.id}:2", "2 还是不行")]


def test_what_cannot_be_changed_is_left_alone(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat)
    assert channel.send(out("✔", extra={"edit": "service:k1"})) == "unchanged"
    assert wechat.calls == [] and left(house, wechat) == 5


LONG = "".join(f"第{n}句，空调不制冷时请先看看遥控器上的模式和温度。" for n in range(40))
CHOICES = (("1", "解决了"), ("0", "转人工"))


def test_too_long_is_divided_where_much_may_be_said(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat)
    channel.send(out(LONG, choices=CHOICES, id=7))
    parts = wechat.texts(WANG)
    assert len(parts) == 2 and all(len(part) <= 600 for part in parts)
    assert parts[0].endswith("。") and parts[1].startswith("第")
    assert "".join(parts).startswith(LONG) and parts[1].endswith("1 解决了\n0 转人工")
    assert left(house, wechat) == 3


def test_too_long_is_shortened_where_little_may_be_said(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat, kind="touch", ago=10)
    channel.send(out("x", key="k0"))
    channel.send(out(LONG, choices=CHOICES, id=7))
    text = wechat.texts(WANG)[-1]
    assert len(text) <= 600 and "。\n（内容较长" in text and text.endswith("1 解决了\n0 转人工")
    assert left(house, wechat) == 1


def test_a_second_bubble_that_fails_is_sent_without_the_first(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat)
    wechat.fail(tencent.Trouble(), on="message/custom/send", times=1)
    wechat.fail(-1, on="message/custom/send", times=1)
    message = out(LONG, choices=CHOICES, id=7)
    refused(channel, message, Later)
    channel.send(message)
    assert "".join(wechat.texts(WANG)).startswith(LONG) and len(wechat.texts(WANG)) == 2
    assert left(house, wechat) == 3 and channel._progress == {}


@pytest.mark.parametrize(
    "text", ["😀" * 900, "长" * 2000, "👨‍👩‍👧" * 200, "e\u0301" * 1000, "no sentence end " * 300, "。" * 3000]
)
def test_four_byte_and_joined_characters_survive(
    house: House, channel: WeChatChannel, wechat: WeChatServer, text: str
) -> None:
    allow(house, wechat)
    channel.send(out(text))
    parts = wechat.texts(WANG)
    assert all(len(part.encode()) <= 2048 for part in parts)
    assert not any(part.startswith(("\u200d", "\u0301")) or part.endswith("\u200d") for part in parts)
    if len(parts) > 1:
        assert "".join(parts).replace(" ", "") == text.replace(" ", "")


def test_controls_and_lone_surrogates_do_not_leave(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat)
    channel.send(out("空\x08调\ud800好", choices=(("1", "\x00是"),), id=1))
    assert wechat.texts(WANG) == ["空调好\n1 是"]


# --- the token


def test_one_of_many_asks_for_the_token(house: House, wechat: WeChatServer) -> None:
    """Four threads of two processes that begin at once: two databases, two channels, one refresh."""
    wechat.fail(tencent.slow(0.4), on="stable_token")
    other = Database(house.database.url)
    second = House(other, house.clock, house.book, house.zone)
    channels = [channel_on(house, wechat), channel_on(second, wechat)] * 2
    for n in range(4):
        allow(house, wechat, openid=f"o{n}")
    at_once(*[lambda n=n, c=c: c.send(Outgoing(f"k{n}", f"o{n}", "好")) for n, c in enumerate(channels)])
    other.close()
    assert len(wechat.called("stable_token")) == 1 and len(wechat.shown) == 4
    assert wechat.called("token") == []  # the classic one would end the tokens of others


@pytest.mark.parametrize("how", ["revoke", "expire"])
def test_a_refused_token_is_renewed_once(
    house: House, channel: WeChatChannel, wechat: WeChatServer, how: str
) -> None:
    allow(house, wechat)
    channel.send(out())
    getattr(wechat.tokens, how)()
    channel.send(out("再说一句"))
    sent = [call.ok for call in wechat.calls if call.method == "message/custom/send"]
    assert sent == [True, False, True] and left(house, wechat) == 3
    assert [call.get("force_refresh") for call in wechat.called("stable_token")] == [None, None]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_storm_of_refusals_is_two_calls(
    house: House, channel: WeChatChannel, wechat: WeChatServer, code: int
) -> None:
    allow(house, wechat)
    wechat.fail(code, on="message/custom/send")
    assert refused(channel, out(), Later).delay == 60
    assert len(wechat.called("message/custom/send")) == 2 and left(house, wechat) == 5
    refused(channel, out(), Later)  # forced again within 30 s: WeChat says 45011
    assert len(wechat.called("message/custom/send")) == 3
    assert len(wechat.called("stable_token")) == 5


def test_eight_threads_with_a_dead_token_renew_it_once(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    for n in range(8):
        allow(house, wechat, openid=f"o{n}")
    channel.send(Outgoing("k", "o0", "好"))
    wechat.tokens.revoke()
    at_once(*[lambda n=n: channel.send(Outgoing(f"k{n}", f"o{n}", "好")) for n in range(8)])
    assert len(wechat.called("stable_token")) == 2 and len(wechat.shown) == 9


def test_a_token_is_renewed_before_it_ends(
    house: House, channel: WeChatChannel, wechat: WeChatServer
) -> None:
    allow(house, wechat)
    channel.send(out())
    with house.database.session() as session:
        session.execute(update(Credential).values(expires_at=database_clock(-1)))
        session.commit()
    channel.send(out())
    assert len(wechat.called("stable_token")) == 2


@pytest.mark.parametrize("code", [40164, 40125, 40013, 45009, -1, 40001])
def test_without_a_token_the_message_waits(
    house: House, channel: WeChatChannel, wechat: WeChatServer, code: int
) -> None:
    allow(house, wechat)
    wechat.fail(code, on="stable_token", times=1)
    refused(channel, out(), Later)
    assert wechat.texts(WANG) == [] and left(house, wechat) == 5
    channel.send(out())


def test_no_secret_and_no_token_is_told(
    house: House, wechat: WeChatServer, capfd: pytest.CaptureFixture[str]
) -> None:
    channel, told = channel_on(house, wechat), []
    allow(house, wechat)
    channel.send(out())
    token = wechat.called("stable_token") and next(iter(wechat.tokens.issued))
    for trouble in (tencent.dropped(), tencent.server_error(), tencent.Trouble("x"), 40164, 40001, -1):
        wechat.fail(trouble, times=3)
        told.append(str(refused(channel, out(), Later)))
        wechat.heal()
    seen = "".join(told) + "".join(capfd.readouterr())
    assert token and token not in seen and wechat.secret not in seen and "access_token=" not in seen


def test_threads_have_sessions_of_their_own(channel: WeChatChannel) -> None:
    clients: list[int] = []
    keep: list[Any] = []

    def mine() -> None:
        client = channel.api._client("t")
        keep.append(client)
        clients.append(id(client._http))

    for _ in range(2):
        thread = threading.Thread(target=mine)
        thread.start()
        thread.join()
    assert len(set(clients)) == 2

"""WeCom's calls to the real app: what is not rightly sealed is refused, what is, is stored once and answered."""

import base64
import time
from collections.abc import Iterator

import httpx
import pytest

from app.settings import BadSettings, Settings, load
from core.messaging.inbox import InboxMessage
from tests.channels.desk import Desk, running
from tests.providers import envelope
from tests.providers.envelope import AES_KEY, TOKEN, to_xml
from tests.providers.wecom import events
from tests.providers.wecom.sender import WeComSender
from tests.providers.wecom.server import WeComServer

HOUR = 3600


@pytest.fixture
def desk(sqlite_url: str, wecom: WeComServer) -> Iterator[Desk]:
    with running(sqlite_url, **wecom.settings) as opened:
        yield opened


@pytest.fixture
def sender(desk: Desk, wecom: WeComServer) -> WeComSender:
    wecom.hire(events.LI, events.ZHAO)
    return WeComSender(wecom, f"{desk.address}/webhooks/wecom")


def statuses(sender: WeComSender, message: envelope.Fields | str, **forged: str) -> int:
    return sender.send(message, tries=1, **forged).tries[0].status


def heard(desk: Desk) -> list[InboxMessage]:
    return desk.rows(InboxMessage)


def test_the_callback_is_verified(sender: WeComSender) -> None:
    assert (sender.verify().status, sender.verify().body) == (200, "1616140317555161061")
    assert sender.verify(msg_signature="0" * 40).status == 403
    assert sender.verify(timestamp=str(int(time.time()) - 400)).status == 403
    assert sender.verify(owner="wwffffffffffffffff").status == 403
    assert sender.verify(echostr="AAAA").status == 403
    bare = sender.callback.get({})
    assert bare.status == 403


def test_wrong_missing_and_doubled_parameters(sender: WeComSender, desk: Desk) -> None:
    address, body = sender.prepare(events.text("帮助"))
    good = httpx.URL(address)
    for name in ("msg_signature", "timestamp", "nonce"):
        for url in (
            good.copy_remove_param(name),
            good.copy_set_param(name, ""),
            good.copy_add_param(name, "1"),
        ):
            assert httpx.post(url, content=body.encode(), trust_env=False).status_code == 403, url.query
    assert statuses(sender, events.text("帮助"), msg_signature="0" * 40) == 403
    assert statuses(sender, events.text("帮助"), nonce="other") == 403
    assert heard(desk) == []


@pytest.mark.parametrize("seconds", [-400, 400])
def test_stale_or_from_the_future(sender: WeComSender, desk: Desk, seconds: int) -> None:
    at = str(int(time.time()) + seconds)
    cipher = envelope.encrypt(to_xml(events.text("帮助")), AES_KEY, sender.server.corp_id)
    proof = envelope.sign(TOKEN, at, "7", cipher)
    wrong = {"timestamp": at, "nonce": "7", "msg_signature": proof}
    assert statuses(sender, events.text("帮助"), cipher=cipher, **wrong) == 403 and heard(desk) == []


def test_bodies_that_are_not_sealed(sender: WeComSender, desk: Desk) -> None:
    url, _ = sender.prepare(events.text("帮助"))
    for body, status in (
        (to_xml(events.text("帮助")), 403),  # in the clear
        ("<xml><Encrypt></Encrypt></xml>", 403),
        ("", 400),
        ("{}", 400),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>', 400),
        ("<xml>" + "<a>" * 9000 + "</a>" * 9000 + "</xml>", 403),
        ("<xml>" + "x" * 70_000 + "</xml>", 413),
    ):
        assert httpx.post(url, content=body.encode(), trust_env=False).status_code == status, body[:40]
    assert heard(desk) == []


def test_rightly_signed_and_still_wrong(sender: WeComSender, desk: Desk) -> None:
    assert statuses(sender, events.text("帮助"), owner="wwffffffffffffffff") == 403
    for garbage in ("AAAA", "%%%", base64.b64encode(b"x" * 64).decode(), "é"):
        assert statuses(sender, events.text("帮助"), cipher=garbage) in (400, 403), garbage
    for inner in ("", "no xml", "<xml><MsgType>", '<!DOCTYPE a [<!ENTITY b "c">]><xml>&b;</xml>'):
        assert statuses(sender, inner or " ") == 400, inner
    deep = "<xml>" + "<a>" * 2000 + "</a>" * 2000 + "</xml>"
    assert statuses(sender, deep) == 200  # nothing in it that anybody could answer
    assert heard(desk) == []


def test_three_deliveries_at_once_are_one_message(
    sender: WeComSender, desk: Desk, wecom: WeComServer
) -> None:
    delivered = sender.send(events.text("帮助"), tries=3, at_once=True)
    assert [one.status for one in delivered.tries] == [200, 200, 200]
    assert all(one.body == "" for one in delivered.tries)
    desk.quiet()
    assert len(heard(desk)) == 1 and len(wecom.texts(events.LI)) == 1


def test_the_exact_request_again_has_no_second_effect(
    sender: WeComSender, desk: Desk, wecom: WeComServer
) -> None:
    url, body = sender.prepare(events.text("帮助"))
    for _ in range(3):
        assert httpx.post(url, content=body.encode(), trust_env=False).status_code == 200
    desk.quiet()
    assert len(heard(desk)) == 1 and len(wecom.texts(events.LI)) == 1


def test_two_events_in_one_second_are_two(sender: WeComSender, desk: Desk) -> None:
    click = {**events.card_click(events.LI, "fd-1-00000000", "1", "A"), "CreateTime": 1764122400}
    for event in (click, {**click, "ResponseCode": "B"}, {**click, "EventKey": "2"}, click):
        assert statuses(sender, event) == 200
    desk.quiet()
    assert len(heard(desk)) == 3


def test_what_nobody_knows_is_kept_and_answered(sender: WeComSender, desk: Desk, wecom: WeComServer) -> None:
    for message in (events.message("hologram", Data="?"), events.voice(), events.image(), events.location()):
        assert statuses(sender, message) == 200
    for event in (events.enter_agent(), events.event("moon_landing"), events.joined_group("chat", "sys")):
        assert statuses(sender, event) == 200
    desk.quiet()
    kinds = [row.kind for row in heard(desk)]
    assert kinds == ["unknown", "voice", "image", "location", "silent", "silent", "group_news"]
    assert len(wecom.texts(events.LI)) == 4  # each message, and no event, is answered
    assert all(row.status == "done" for row in heard(desk))


@pytest.mark.parametrize(
    "words", ["0", "", "   ", "😀😀", "a]]>b", "\u202e\u200b", "帮助" * 3000, "'; DROP TABLE--"]
)
def test_odd_texts(sender: WeComSender, desk: Desk, wecom: WeComServer, words: str) -> None:
    assert statuses(sender, events.text(words)) == 200
    desk.quiet()
    assert len(wecom.texts(events.LI)) == 1 and "还没有绑定员工" in wecom.texts(events.LI)[0]


def test_while_the_database_is_away_wecom_is_asked_to_come_again(sender: WeComSender, desk: Desk) -> None:
    from sqlalchemy.exc import OperationalError

    def away(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("away"))

    real = desk.front.reception._database.session
    desk.front.reception._database.session = away  # type: ignore[method-assign, assignment]
    try:
        assert statuses(sender, events.text("帮助")) == 503
    finally:
        desk.front.reception._database.session = real  # type: ignore[method-assign]
    assert statuses(sender, events.text("帮助")) == 200


def test_without_its_settings_the_channel_is_off(sqlite_url: str) -> None:
    with running(sqlite_url) as desk:
        assert desk.client.post("/webhooks/wecom", content=b"<xml/>").status_code == 404
        assert desk.front.house.ways == ()


def test_half_a_channel_starts_nothing(monkeypatch: pytest.MonkeyPatch, wecom: WeComServer) -> None:
    for name, value in wecom.settings.items():
        monkeypatch.setenv(f"FRONTDOOR_{name.upper()}", value)
    assert load().wecom_corp_id
    for name, wrong, told in (
        ("TOKEN", "", "FRONTDOOR_WECOM_TOKEN: missing"),
        ("AES_KEY", "short", "43"),
        ("AGENT_ID", "my app", "AgentId"),
        ("API_URL", "qyapi.weixin.qq.com/cgi-bin", "scheme and host"),
    ):
        with monkeypatch.context() as one:
            one.setenv(f"FRONTDOOR_WECOM_{name}", wrong)
            with pytest.raises(BadSettings, match=told):
                load()
    assert Settings(**wecom.settings).wecom_secret  # type: ignore[arg-type]

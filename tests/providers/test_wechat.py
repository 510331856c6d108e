"""The local api.weixin.qq.com, and WeChat's calls, against wechatpy."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.providers import tencent
from tests.providers.house import WeChatHouse
from tests.providers.redirect import to_local
from tests.providers.wechat import payloads
from tests.providers.wechat.people import Media
from tests.providers.wechat.sender import BROKEN, WeChatSender
from tests.providers.wechat.server import WeChatServer

WANG = payloads.WANG
MENU = {"button": [{"name": "报修", "sub_button": [{"type": "click", "name": "空调", "key": "repair"}]}]}


class StableClient(WeChatClient):
    def fetch_access_token(self) -> Any:
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        got = self._http.post("https://api.weixin.qq.com/cgi-bin/stable_token", json=body).json()
        if "access_token" not in got:
            raise WeChatClientException(got["errcode"], got["errmsg"])
        self.session.set(self.access_token_key, got["access_token"], got["expires_in"])
        return got


def client_of(server: WeChatServer, kind: type[WeChatClient] = StableClient) -> Any:
    return to_local(kind(server.app_id, server.secret, auto_retry=False), server.url)


def code(call: Callable[[], Any]) -> int | None:
    try:
        return int(call()["errcode"])
    except WeChatClientException as error:
        return error.errcode


@pytest.fixture
def client(wechat: WeChatServer) -> Any:
    return client_of(wechat)


@pytest.fixture
def house(wechat: WeChatServer) -> Iterator[WeChatHouse]:
    with WeChatHouse(wechat.app_id) as opened:
        yield opened


@pytest.fixture
def sender(wechat: WeChatServer, house: WeChatHouse) -> WeChatSender:
    return WeChatSender(wechat, f"{house.url}/webhooks/wechat")


def test_tokens(wechat: WeChatServer, client: Any) -> None:
    first = client.access_token
    assert client_of(wechat).access_token == first  # stable: every process gets the same
    classic = client_of(wechat, WeChatClient)
    old = classic.access_token
    assert old not in (first, classic.fetch_access_token()["access_token"])
    wechat.tokens.revoke()
    assert code(client.menu.get) == 40001
    client.fetch_access_token()
    assert client.menu.get() is None
    wechat.advance(7300)
    assert code(lambda: client.menu.create(MENU)) == 42001
    client.session.set(client.access_token_key, "short")
    assert code(lambda: client.menu.create(MENU)) == 40014
    wechat.fail(40164, on="stable_token")
    with pytest.raises(WeChatClientException, match=r"invalid ip 203\.0\.113\.9 .* not in whitelist"):
        client.fetch_access_token()


def test_quota_of_a_message_and_of_a_moment(wechat: WeChatServer, sender: WeChatSender, client: Any) -> None:
    def say() -> int | None:
        return code(lambda: client.message.send_text(WANG, "好"))

    assert say() == 40003
    wechat.follow(WANG)
    assert say() == 45015
    sender.send(payloads.click("repair"))
    assert [say() for _ in range(4)] == [0, 0, 0, 45047]
    wechat.advance(61)
    assert say() == 45015
    sender.send(payloads.text("空调不制冷"))
    assert [say() for _ in range(6)] == [0] * 5 + [45047]
    sender.send(payloads.unsubscribe())
    assert say() == 43004
    assert wechat.texts(WANG) == ["好"] * 8


def test_other_calls(wechat: WeChatServer, sender: WeChatSender, client: Any) -> None:
    sender.send(payloads.consent("T1"))
    wechat.templates["T1"] = {"thing1"}
    filled = {"thing1": {"value": "已派工"}}
    assert code(lambda: client.message.send_template(WANG, "T1", filled)) == 0
    assert code(lambda: client.message.send_template(WANG, "T2", filled)) == 40037
    assert code(lambda: client.message.send_subscribe_message(WANG, "T1", filled)) == 0
    assert code(lambda: client.message.send_subscribe_message(WANG, "T1", filled)) == 43101
    sender.send(payloads.text("你好"))
    menu = {"head_content": "解决了吗", "list": [{"id": "1", "content": "解决了"}], "tail_content": "谢谢"}
    assert code(lambda: client.message.send_msg_menu(WANG, menu)) == 0
    assert code(lambda: client.post("message/custom/typing", data={"touser": WANG, "command": "Typing"})) == 0
    assert client.menu.create(MENU)["errcode"] == 0 and client.menu.get()["menu"] == MENU
    scene = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "t0ken"}}}
    assert wechat.scenes[client.qrcode.create(scene)["ticket"]] == "t0ken"
    assert client.user.get(WANG)["subscribe"] == 1 and client.misc.get_wechat_ips()
    wechat.media["m1"] = Media(b"\xff\xd8", until=wechat.now() + 60)
    assert client.media.download("m1").content == b"\xff\xd8"
    wechat.advance(60)
    assert code(lambda: client.media.download("m1")) == 40007


def test_failures(wechat: WeChatServer, sender: WeChatSender, client: Any) -> None:
    sender.send(payloads.text("你好"))

    def say() -> int | None:
        return code(lambda: client.message.send_text(WANG, "好"))

    for errcode in (45047, 40001, 45009, -1):
        wechat.fail(errcode, on="message/custom/send", to=WANG, times=1)
        assert say() == errcode
    wechat.fail(tencent.server_error(), times=1)
    assert say() is None
    wechat.fail(tencent.slow(2), times=1)
    with pytest.raises(OSError):
        client.get("menu/get", timeout=0.1)
    wechat.fail(tencent.dropped(effect=True), on="message/custom/send", times=1)
    with pytest.raises(OSError):
        say()
    assert wechat.texts(WANG) == ["好"]
    assert say() == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.message.send_text(WANG, "长" * 683),
        lambda client: client.message.send_text(WANG, ""),
        lambda client: client.post("message/custom/send", data={"touser": WANG, "msgtype": "txt"}),
        lambda client: client.post(
            "message/custom/send",
            data={"touser": WANG, "msgtype": "text", "text": {"content": "好"}, "to": "x"},
        ),
        lambda client: client.menu.create(
            {"button": [{"type": "click", "name": "太长太长太长", "key": "a"}]}
        ),
        lambda client: client.menu.create({"button": 4 * MENU["button"]}),
        lambda client: client.post(
            "message/template/send", data={"touser": WANG, "template_id": "T", "data": []}
        ),
    ],
)
def test_a_wrong_call_is_refused_and_recorded(call: Callable[[Any], Any]) -> None:
    with WeChatServer() as server:
        server.templates["T"] = set()
        server.follow(WANG).ledger.grant("message", server.now())
        assert code(lambda: call(client_of(server))) not in (None, 0)
        assert len(server.violations) == 1 and server.shown == []


@pytest.mark.parametrize("mode", ["safe", "plain", "compat"])
def test_a_message_and_its_passive_reply(
    wechat: WeChatServer, house: WeChatHouse, sender: WeChatSender, mode: str
) -> None:
    sender.mode, house.says = mode, "收到，工单 2611220001"
    assert sender.verify("echo-1").body == "echo-1"
    delivered = sender.send(payloads.text("空调 ]]> 漏水 🎉"))
    assert house.got[0].content == "空调 ]]> 漏水 🎉" and delivered.text == house.says
    assert [(s.how, s.text) for s in wechat.shown] == [("passive", house.says)]


def every_payload() -> list[payloads.Fields]:
    said = [payloads.text("你好"), payloads.menu_answer("1", "解决了"), payloads.unsupported()]
    said += [
        payloads.image(),
        payloads.voice(),
        payloads.voice(recognition=""),
        payloads.voice(recognition="漏水"),
    ]
    said += [payloads.video(), payloads.video(short=True), payloads.location(), payloads.link()]
    said += [
        payloads.message("hologram"),
        payloads.subscribe(),
        payloads.subscribe("t0ken"),
        payloads.scan("t0ken"),
    ]
    said += [payloads.click("repair"), payloads.view("https://example.cn"), payloads.position()]
    return [*said, payloads.template_finished(1), payloads.consent("T1"), payloads.unsubscribe()]


def test_every_payload_is_readable(house: WeChatHouse, sender: WeChatSender) -> None:
    assert all(sender.send(payload).ok for payload in every_payload())
    kinds = [type(message).__name__ for message in house.got]
    assert kinds[12:15] == ["SubscribeEvent", "SubscribeScanEvent", "ScanEvent"]
    assert house.got[13].scene_id == house.got[14].scene_id == "t0ken"
    assert house.got[6].recognition == "漏水" and house.got[9].location == ("30.657", "104.066")


def test_patience(wechat: WeChatServer, house: WeChatHouse, sender: WeChatSender) -> None:
    sender.callback.patience, house.slow = 0.3, 1
    delivered = sender.send(payloads.text("你好"))
    assert [each.status for each in delivered.tries] == [0, 0, 0] and not delivered.ok
    assert wechat.texts(WANG) == [BROKEN]
    sender.callback.patience, house.slow = 5, 0
    assert len(sender.send(payloads.text("你好"), at_once=True).tries) == 3
    assert house.posts == 6


def test_a_forged_request(wechat: WeChatServer, house: WeChatHouse, sender: WeChatSender) -> None:
    for forged in ({"owner": "wx-somebody-else"}, {"cipher": "Z2FyYmFnZQ=="}, {"msg_signature": "0" * 40}):
        assert not sender.send(payloads.text("你好"), tries=1, **forged).ok
    assert house.got == []


def test_force_refresh_is_rationed(wechat: WeChatServer, client: Any) -> None:
    def force() -> int:
        body = {"grant_type": "client_credential", "appid": wechat.app_id, "secret": wechat.secret}
        url = "https://api.weixin.qq.com/cgi-bin/stable_token"
        return int(client._http.post(url, json=body | {"force_refresh": True}).json().get("errcode", 0))

    old = client.access_token
    assert [force(), force()] == [0, 45011]  # 30 seconds apart
    assert code(lambda: client.menu.create(MENU)) == 40001 and client.access_token == old
    for _ in range(19):
        wechat.advance(30)
        assert force() == 0
    wechat.advance(30)
    assert force() == 45009  # twenty a day


def test_a_picture_is_uploaded_and_sent(wechat: WeChatServer, sender: WeChatSender, client: Any) -> None:
    sender.send(payloads.text("图呢"))
    media_id = client.media.upload("image", ("code.png", b"\x89PNG\r\n\x1a\n"))["media_id"]
    assert code(lambda: client.message.send_image(WANG, media_id)) == 0
    assert code(lambda: client.message.send_image(WANG, "nothing")) == 40007
    assert (
        wechat.shown[-1].content == {"media_id": media_id}
        and client.media.download(media_id).content[:4] == b"\x89PNG"
    )

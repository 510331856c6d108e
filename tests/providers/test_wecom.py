"""The local qyapi.weixin.qq.com, and WeCom's calls, against wechatpy.enterprise."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from wechatpy.enterprise import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.providers.house import WeComHouse
from tests.providers.redirect import to_local
from tests.providers.wecom import events
from tests.providers.wecom.sender import WeComSender
from tests.providers.wecom.server import WeComServer

LI, ZHAO = events.LI, events.ZHAO


def client_of(server: WeComServer) -> Any:
    return to_local(WeChatClient(server.corp_id, server.secret, auto_retry=False), server.url)


def code(call: Callable[[], Any]) -> int:
    try:
        return int(call()["errcode"])
    except WeChatClientException as error:
        return int(error.errcode)


def card(task_id: str = "T2611220001-1", **more: Any) -> dict[str, Any]:
    buttons = [{"text": "接单", "key": "accept"}, {"text": "转上级", "key": "escalate"}]
    content = {"card_type": "button_interaction", "main_title": {"title": "紧急工单"}, "task_id": task_id}
    return {"msgtype": "template_card", "template_card": content | {"button_list": buttons} | more}


@pytest.fixture
def client(wecom: WeComServer) -> Any:
    wecom.hire(LI, ZHAO)
    return client_of(wecom)


@pytest.fixture
def sender(wecom: WeComServer) -> Iterator[WeComSender]:
    with WeComHouse(wecom.corp_id) as house:
        sender = WeComSender(wecom, f"{house.url}/webhooks/wecom")
        sender.house = house  # type: ignore[attr-defined]
        yield sender


def test_who_gets_a_message(wecom: WeComServer, client: Any) -> None:
    wecom.hire("WuZheng", licensed=False)
    answer = client.message.send_text(wecom.agent_id, [LI, "Nobody", "WuZheng"], "新工单")
    assert answer["invaliduser"] == "Nobody" and answer["unlicenseduser"] == "WuZheng" and answer["msgid"]
    assert code(lambda: client.message.send_text(wecom.agent_id, ["Nobody"], "新工单")) == 81013
    assert [shown.userid for shown in wecom.shown] == [LI]


def test_what_is_dropped_without_a_word(wecom: WeComServer, client: Any) -> None:
    once = {"msgtype": "text", "text": {"content": "第1次提醒"}, "enable_duplicate_check": 1}
    assert [code(lambda: client.message.send(wecom.agent_id, [LI], msg=dict(once))) for _ in range(2)] == [
        0,
        0,
    ]
    for number in range(40):
        client.message.send_text(wecom.agent_id, [LI], f"第{number}条")
    assert len(wecom.texts(LI)) == 30


def test_a_card_is_pressed_and_changed_once(wecom: WeComServer, client: Any, sender: WeComSender) -> None:
    sent = client.message.send(wecom.agent_id, [LI, ZHAO], msg=card())
    sender.send(wecom.press(LI, "接单"))
    (event,) = sender.house.got  # type: ignore[attr-defined]
    assert event._data["TaskId"] == "T2611220001-1" and event._data["EventKey"] == "accept"

    def change(response_code: str) -> int:
        body = {"userids": [LI], "agentid": wecom.agent_id, "response_code": response_code}
        body |= {"button": {"replace_name": "已接单"}}
        return code(lambda: client.post("message/update_template_card", data=body))

    assert [change(event._data["ResponseCode"]) for _ in range(2)] == [0, 40058]
    assert wecom.cards["T2611220001-1"].state == {LI: "已接单"}
    wecom.advance(73 * 3600)
    client.fetch_access_token()
    assert change(sent["response_code"]) == 40058


def test_the_group_robot(wecom: WeComServer) -> None:
    def say(key: str) -> int:
        body = {"msgtype": "text", "text": {"content": "升级", "mentioned_mobile_list": ["13800138000"]}}
        url = f"{wecom.url}/cgi-bin/webhook/send"
        return int(httpx.post(url, params={"key": key}, json=body, trust_env=False).json()["errcode"])

    assert [say("local-robot-key") for _ in range(21)] == [0] * 20 + [45009]
    assert say("wrong") == 93000


def test_tokens_and_addresses(wecom: WeComServer, client: Any) -> None:
    assert client.access_token == client_of(wecom).access_token
    wecom.tokens.expire()
    assert code(lambda: client.message.send_text(wecom.agent_id, [LI], "好")) == 42001
    wecom.tokens.revoke()
    assert code(lambda: client.message.send_text(wecom.agent_id, [LI], "好")) == 40014
    wecom.fail(60020)
    with pytest.raises(WeChatClientException, match=r"60020.*from ip: 203\.0\.113\.9"):
        client.fetch_access_token()


@pytest.mark.parametrize(
    "message",
    [
        {"msgtype": "text", "text": {"content": "长" * 683}},
        {"msgtype": "text", "text": {"content": "好"}, "enable_duplicate": 1},
        card(task_id=""),
        card(task_id="x" * 129),
        card(button_list=[]),
        card(button_list=[{"text": "接单"}]),
        card(card_type="button"),
    ],
)
def test_a_wrong_call_is_refused_and_recorded(message: dict[str, Any]) -> None:
    with WeComServer() as server:
        server.hire(LI)
        assert code(lambda: client_of(server).message.send(server.agent_id, [LI], msg=dict(message))) != 0
        assert len(server.violations) == 1 and server.shown == []


def test_a_task_id_is_used_once() -> None:
    with WeComServer() as server:
        server.hire(LI)
        client = client_of(server)
        assert [code(lambda: client.message.send(server.agent_id, [LI], msg=card())) for _ in range(2)] == [
            0,
            40058,
        ]
        assert len(server.violations) == 1


def test_callbacks(wecom: WeComServer, sender: WeComSender) -> None:
    house = sender.house  # type: ignore[attr-defined]
    assert sender.verify("echo-1").body == "echo-1"
    house.says = "已接单"
    delivered = sender.send(events.text("#2611220001 接单"))
    assert delivered.text == "已接单" and wecom.texts(LI) == ["已接单"]
    for payload in (
        events.enter_agent(),
        events.image(),
        events.voice(),
        events.location(),
        events.subscribe(),
    ):
        assert sender.send(payload).ok
    assert sender.send(events.joined_group("wr1", "wmWang", "v1", "v2")).ok
    assert not sender.send(events.text("好"), tries=1, owner="ww-somebody-else").ok


def test_media(wecom: WeComServer, client: Any) -> None:
    wecom.media["m1"] = (b"\xff\xd8", "image/jpeg")
    # Not client.media.download: it leaves the client's session, and with it any redirection and time limit.
    assert client.get("media/get", params={"media_id": "m1"}).content == b"\xff\xd8"
    assert code(lambda: client.get("media/get", params={"media_id": "gone"})) == 40007


def test_a_passive_reply_changes_the_card_of_who_pressed(
    wecom: WeComServer, client: Any, sender: WeComSender
) -> None:
    client.message.send(wecom.agent_id, [LI, ZHAO], msg=card())
    pressed = wecom.press(LI, "接单")
    reply = {"ToUserName": LI, "FromUserName": wecom.corp_id, "MsgType": "update_button"}
    wecom.show_reply(reply | {"Button.ReplaceName": "已接单"}, str(pressed["TaskId"]))
    assert wecom.cards["T2611220001-1"].state == {LI: "已接单"}

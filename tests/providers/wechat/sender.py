"""WeChat's server, calling our webhook and reading our passive reply."""

import time
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.providers import envelope
from tests.providers.callback import Callback, Delivered, Try
from tests.providers.envelope import Fields
from tests.providers.wechat.server import WeChatServer
from tests.waiting import PATIENCE

BROKEN = "该公众号提供的服务出现故障，请稍后再试"
REPLIES = {"text", "image", "voice", "video", "music", "news", "transfer_customer_service"}
# Events that give customer-service messages. Of the menu's buttons only these kinds do: a link (VIEW) does not.
GIVING = {"CLICK", "scancode_push", "scancode_waitmsg", "SCAN", "subscribe"}


class WeChatSender:
    """`mode`: safe (encrypted), plain, or compat (both; the default of no console, but found in the field)."""

    def __init__(
        self,
        server: WeChatServer,
        url: str,
        token: str = envelope.TOKEN,
        aes_key: str = envelope.AES_KEY,
        mode: str = "safe",
        client: httpx.Client | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.server, self.token, self.aes_key, self.mode = server, token, aes_key, mode
        self.callback = Callback(url, client, patience)

    def verify(self, echo: str = "5231412345", **wrong: str) -> Try:
        """What the console does on 提交: the answer must be the echo itself."""
        return self.callback.get(self.query() | {"echostr": echo} | wrong)

    def send(self, message: Fields | str, tries: int = 3, at_once: bool = False, **forged: Any) -> Delivered:
        """Deliver a message or event; a string goes as the XML it is. `forged`: see `sealed`."""
        fields: dict[str, Any] = envelope.from_xml(message) if isinstance(message, str) else dict(message)
        self.happened(fields)
        return self.received(
            self.callback.post(lambda: self.sealed(message, **forged), tries, at_once), fields
        )

    def prepare(self, message: Fields | str, **forged: Any) -> tuple[str, str]:
        """The signed address and the body, for tests and benchmarks that make the request themselves."""
        query, body = self.sealed(message, **forged)
        return f"{self.callback.url}?{urlencode(query)}", body

    def query(self) -> dict[str, str]:
        timestamp, nonce = str(int(time.time())), envelope.new_nonce()
        signature = envelope.sign(self.token, timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce}

    def sealed(
        self,
        message: Fields | str,
        owner: str | None = None,
        cipher: str | None = None,
        plain: Fields | None = None,
        **wrong: str,
    ) -> tuple[dict[str, str], str]:
        """Query and body of one request in the mode of this account.

        To forge: another `owner` (app id), any `cipher` text with a right signature, another `plain` part in
        compat mode, and any query parameter by its name.
        """
        fields: dict[str, Any] = {} if isinstance(message, str) else dict(message)
        xml = message if isinstance(message, str) else envelope.to_xml(message)
        query = self.query() | {"openid": str(fields.get("FromUserName", ""))}
        if self.mode == "plain":
            return query | wrong, xml
        cipher = cipher or envelope.encrypt(xml, self.aes_key, owner or self.server.app_id)
        proof = envelope.sign(self.token, query["timestamp"], query["nonce"], cipher)
        query |= {"encrypt_type": "aes", "msg_signature": proof}
        open_part = (
            (plain or fields) if self.mode == "compat" else {"ToUserName": fields.get("ToUserName", "")}
        )
        return query | wrong, envelope.to_xml(open_part | {"Encrypt": cipher})

    def happened(self, fields: dict[str, Any]) -> None:
        """What the message means for the user's quota."""
        openid, event = str(fields.get("FromUserName", "")), str(fields.get("Event", ""))
        now = self.server.now()
        follower = self.server.follow(openid)
        if event == "unsubscribe":
            follower.subscribed = False
        if event == "subscribe":
            follower.subscribed = True
            follower.scene = str(fields.get("EventKey", "")).removeprefix("qrscene_")
        if not event or event in GIVING:
            # 点击菜单消息 counts like a click of the menu: developers.weixin.qq.com, guide/product/kf/intro
            tapped = bool(event or fields.get("bizmsgmenuid"))
            follower.ledger.grant("moment" if tapped else "message", now)
            follower.last_message = now
        for item in (fields.get("SubscribeMsgPopupEvent") or {}).get("List", []):
            if item["SubscribeStatusString"] == "accept":
                template = item["TemplateId"]
                follower.consents[template] = follower.consents.get(template, 0) + 1

    def received(self, done: list[Try], fields: dict[str, Any]) -> Delivered:
        """The user sees the reply, nothing, or that the account is out of order."""
        delivered = Delivered(done)
        openid = str(fields.get("FromUserName", ""))
        answered = [each for each in done if each.ok and each.body not in ("", "success")]
        try:
            if not any(each.ok for each in done):
                raise ValueError("no answer")
            if answered:
                delivered.reply = self.read(answered[-1].body, fields)
        except Exception as problem:
            delivered.broken = f"{type(problem).__name__}: {problem}"
            if str(fields.get("Event", "")) in GIVING | {""}:  # behind other events nobody waits
                self.server.show(openid, "failure", "text", BROKEN)
        if delivered.reply:
            text = delivered.reply.get("Content", "")
            self.server.show(openid, "passive", delivered.reply["MsgType"], text, dict(delivered.reply))
        return delivered

    def read(self, body: str, fields: dict[str, Any]) -> dict[str, str]:
        if self.mode == "plain":
            reply = envelope.from_xml(body)
        else:
            reply = envelope.opened(body, self.aes_key, self.token, self.server.app_id)
        if reply["ToUserName"] != fields.get("FromUserName") or reply["FromUserName"] != fields.get(
            "ToUserName"
        ):
            raise ValueError("the reply goes to somebody else")
        if reply["MsgType"] not in REPLIES or not reply["CreateTime"].isdigit():
            raise ValueError(f"not a reply: {reply}")
        if len(reply.get("Content", "").encode()) > 2048:
            raise ValueError("the reply is too long")
        return reply

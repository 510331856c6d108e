"""WeCom's server, calling our webhook: always encrypted."""

import time
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.providers import envelope
from tests.providers.callback import Callback, Delivered, Try
from tests.providers.envelope import Fields
from tests.providers.wecom.server import WeComServer
from tests.waiting import PATIENCE

REPLIES = {"text", "image", "voice", "video", "news", "update_button", "update_template_card"}


class WeComSender:
    def __init__(
        self,
        server: WeComServer,
        url: str,
        token: str = envelope.TOKEN,
        aes_key: str = envelope.AES_KEY,
        client: httpx.Client | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.server, self.token, self.aes_key = server, token, aes_key
        self.callback = Callback(url, client, patience)

    def verify(self, echo: str = "1616140317555161061", owner: str | None = None, **wrong: str) -> Try:
        """What the console does on 保存: the echo comes encrypted and must come back in the clear."""
        cipher = envelope.encrypt(echo, self.aes_key, owner or self.server.corp_id)
        return self.callback.get(self.query(cipher) | {"echostr": cipher} | wrong)

    def send(self, message: Fields | str, tries: int = 3, at_once: bool = False, **forged: Any) -> Delivered:
        """Deliver a message or event; a string goes as the XML it is. `forged`: see `sealed`."""
        delivered = Delivered(self.callback.post(lambda: self.sealed(message, **forged), tries, at_once))
        answered = [each.body for each in delivered.tries if each.ok and each.body not in ("", "success")]
        try:
            if answered:
                delivered.reply = self.read(answered[-1])
        except Exception as problem:
            delivered.broken = f"{type(problem).__name__}: {problem}"
        if delivered.reply:
            task = "" if isinstance(message, str) else str(message.get("TaskId", ""))
            self.server.show_reply(delivered.reply, task)
        return delivered

    def prepare(self, message: Fields | str, **forged: Any) -> tuple[str, str]:
        """The signed address and the body, for tests and benchmarks that make the request themselves."""
        query, body = self.sealed(message, **forged)
        return f"{self.callback.url}?{urlencode(query)}", body

    def query(self, cipher: str) -> dict[str, str]:
        timestamp, nonce = str(int(time.time())), envelope.new_nonce()
        proof = envelope.sign(self.token, timestamp, nonce, cipher)
        return {"msg_signature": proof, "timestamp": timestamp, "nonce": nonce}

    def sealed(
        self, message: Fields | str, owner: str | None = None, cipher: str | None = None, **wrong: str
    ) -> tuple[dict[str, str], str]:
        """Query and body of one request.

        To forge: another `owner` (corp id), any `cipher` text with a right signature, any query parameter.
        """
        xml = message if isinstance(message, str) else envelope.to_xml(message)
        cipher = cipher or envelope.encrypt(xml, self.aes_key, owner or self.server.corp_id)
        agent = "" if isinstance(message, str) else message.get("AgentID", "")
        outer: Fields = {"ToUserName": self.server.corp_id, "AgentID": agent, "Encrypt": cipher}
        return self.query(cipher) | wrong, envelope.to_xml(outer)

    def read(self, body: str) -> dict[str, str]:
        reply = envelope.opened(body, self.aes_key, self.token, self.server.corp_id)
        if reply["MsgType"] not in REPLIES:
            raise ValueError(f"not a reply: {reply}")
        return reply

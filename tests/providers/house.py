"""A small webhook on wechatpy, to prove the callers against: it keeps what it got and answers as told."""

import time
from typing import Any

from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise import create_reply as create_staff_reply
from wechatpy.enterprise import parse_message as parse_staff_message
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto

from tests.providers.envelope import AES_KEY, TOKEN
from tests.providers.http import Answer, HttpServer, Request


class WeChatHouse(HttpServer):
    def __init__(self, app_id: str, says: str = "") -> None:
        self.crypto = WeChatCrypto(TOKEN, AES_KEY, app_id)
        self.says, self.slow, self.got = says, 0.0, list[Any]()
        self.posts = 0
        super().__init__()

    def answer(self, request: Request) -> Answer:
        if request.verb == "GET":
            return Answer(request.query["echostr"].encode(), content_type="text/plain")
        with self.lock:
            self.posts += 1
        message = parse_message(self.opened(request))
        self.got.append(message)
        time.sleep(self.slow)
        reply = create_reply(self.says, message).render() if self.says else "success"
        if self.says and "msg_signature" in request.query:
            reply = self.crypto.encrypt_message(reply, request.query["nonce"])
        return Answer(reply.encode(), content_type="text/xml")

    def opened(self, request: Request) -> str:
        query = request.query
        if "msg_signature" not in query:
            return request.body.decode()
        return self.crypto.decrypt_message(
            request.body, query["msg_signature"], query["timestamp"], query["nonce"]
        )


class WeComHouse(HttpServer):
    def __init__(self, corp_id: str, says: str = "") -> None:
        self.crypto = WeComCrypto(TOKEN, AES_KEY, corp_id)
        self.says, self.got = says, list[Any]()
        super().__init__()

    def answer(self, request: Request) -> Answer:
        query = request.query
        proof = query["msg_signature"], query["timestamp"], query["nonce"]
        if request.verb == "GET":
            return Answer(self.crypto.check_signature(*proof, query["echostr"]).encode())
        message = parse_staff_message(self.crypto.decrypt_message(request.body, *proof))
        self.got.append(message)
        reply = create_staff_reply(self.says, message).render() if self.says else ""
        return Answer(self.crypto.encrypt_message(reply, query["nonce"]).encode() if reply else b"")


class UpdateHouse(HttpServer):
    """A Telegram webhook: refuses so many times first."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals, self.got, self.secrets = refusals, list[bytes](), set[str]()
        super().__init__()

    def answer(self, request: Request) -> Answer:
        with self.lock:
            self.got.append(request.body)
            self.secrets.add(request.headers.get("x-telegram-bot-api-secret-token", ""))
            return Answer({}, status=503 if len(self.got) <= self.refusals else 200)

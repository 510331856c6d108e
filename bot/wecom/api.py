"""qyapi.weixin.qq.com through wechatpy's client, with a time limit, one token for all processes and one new try."""

import threading
from typing import Any
from urllib.parse import urlsplit

import requests
from wechatpy.enterprise import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.wecom.errors import STALE_TOKEN, Failed
from core.messaging.channel import Later
from core.messaging.credential import Credentials

SECONDS = 8.0
_LOCAL = ("127.0.0.1", "localhost", "::1")


class WeComApi:
    """``call`` raises Failed with WeCom's number, or Later when there was no answer.

    No exception of requests leaves here: its text holds the address, and that holds the token.
    """

    def __init__(
        self, *, corp_id: str, agent_id: str, secret: str, url: str, credentials: Credentials
    ) -> None:
        self.corp_id, self.agent_id, self._secret = corp_id, int(agent_id), secret
        self._url, self._credentials = url.rstrip("/"), credentials
        self._threads = threading.local()  # a requests session belongs to one thread

    def call(self, method: str, data: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
        """One API method; with ``data`` it is posted."""
        token = self.token()
        try:
            return self._ask(method, data, {**params, "access_token": token})
        except Failed as failed:
            if failed.code not in STALE_TOKEN:
                raise
        fresh = self.token(refused=token)
        return self._ask(method, data, {**params, "access_token": fresh})

    def token(self, refused: str | None = None) -> str:
        name = f"wecom:{self.corp_id}:{self.agent_id}"
        return self._credentials.token(name, lambda _force: self.fetch_token(), refused=refused)

    def ask_for_token(self) -> dict[str, Any]:
        """WeCom repeats the same one as long as it is good."""
        who = {"corpid": self.corp_id, "corpsecret": self._secret, "access_token": None}  # None: leave it out
        return self._ask("gettoken", None, who)

    def fetch_token(self) -> tuple[str, float]:
        """A token and the seconds it lives."""
        try:
            answer = self.ask_for_token()
            return str(answer["access_token"]), float(answer.get("expires_in", 7200))
        except Failed as failed:
            raise Later(f"no WeCom token: {failed}", delay=10) from None
        except (KeyError, ValueError):
            raise Later("no WeCom token: the answer has none", delay=10) from None

    def ask(self, method: str, data: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
        """A question with a token of one's own: checks do not touch the shared one."""
        return self._ask(method, data, params)

    def _ask(self, method: str, data: dict[str, Any] | None, params: dict[str, Any]) -> dict[str, Any]:
        client = self._client()
        try:
            if data is None:
                answer = client.get(method, params=params)
            else:
                answer = client.post(method, data=data, params=params)
        except WeChatClientException as refused:
            if refused.errcode is None:
                raise Later("wecom answered with an HTTP error") from None
            raise Failed(int(refused.errcode), str(refused.errmsg)) from None
        except (requests.RequestException, ValueError) as lost:
            raise Later(f"wecom: {type(lost).__name__}") from None
        if not isinstance(answer, dict):
            raise Later("wecom answered with something that is not JSON")
        return answer

    def _client(self) -> Any:
        client = getattr(self._threads, "client", None)
        if client is None:
            # auto_retry would ask for tokens without end (wechatpy 1.8.18), and it knows its host by heart.
            client = WeChatClient(self.corp_id, self._secret, timeout=SECONDS, auto_retry=False)
            client.API_BASE_URL = f"{self._url}/cgi-bin/"
            client._http.trust_env = urlsplit(self._url).hostname not in _LOCAL
            self._threads.client = client
        return client

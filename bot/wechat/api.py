"""Calls to api.weixin.qq.com through wechatpy, with what it lacks: time limits, one shared token, one retry.

No exception that leaves here names an address: those carry the access token.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from requests import RequestException, Response
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.wechat.errors import TokenRefused, meaning
from core.messaging.channel import Later
from core.messaging.credential import Credentials

TIMEOUT = (3.05, 8.0)  # seconds to connect, and between two bytes
T = TypeVar("T")


class Api:
    """One account. Raises Later, Never or Spent (bot/wechat/errors.py)."""

    def __init__(self, app_id: str, secret: str, url: str, credentials: Credentials) -> None:
        self._app_id, self._secret, self._url = app_id, secret, url.rstrip("/")
        self._credentials, self._own = credentials, threading.local()

    @property
    def url(self) -> str:
        return self._url

    def call(self, do: Callable[[WeChatClient], Any]) -> dict[str, Any]:
        """The answer of one of the client's methods, an object without an errcode."""
        told = self.bare(do)
        if not isinstance(told, dict):  # wechatpy hands on what it cannot read as if it were well
            raise Later("an answer that is no JSON object")
        return told

    def bare(self, do: Callable[[WeChatClient], T]) -> T:
        """``do`` with a living token, once more with another one when it is refused, and never a third time."""
        token = self._token()
        try:
            return self._tried(do, token)
        except TokenRefused:
            fresh = self._token(refused=token)
        try:
            return self._tried(do, fresh)
        except TokenRefused as refused:
            raise Later(f"{refused}, and again with a new token", delay=60) from None

    def ask_token(self, refused: str | None = None) -> tuple[str, float]:
        """A token and the seconds it lives: the stable one, which is the same for everybody who asks.

        Only when that is the one just refused is another one forced: twenty times a day, 30 s apart.
        """
        value, seconds = self._stable(force=False)
        return self._stable(force=True) if value == refused else (value, seconds)

    def _token(self, refused: str | None = None) -> str:
        def ask(_force: bool) -> tuple[str, float]:
            return self.ask_token(refused)

        try:
            return self._credentials.token(f"wechat:{self._app_id}", ask, refused=refused)
        except TokenRefused as refusal:  # 40001 from the token call itself: the secret is wrong
            raise Later(str(refusal), delay=300) from None

    def _stable(self, *, force: bool) -> tuple[str, float]:
        body = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret}
        body |= {"force_refresh": True} if force else {}
        client, url = self._client(""), f"{self._url}/cgi-bin/stable_token"
        answer = guarded(partial(client._http.post, url, json=body, timeout=TIMEOUT))
        told = json_of(answer)
        if not told.get("access_token"):
            raise meaning(code_of(told), str(told.get("errmsg", "no token in the answer")))
        return str(told["access_token"]), float(told.get("expires_in", 7200))

    def _tried(self, do: Callable[[WeChatClient], T], token: str) -> T:
        return guarded(lambda: do(self._client(token)))

    def _client(self, token: str) -> WeChatClient:
        """One per thread, for requests' sessions are not made for several."""
        client = getattr(self._own, "client", None)
        if client is None:
            client = WeChatClient(self._app_id, self._secret, timeout=TIMEOUT, auto_retry=False)
            client.API_BASE_URL = f"{self._url}/cgi-bin/"
            self._own.client = client
        client.session.set(client.access_token_key, token)
        return client


def guarded(request: Callable[[], T]) -> T:
    """A request whose failures are ours to name."""
    try:
        return request()
    except WeChatClientException as error:
        if error.errcode is None:
            status = getattr(error.response, "status_code", "?")
            raise Later(f"HTTP {status}") from None
        raise meaning(int(error.errcode), str(error.errmsg)) from None
    except RequestException as error:  # its text has the address, and the address has the token
        raise Later(f"WeChat cannot be reached: {type(error).__name__}") from None
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
    ) as error:  # wechatpy, on an answer of another shape
        raise Later(f"an answer that cannot be read: {type(error).__name__}") from None


def json_of(answer: Response) -> dict[str, Any]:
    """The answer's object, empty for JSON of another kind; Later where it is none, or the status is not 200."""
    if answer.status_code != 200:
        raise Later(f"HTTP {answer.status_code}")
    try:
        told = answer.json()
    except ValueError:
        raise Later("an answer that is no JSON") from None
    return told if isinstance(told, dict) else {}


def code_of(told: dict[str, Any]) -> int:
    """WeChat's ``errcode``; -1 where there is none, as for its own "system busy"."""
    try:
        return int(told.get("errcode", -1))
    except (TypeError, ValueError):
        return -1

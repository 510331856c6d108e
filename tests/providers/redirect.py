"""wechatpy knows its hosts by heart; this sends it to a local server instead, with a time limit it does not set."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from wechatpy.client.base import BaseWeChatClient


class Redirect(HTTPAdapter):
    def __init__(self, to: str, timeout: float) -> None:
        self.to, self.timeout = urlsplit(to), timeout
        super().__init__()

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(str(request.url))
        request.url = urlunsplit(parts._replace(scheme=self.to.scheme, netloc=self.to.netloc))
        kwargs["timeout"] = kwargs.get("timeout") or self.timeout
        return super().send(request, *args, **kwargs)


def to_local(client: BaseWeChatClient, url: str, timeout: float = 3) -> BaseWeChatClient:
    client._http.mount("https://", Redirect(url, timeout))
    client._http.trust_env = False
    return client
